"""Every text of the page, in English and Chinese; and which of the two a browser asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's texts in one language."""

    language: Language
    service: str
    person: str
    person_short: str
    fresh: str
    language_label: str
    greeting: str
    greeting_more: str
    examples: str
    options: str
    transcript: str
    you: str
    assistant: str
    searching: str
    sources: str
    source: str
    page: str
    slide: str
    at: str
    version: str
    helpful: str
    unhelpful: str
    rate: str
    placeholder: str
    send: str
    waiting: str
    hint: str
    passage: str
    close: str
    gone: str
    record: str
    page_picture: str
    picture: str
    video: str
    audio: str
    request: str
    joined: str
    typing: str
    request_more: str
    contact: str
    contact_placeholder: str
    contact_stored: str
    save: str
    change: str
    withdraw: str
    end: str
    survey: str
    scores: tuple[str, str, str, str, str]
    survey_word: str
    survey_send: str
    survey_thanks: str
    survey_change: str
    too_fast: str
    too_long: str
    broken: str
    no_cookies: str
    own_window: str


EN = Texts(
    language="en",
    service="Customer service",
    person="Talk to a person",
    person_short="A person",
    fresh="New conversation",
    language_label="Language",
    greeting="Hello, how can we help?",
    greeting_more="Ask in your own words. Every statement in an answer shows the document it comes from.",
    examples="Example questions",
    options="Which do you mean?",
    transcript="Conversation",
    you="You",
    assistant="Assistant",
    searching="Looking it up…",
    sources="Sources",
    source="Source {number}: {title}",
    page="page {page}",
    slide="slide {page}",
    at="at {clock}",
    version="version {version}",
    helpful="This helped",
    unhelpful="This did not help",
    rate="Was this helpful?",
    placeholder="Write your question…",
    send="Send",
    waiting="Waiting to be sent:",
    hint="An automatic assistant answers from our published documents. Please do not send passwords or card numbers.",
    passage="Source",
    close="Close the source",
    gone="This passage has been changed or withdrawn since the answer was given, so it can no longer be shown.",
    record="From your own record, as it was when this was answered.",
    page_picture="Page {page} of the document",
    picture="Picture in the document, beside the cited text",
    video="Video: {title}",
    audio="Audio recording: {title}",
    request="Request no. {number} for a person is stored",
    typing="{agent} is writing…",
    joined="A person is with you (request no. {number})",
    request_more="Whoever takes it sees this whole conversation.",
    contact="E-mail or phone number (optional)",
    contact_placeholder="E-mail or phone (optional)",
    contact_stored="You can be reached at {contact}.",
    save="Save",
    change="Change",
    withdraw="I no longer need a person",
    end="End chat",
    survey="How satisfied are you with this conversation?",
    scores=("very dissatisfied", "dissatisfied", "neither", "satisfied", "very satisfied"),
    survey_word="In a word (optional)",
    survey_send="Send rating",
    survey_thanks="Thank you for your rating: {score} of 5, {meaning}.",
    survey_change="Change it",
    too_fast="These were many messages in a short time. Please wait {seconds} seconds and send it again: your text is still in "
    "the field below.",
    too_long="This is too long: at most {limit} characters fit. Please shorten it. Nothing was sent.",
    broken="That did not work, and nothing was changed. Please try again; if it persists, reload the page.",
    no_cookies="This page needs a cookie to know which conversation is yours. Please allow cookies and reload the page.",
    own_window="Or open the chat in a window of its own.",
)

ZH = Texts(
    language="zh",
    service="客户服务",
    person="转人工",
    person_short="人工",
    fresh="新对话",
    language_label="语言",
    greeting="您好，请问有什么可以帮您？",
    greeting_more="请直接用您自己的话提问。回答中的每一句话都会标明出自哪份文件。",
    examples="示例问题",
    options="您指的是哪一个？",
    transcript="对话",
    you="您",
    assistant="助手",
    searching="正在查找……",
    sources="来源",
    source="来源 {number}：{title}",
    page="第 {page} 页",
    slide="第 {page} 张幻灯片",
    at="{clock} 处",
    version="第 {version} 版",
    helpful="有帮助",
    unhelpful="没有帮助",
    rate="这个回答有帮助吗？",
    placeholder="请输入您的问题……",
    send="发送",
    waiting="等待发送：",
    hint="由自动助手根据我们公布的文件回答。请勿发送密码或银行卡号。",
    passage="来源",
    close="关闭来源",
    gone="自作出回答以来，这段内容已被修改或撤下，因此无法再显示。",
    record="来自您本人的记录，内容为回答时的状态。",
    page_picture="文件第 {page} 页",
    picture="文件中所引文字旁的图片",
    video="视频：{title}",
    audio="录音：{title}",
    request="人工服务请求已保存，编号 {number}",
    typing="{agent} 正在输入……",
    joined="人工客服已加入（请求编号 {number}）",
    request_more="接手的同事能看到完整的对话。",
    contact="电子邮箱或电话号码（选填）",
    contact_placeholder="邮箱或电话（选填）",
    contact_stored="联系方式：{contact}",
    save="保存",
    change="修改",
    withdraw="不再需要人工",
    end="结束对话",
    survey="您对这次对话满意吗？",
    scores=("非常不满意", "不满意", "一般", "满意", "非常满意"),
    survey_word="想说的话（选填）",
    survey_send="提交评价",
    survey_thanks="感谢您的评价：{score} 分（满分 5 分），{meaning}。",
    survey_change="修改评价",
    too_fast="您在短时间内发送了很多消息。请等待 {seconds} 秒后再发送，刚才的内容仍在下方输入框中。",
    too_long="内容过长：最多 {limit} 个字符。请缩短后再发送，刚才的内容没有发出。",
    broken="操作没有成功，也没有任何改动。请重试；如果仍然不行，请刷新页面。",
    no_cookies="本页面需要用 Cookie 来识别您的对话。请允许 Cookie 后刷新页面。",
    own_window="也可以在单独的窗口中打开对话。",
)

TEXTS: dict[Language, Texts] = {"en": EN, "zh": ZH}
LANGUAGE_COOKIE = "vouch_language"


def chosen(cookies: Mapping[str, str], accepted: str) -> Texts:
    """The language picked in the page, else the first one the browser asks for that we speak, else English."""
    names = [cookies.get(LANGUAGE_COOKIE, ""), *(part.split(";")[0] for part in accepted.split(","))]
    for name in names:
        match name.strip().lower()[:2]:
            case "en":
                return EN
            case "zh":
                return ZH
    return EN
