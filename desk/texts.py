"""What the desk itself says in a conversation. Nothing here promises what is not stored, nor a time."""

from __future__ import annotations

from collections.abc import Mapping

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


def say(texts: Mapping[str, tuple[str, ...]], language: Language, **values: object) -> tuple[AnswerSentence, ...]:
    """The sentences in this language, with the values filled in."""
    return tuple(AnswerSentence(text.format(**values)) for text in texts[language])
