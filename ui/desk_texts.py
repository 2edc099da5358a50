"""Every text of the agents' desk, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class DeskTexts:
    """The desk's texts in one language. Those with {number}, {name} … are filled in."""

    language: Language
    desk: str
    language_label: str
    log_out: str
    queue: str
    waiting: str
    mine: str
    search: str
    every_language: str
    every_reason: str
    nothing_waits: str
    nothing_mine: str
    nothing_found: str
    keys: str
    guest: str
    choose: str
    choose_more: str
    back: str
    details: str
    conversation: str
    customer: str
    assistant: str
    note: str
    note_hint: str
    take: str
    resolve: str
    hand_back: str
    hand_back_more: str
    pass_on: str
    pass_on_to: str
    team: str
    at_work: str
    away: str
    reply_to: str
    write_reply: str
    write_note: str
    reply: str
    send: str
    save_note: str
    ready: str
    suggestion: str
    suggestion_none: str
    use: str
    take_first: str
    theirs: str
    with_assistant: str
    is_resolved: str
    summary: str
    wants: str
    tried: str
    nothing_tried: str
    mood: str
    record: str
    no_record: str
    record_away: str
    orders: str
    complaints: str
    visits: str
    contact: str
    since: str
    promised: str
    reason: str
    confidence: str
    sources: str
    source: str
    close: str
    urgent: str
    raised: str
    for_you: str
    just_now: str
    minutes: str
    hours: str
    days: str
    logged_out: str
    broken: str
    states: Mapping[str, str]
    outcomes: Mapping[str, str]
    rules: Mapping[str, str]
    moods: Mapping[str, str]
    problems: Mapping[str, str]


