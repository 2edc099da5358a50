"""Every text of the page of the gaps, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class GapsTexts:
    """In one language."""

    language: Language
    gaps: str
    studio: str
    insights: str
    views: str
    language_label: str
    log_out: str
    more: str
    open: str
    none_open: str
    counts: str
    documents: str
    no_documents: str
    states: Mapping[str, str]
    questions: str
    more_questions: str
    conversations: str
    roles: Mapping[str, str]
    tickets: Mapping[str, str]
    from_record: str
    more_lines: str
    draft: str
    draft_more: str
    by_model: str
    by_outline: str
    failed: str
    unproven: str
    text: str
    name: str
    folder: str
    top_folder: str
    cases: str
    cases_more: str
    stage: str
    stage_sure: Mapping[str, str]
    editors_stage: str
    not_stored: str
    back: str
    live_since: str
    not_live: str
    before: str
    after: str
    effect_more: str
    played: str
    not_played: str
    resolved: str
    results: Mapping[str, str]
    activity: str
    jobs: Mapping[str, str]
    job_states: Mapping[str, str]
    by: str
    too_much: str


EN = GapsTexts(
    language="en",
    gaps="Gaps",
    studio="Studio",
    insights="Insights",
    views="Views",
    language_label="Language",
    log_out="Log out",
    more="What customers asked in the last 30 days and the documents did not answer: declined, rated down, or handed over "
    "unresolved. Choose a gap to see who asked what, without who it was, and to write the document that closes it.",
    open="Open gaps",
    none_open="Nothing of the last 30 days is left open.",
    counts="questions: {count}, conversations: {conversations}, agents' answers: {answers}",
    documents="Documents written for gaps",
    no_documents="None yet.",
    states={
        "none": "not taken in yet", "refused": "refused", "live": "live", "staged": "staged", "withdrawn": "withdrawn",
    },
    questions="Questions",
    more_questions="{count} more",
    conversations="Conversations, and how people resolved them",
    roles={"customer": "Customer", "assistant": "Assistant", "agent": "Agent"},
    tickets={
        "": "no person was asked for", "waiting": "waits for a person", "claimed": "with an agent",
        "resolved": "resolved by an agent", "assistant": "back with the assistant",
    },
    from_record="(said from the customer's record; not shown)",
    more_lines="{count} more lines",
    draft="Draft a document",
    draft_more="From the questions and the agents' answers. Read it with care: names are not taken out of texts.",
    by_model="Written by {model}: {tokens} tokens, {cost}.",
    by_outline="An outline: the questions, and what agents answered.",
    failed="No model wrote it: {reason}",
    unproven="No agent's answer supports these sentences. Check them or take them out:",
    text="The document",
    name="File name",
    folder="Folder",
    top_folder="top folder",
    cases="Questions that become cases, one a line",
    cases_more="Each is expected to be answered citing this document. They are played once it is live.",
    stage="Stage",
    stage_sure={
        "review": "It goes into the knowledge folder and waits there to be published.",
        "auto": "It goes into the knowledge folder and is published at once (ingest.publish: auto).",
    },
    editors_stage="Only editors put documents into the knowledge.",
    not_stored="It could not be stored:",
    back="Back to the gaps",
    live_since="Live since {at} UTC",
    not_live="It is not live yet. Publish it in the studio; its cases are played then.",
    before="28 days before",
    after="Since then",
    effect_more="Conversations with such a question that the assistant resolved by itself, verified as in Insights, of all of "
    "them; with the 95 % interval. The questions the document was written for count before.",
    played="Its cases, as played on v{version}",
    not_played="Its cases were not played yet.",
    resolved="resolved",
    results={"resolved": "as expected", "failed": "not as expected", "unscored": "could not be scored"},
    activity="Activity",
    jobs={"draft": "Draft", "sync": "Stage", "play": "Play the cases"},
    job_states={"waiting": "waits", "running": "running", "done": "done", "failed": "not done"},
    by="by {name}",
    too_much="Too much is waiting to be done already. Please try again in a moment.",
)  # fmt: skip
ZH = GapsTexts(
    language="zh",
    gaps="缺口",
    studio="编辑台",
    insights="数据洞察",
    views="视图",
    language_label="语言",
    log_out="退出登录",
    more="最近 30 天顾客问过而文档未能回答的问题：被谢绝、被评为无帮助，或未解决即转人工。"
    "选择一个缺口，可查看相关对话（不显示是谁），并撰写补上它的文档。",
    open="待补的缺口",
    none_open="最近 30 天没有待补的缺口。",
    counts="{count} 个问题，{conversations} 次对话，{answers} 条客服回答",
    documents="为缺口撰写的文档",
    no_documents="还没有。",
    states={"none": "尚未入库", "refused": "被拒绝", "live": "已上线", "staged": "待发布", "withdrawn": "已撤下"},
    questions="问题",
    more_questions="另有 {count} 个",
    conversations="对话，以及人工如何解决",
    roles={"customer": "顾客", "assistant": "助手", "agent": "客服"},
    tickets={
        "": "未请求人工", "waiting": "等待人工", "claimed": "客服处理中", "resolved": "已由客服解决",
        "assistant": "已交还助手",
    },
    from_record="（内容来自顾客档案，不予显示）",
    more_lines="另有 {count} 行",
    draft="起草文档",
    draft_more="根据顾客的问题和客服的回答起草。请仔细阅读：文中的姓名不会自动去除。",
    by_model="由 {model} 撰写：{tokens} 个 token，费用 {cost}。",
    by_outline="提纲：顾客的问题和客服的回答。",
    failed="模型未能撰写：{reason}",
    unproven="以下句子没有客服回答作为依据，请核对或删除：",
    text="文档",
    name="文件名",
    folder="文件夹",
    top_folder="根文件夹",
    cases="将成为用例的问题，每行一个",
    cases_more="预期每个问题都能引用此文档得到回答。文档上线后即运行这些用例。",
    stage="提交",
    stage_sure={
        "review": "文档将存入知识文件夹，等待发布。",
        "auto": "文档将存入知识文件夹并立即发布（ingest.publish: auto）。",
    },
    editors_stage="只有编辑可以把文档放入知识库。",
    not_stored="未能保存：",
    back="返回缺口列表",
    live_since="自 {at} UTC 起上线",
    not_live="尚未上线。请在编辑台发布；届时将运行其用例。",
    before="此前 28 天",
    after="此后",
    effect_more="在问及此类问题的全部对话中，由助手独立解决（按数据洞察中的标准验证）的对话，附 95% 区间。"
    "促成此文档的问题计入“此前”。",
    played="其用例，在第 {version} 版上运行",
    not_played="用例尚未运行。",
    resolved="已解决",
    results={"resolved": "符合预期", "failed": "不符合预期", "unscored": "无法评分"},
    activity="动态",
    jobs={"draft": "起草", "sync": "提交", "play": "运行用例"},
    job_states={"waiting": "等待中", "running": "进行中", "done": "完成", "failed": "未完成"},
    by="{name}",
    too_much="等待处理的任务太多，请稍后再试。",
)  # fmt: skip
GAPS_TEXTS: Mapping[Language, GapsTexts] = {"en": EN, "zh": ZH}
