"""What the desk itself says in a conversation. Nothing here promises what is not stored, nor a time that the shifts
do not give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desk.handoff import Kind
from desk.prospects import Prospect
from rag.types import AnswerSentence, Language

REQUESTED = {
    "en": (
        "Your request to talk to a person is stored; its number is {number}.",
        "The person who takes it sees this whole conversation, so you need not repeat anything.",
        "If you would like to be reached elsewhere, leave an e-mail address or a phone number below.",
    ),
    "zh": (
        "您转人工的请求已经保存，编号为 {number}。",
        "接手的同事能看到完整的对话，您不必重复说明。",
        "如果希望用其他方式联系您，请在下方留下电子邮箱或电话号码。",
    ),
}
ALREADY = {
    "en": ("You have asked for a person already: the request is stored, its number is {number}.",),
    "zh": ("您之前已经请求转人工：请求已保存，编号为 {number}。",),
}
FAILED = {
    "en": (
        "Something went wrong on our side, so there is no answer to this message.",
        "Your message is stored. Please try again, or ask to talk to a person.",
    ),
    "zh": ("我们这边出了问题，这条消息没有得到回答。", "您的消息已经保存。请再试一次，或者转人工。"),
}


# The desk's own lines in a conversation, by what was done. Whoever gets none sees what happened otherwise.
NOTICES: Mapping[Kind, Mapping[Language, str]] = {
    "reopened": {
        "en": "Your request {number} is open again and waits for a person.",
        "zh": "您的请求 {number} 已重新打开，正在等待人工处理。",
    },
    "claimed": {
        "en": "{agent} has joined and answers your request {number} here.",
        "zh": "{agent} 已加入对话，将在这里处理您的请求 {number}。",
    },
    "passed_on": {
        "en": "{agent} has passed your request {number} on. It waits for a person again.",
        "zh": "{agent} 已将您的请求 {number} 转交给其他同事，正在等待接手。",
    },
    "handed_back": {
        "en": "{agent} has left the conversation. The automatic assistant answers you again.",
        "zh": "{agent} 已离开对话。接下来由自动助手回答您。",
    },
    "resolved": {
        "en": "{agent} has closed your request {number}. If something is still open, just write here.",
        "zh": "{agent} 已完成您的请求 {number}。如果还有问题，请直接在这里留言。",
    },
    "delayed": {
        "en": "Your request {number} is still waiting: nobody has taken it yet. It now comes before others.",
        "zh": "您的请求 {number} 仍在等待，暂时还没有人接手。现在它的优先级已提高。",
    },
    "requeued": {
        "en": "The person who had your request {number} is no longer there. It waits for another one.",
        "zh": "之前处理您的请求 {number} 的同事已不在岗，请求正在等待其他同事接手。",
    },
    "withdrawn": {
        "en": "Your request {number} for a person is withdrawn. The automatic assistant answers you again.",
        "zh": "您转人工的请求 {number} 已撤回。接下来由自动助手回答您。",
    },
}
ENDED: Mapping[Language, str] = {
    "en": "You have ended this conversation. If something is still open, just write here.",
    "zh": "您已结束本次对话。如果还有问题，请直接在这里留言。",
}
POSITION: Mapping[Language, tuple[str, str]] = {  # for the next one, and for those behind
    "en": ("You are next in the queue.", "You are number {position} in the queue."),
    "zh": ("下一位就是您。", "您排在第 {position} 位。"),
}
PROSPECTS: Mapping[str, Mapping[Language, str]] = {
    "free": {"en": "Somebody is at work now.", "zh": "现在有同事在岗。"},
    "busy": {
        "en": "Everybody at work is with another customer now; requests are taken in turn.",
        "zh": "在岗的同事现在都在接待其他客户，请求会依次处理。",
    },
    "later": {
        "en": "Nobody is at work now. The next time somebody is there is {time}.",
        "zh": "现在没有同事在岗，下一次有人在岗的时间是 {time}。",
    },
    "never": {
        "en": "Nobody is at work now, and I do not know when somebody will be: please leave a way to reach you.",
        "zh": "现在没有同事在岗，我也不知道何时会有人，请留下您的联系方式。",
    },
}
_DAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def prospect(found: Prospect, language: Language) -> AnswerSentence:
    """When somebody will be there."""
    time = moment(found.time, language) if found.time else ""
    return AnswerSentence(PROSPECTS[found.kind][language].format(time=time))


def wait(position: int, found: Prospect | None, language: Language) -> str:
    """Where a customer stands in the queue, and when somebody will be there."""
    first, behind = POSITION[language]
    place = first if position == 1 else behind.format(position=position)
    return ("" if language == "zh" else " ").join((place, *((prospect(found, language).text,) if found else ())))


def moment(at: datetime, language: Language) -> str:
    """A moment as it is said to a customer, on the clock of its own zone, with the distance from UTC."""
    offset = at.strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC"
    if language == "zh":
        return f"{at.month}月{at.day}日（{_DAYS_ZH[at.weekday()]}）{at:%H:%M}（{zone}）"
    return f"{_DAYS[at.weekday()]} {at:%Y-%m-%d} at {at:%H:%M} ({zone})"


def say(texts: Mapping[str, tuple[str, ...]], language: Language, **values: object) -> tuple[AnswerSentence, ...]:
    """The sentences in this language, with the values filled in."""
    return tuple(AnswerSentence(text.format(**values)) for text in texts[language])