EN = DeskTexts(
    language="en",
    desk="Desk",
    language_label="Language",
    log_out="Log out",
    queue="Conversations",
    waiting="Waiting",
    mine="Mine",
    search="Search",
    every_language="All languages",
    every_reason="All reasons",
    nothing_waits="Nobody is waiting. New conversations appear here by themselves.",
    nothing_mine="You have no conversation now. Take one from those that wait.",
    nothing_found="None of them matches the search.",
    keys="Alt: ↓ next · T take · R reply · N note",
    guest="Guest",
    choose="Choose a conversation",
    choose_more="On the left stands who waits, the most urgent first. Take one and answer here.",
    back="Back to the list",
    details="Details",
    conversation="Conversation",
    customer="Customer",
    assistant="Assistant",
    note="Private note",
    note_hint="Only colleagues see notes.",
    take="Take",
    resolve="Resolve",
    hand_back="Hand back",
    hand_back_more="Leave the conversation to the assistant",
    pass_on="Pass on",
    pass_on_to="Pass on to",
    team="Team",
    at_work="at work",
    away="not at work",
    reply_to="To the customer",
    write_reply="Write to the customer…",
    write_note="Write a note for your colleagues…",
    reply="Reply",
    send="Send",
    save_note="Save note",
    ready="Ready replies",
    suggestion="Suggested reply",
    suggestion_none="The documents hold no answer to the last message.",
    use="Put into the reply",
    take_first="Take the conversation to answer. Until then the assistant goes on answering.",
    theirs="{agent} has this conversation.",
    with_assistant="The assistant has this conversation again.",
    is_resolved="This is resolved. It opens again when the customer writes.",
    summary="Summary",
    wants="The customer wants",
    tried="What the assistant tried",
    nothing_tried="Nothing yet.",
    mood="Mood",
    record="Customer",
    no_record="A guest: nothing is known of them.",
    record_away="The record cannot be reached now.",
    orders="Orders",
    complaints="Complaints",
    visits="Visits",
    contact="Contact",
    since="customer since",
    promised="Told: somebody is there at {time}",
    reason="Why it is here",
    confidence="confidence {share}",
    sources="Sources",
    source="Source {number}: {title}",
    close="Close",
    urgent="Urgent",
    raised="Priority",
    for_you="For you",
    just_now="now",
    minutes="{count} min",
    hours="{count} h",
    days="{count} d",
    logged_out="You are no longer logged in.",
    broken="That did not work, and nothing was changed. Please try again.",
    states={"waiting": "waiting", "claimed": "taken", "resolved": "resolved", "assistant": "with the assistant"},
    outcomes={
        "answer": "answered",
        "clarify": "asked back",
        "decline": "found no answer",
        "hand_off": "handed over",
        "small_talk": "small talk",
    },
    rules={
        "asked_for_person": "asked for a person",
        "anger": "upset",
        "repeated": "asked again",
        "safety": "safety",
        "legal": "legal",
        "payment_dispute": "payment dispute",
        "cancellation": "wants to leave",
        "low_confidence": "assistant unsure",
        "vip": "VIP",
        "open_complaint": "open complaint",
    },
    moods={"satisfaction": "content", "anger": "angry", "urgency": "in a hurry", "frustration": "frustrated"},
    problems={
        "TAKEN": "A colleague was quicker: this conversation is taken.",
        "NOT_YOURS": "You do not have this conversation. Take it first.",
        "NOT_WAITING": "This conversation no longer waits.",
        "CHANGED": "Somebody changed this conversation just now. Look at it again.",
        "NO_TICKET": "There is no such conversation any more.",
        "EMPTY": "There is nothing to send.",
        "TOO_LONG": "This is too long. Please shorten it; nothing was sent.",
    },
)
ZH = DeskTexts(
    language="zh",
    desk="客服工作台",
    language_label="语言",
    log_out="退出登录",
    queue="对话列表",
    waiting="等待中",
    mine="我的",
    search="搜索",
    every_language="全部语言",
    every_reason="全部原因",
    nothing_waits="目前没有客户等待。新的对话会自动出现在这里。",
    nothing_mine="您目前没有对话，可以从等待列表中接手。",
    nothing_found="没有符合搜索条件的对话。",
    keys="Alt：↓ 下一个 · T 接手 · R 回复 · N 备注",
    guest="访客",
    choose="请选择一个对话",
    choose_more="左侧是等待的客户，最紧急的在最前面。接手后在这里回复。",
    back="返回列表",
    details="详情",
    conversation="对话",
    customer="客户",
    assistant="助手",
    note="内部备注",
    note_hint="备注只有同事可见。",
    take="接手",
    resolve="完成",
    hand_back="交还助手",
    hand_back_more="把对话交还给助手",
    pass_on="转交",
    pass_on_to="转交给",
    team="团队",
    at_work="在岗",
    away="不在岗",
    reply_to="给客户",
    write_reply="写给客户……",
    write_note="写给同事的备注……",
    reply="回复",
    send="发送",
    save_note="保存备注",
    ready="常用回复",
    suggestion="建议回复",
    suggestion_none="文件中没有能回答最后一条消息的内容。",
    use="填入回复",
    take_first="接手后才能回复。在此之前由助手继续回答。",
    theirs="{agent} 正在处理这个对话。",
    with_assistant="这个对话已交还给助手。",
    is_resolved="已完成。客户再次留言时会重新打开。",
    summary="摘要",
    wants="客户的诉求",
    tried="助手的尝试",
    nothing_tried="暂无。",
    mood="情绪",
    record="客户资料",
    no_record="访客，没有资料。",
    record_away="暂时无法读取客户资料。",
    orders="订单",
    complaints="投诉",
    visits="访问",
    contact="联系方式",
    since="注册于",
    promised="已告知客户：{time} 有人在岗",
    reason="转人工原因",
    confidence="置信度 {share}",
    sources="来源",
    source="来源 {number}：{title}",
    close="关闭",
    urgent="紧急",
    raised="优先",
    for_you="指定给您",
    just_now="刚刚",
    minutes="{count} 分钟",
    hours="{count} 小时",
    days="{count} 天",
    logged_out="您已退出登录。",
    broken="操作没有成功，也没有任何改动。请重试。",
    states={"waiting": "等待中", "claimed": "处理中", "resolved": "已完成", "assistant": "由助手处理"},
    outcomes={
        "answer": "已回答",
        "clarify": "已反问",
        "decline": "未找到答案",
        "hand_off": "已转人工",
        "small_talk": "寒暄",
    },
    rules={
        "asked_for_person": "要求人工",
        "anger": "情绪激动",
        "repeated": "重复提问",
        "safety": "安全",
        "legal": "法律",
        "payment_dispute": "付款争议",
        "cancellation": "打算离开",
        "low_confidence": "助手没有把握",
        "vip": "贵宾",
        "open_complaint": "有未结投诉",
    },
    moods={"satisfaction": "满意", "anger": "生气", "urgency": "着急", "frustration": "受挫"},
    problems={
        "TAKEN": "同事已先接手了这个对话。",
        "NOT_YOURS": "这个对话不在您手上，请先接手。",
        "NOT_WAITING": "这个对话已不在等待中。",
        "CHANGED": "这个对话刚刚被更改，请再看一下。",
        "NO_TICKET": "这个对话已不存在。",
        "EMPTY": "没有可发送的内容。",
        "TOO_LONG": "内容过长，请缩短；刚才的内容没有发出。",
    },
)
DESK_TEXTS: Mapping[Language, DeskTexts] = {"en": EN, "zh": ZH}
