"""The studio's texts, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class StudioTexts:
    """In one language."""

    language: Language
    studio: str
    gaps: str
    views: str
    language_label: str
    log_out: str
    documents: str
    changes: str
    releases: str
    ask: str
    drop: str
    drop_more: str
    choose_files: str
    folder: str
    top_folder: str
    search: str
    every_state: str
    states: Mapping[str, str]
    none_fit: str
    no_documents: str
    more: str
    of_all: str
    staged_version: str
    withdrawal: str
    held: str
    superseded: str
    overdue: str
    overview: str
    overview_more: str
    falls_due: str
    nothing_due: str
    dates: Mapping[str, str]
    fields: Mapping[str, str]
    passages: str
    versions: str
    version: str
    made: str
    published_in: str
    refused: str
    advice: str
    retry: str
    warnings: str
    cited_as: str
    no_passages: str
    more_passages: str
    page: str
    pictures: str
    characters: str
    nothing_staged: str
    auto_mode: str
    review_mode: str
    preview: str
    preview_more: str
    asked: Mapping[str, str]
    make_preview: str
    stale: str
    publish: str
    publish_all: str
    publish_sure: str
    note: str
    would_change: str
    kinds: Mapping[str, str]
    contradictions: str
    duplicates: str
    answers: str
    answers_same: str
    before: str
    after: str
    shortened: str
    release: str
    rollback: str
    rollback_sure: str
    current: str
    lost: str
    no_releases: str
    question: str
    ask_button: str
    ask_more: str
    as_live: str
    as_staged: str
    answering: str
    same: str
    differs: str
    outcomes: Mapping[str, str]
    confidence: str
    sources: str
    activity: str
    jobs: Mapping[str, str]
    job_states: Mapping[str, str]
    uploaded: str
    not_taken: str
    replace: str
    sync: str
    by: str
    back: str
    too_much: str


EN = StudioTexts(
    language="en",
    studio="Studio",
    gaps="Gaps",
    views="Views",
    language_label="Language",
    log_out="Log out",
    documents="Documents",
    changes="Changes",
    releases="Releases",
    ask="Ask",
    drop="Drop files anywhere on this page",
    drop_more="They go into the knowledge folder.",
    choose_files="Choose files",
    folder="Folder",
    top_folder="top folder",
    search="Search documents",
    every_state="Every state",
    states={
        "live": "live", "staged": "staged", "refused": "refused", "withdrawn": "withdrawn",
        "unpublished": "not published", "due": "overdue",
    },
    none_fit="No document fits.",
    no_documents="There are no documents yet. Drop the first one here.",
    more="{count} more; search to narrow them down.",
    of_all="{count} of {every}",
    staged_version="v{version} staged",
    withdrawal="withdrawal staged",
    held="held",
    superseded="superseded",
    overdue="review overdue",
    overview="The knowledge at a glance",
    overview_more="Choose a document to see its versions, and its sentences as answers cite them.",
    falls_due="To be looked at within 30 days",
    nothing_due="No review and no end of validity falls due.",
    dates={"review_by": "review", "valid_until": "valid until", "valid_from": "valid from"},
    fields={
        "category": "Category", "audience": "Audience", "owner": "Owner", "valid_from": "Valid from",
        "valid_until": "Valid until", "review_by": "Review by", "language": "Language", "title": "Title",
        "product": "Product", "region": "Region", "supersedes": "Supersedes",
    },
    passages="passages: {count}",
    versions="Versions",
    version="Version {number}",
    made="made {at} UTC",
    published_in="published in release {number}",
    refused="The newest file was refused",
    advice="What to do",
    retry="Look at it again",
    warnings="Worth a look",
    cited_as="Sentences as answers cite them",
    no_passages="No version of it ever went in, so there is nothing to cite.",
    more_passages="More passages, not shown: {count}",
    page="page {page}",
    pictures="pictures: {count}",
    characters="characters {start}–{end}",
    nothing_staged="Nothing is staged.",
    auto_mode="A saved file is published at once (ingest.publish: auto). With review it would wait here for you.",
    review_mode="New and changed files wait here until you publish them.",
    preview="What it would change",
    preview_more="On a copy of the knowledge; customers notice nothing.",
    asked={
        "": "documents only", "cases": "and answers to the quality cases",
        "recent": "and answers to customers' questions of the last 4 weeks",
    },
    make_preview="Preview",
    stale="Something changed since this preview was made. Make it anew.",
    publish="Publish",
    publish_all="Publish all",
    publish_sure="Customers are answered from it within seconds. You can roll back.",
    note="Note (optional)",
    would_change="Documents that change",
    kinds={"new": "new", "changed": "changed", "withdrawn": "withdrawn", "added": "added", "removed": "removed"},
    contradictions="Likely contradictions",
    duplicates="Said elsewhere too",
    answers="Answers that change",
    answers_same="{same} of {asked} answers stay as they are.",
    before="Before",
    after="After",
    shortened="{count} more are not shown; 'python -m ingest preview --full' shows all.",
    release="Release {number}",
    rollback="Roll back to it",
    rollback_sure="Exactly what answered right after this release answers again, as a new release.",
    current="answers now",
    lost="kept no longer",
    no_releases="Nothing was published yet.",
    question="A customer's question",
    ask_button="Ask",
    ask_more="Answered twice, as a customer without an account: from the live knowledge, and with all that is staged.",
    as_live="Live",
    as_staged="With what is staged",
    answering="Answering…",
    same="Both answer alike.",
    differs="The answers differ.",
    outcomes={
        "answer": "answer", "clarify": "asks back", "decline": "declined", "hand_off": "hands off",
        "small_talk": "small talk",
    },
    confidence="confidence {share}",
    sources="Sources",
    activity="Activity",
    jobs={
        "publish": "Publish", "rollback": "Roll back", "sync": "Look at the folder", "retry": "Look again",
        "preview": "Preview", "ask": "Question",
    },
    job_states={"waiting": "waits", "running": "running", "done": "done", "failed": "not done"},
    uploaded="taken into the folder",
    not_taken="not taken",
    replace="Replace it",
    sync="Look at the folder now",
    by="by {name}",
    back="Back to the list",
    too_much="Too much is waiting to be done already. Please try again in a moment.",
)  # fmt: skip
ZH = StudioTexts(
    language="zh",
    studio="编辑台",
    gaps="缺口",
    views="视图",
    language_label="语言",
    log_out="退出登录",
    documents="文档",
    changes="变更",
    releases="发布记录",
    ask="试问",
    drop="可将文件拖放到本页任意位置",
    drop_more="文件会存入知识文件夹。",
    choose_files="选择文件",
    folder="文件夹",
    top_folder="根文件夹",
    search="搜索文档",
    every_state="所有状态",
    states={
        "live": "已上线", "staged": "待发布", "refused": "被拒绝", "withdrawn": "已撤下",
        "unpublished": "未发布", "due": "已到期",
    },
    none_fit="没有符合条件的文档。",
    no_documents="还没有文档。请把第一份文档拖放到这里。",
    more="还有 {count} 份，请搜索以缩小范围。",
    of_all="{count} / {every}",
    staged_version="第 {version} 版待发布",
    withdrawal="待撤下",
    held="已固定",
    superseded="已被取代",
    overdue="复审已到期",
    overview="知识库概览",
    overview_more="选择一份文档，可查看其各个版本，以及回答中引用的句子。",
    falls_due="30 天内需要处理",
    nothing_due="没有即将到期的复审或有效期。",
    dates={"review_by": "复审", "valid_until": "有效期至", "valid_from": "生效日期"},
    fields={
        "category": "类别", "audience": "受众", "owner": "负责人", "valid_from": "生效日期",
        "valid_until": "有效期至", "review_by": "复审日期", "language": "语言", "title": "标题",
        "product": "产品", "region": "地区", "supersedes": "取代",
    },
    passages="{count} 个段落",
    versions="版本",
    version="第 {number} 版",
    made="生成于 {at} UTC",
    published_in="在第 {number} 次发布中上线",
    refused="最新的文件被拒绝",
    advice="处理办法",
    retry="重新读取",
    warnings="请留意",
    cited_as="回答中引用的句子",
    no_passages="该文档没有任何版本入库，因此没有可引用的内容。",
    more_passages="另有 {count} 个段落未显示。",
    page="第 {page} 页",
    pictures="{count} 张图片",
    characters="字符 {start}–{end}",
    nothing_staged="没有待发布的内容。",
    auto_mode="保存的文件会立即发布（ingest.publish: auto）。设为 review 后，将先在此等待您发布。",
    review_mode="新文件和改动会先在此等待，由您发布。",
    preview="发布后的变化",
    preview_more="在知识库的副本上进行，顾客不会察觉。",
    asked={"": "仅文档", "cases": "以及质量用例的回答", "recent": "以及最近 4 周顾客所提问题的回答"},
    make_preview="预览",
    stale="生成此预览后又有变化，请重新预览。",
    publish="发布",
    publish_all="全部发布",
    publish_sure="几秒钟后顾客就会得到新的回答。之后可以回退。",
    note="备注（选填）",
    would_change="有变化的文档",
    kinds={"new": "新增", "changed": "修改", "withdrawn": "撤下", "added": "新增", "removed": "删除"},
    contradictions="可能的矛盾",
    duplicates="别处也有的内容",
    answers="有变化的回答",
    answers_same="{asked} 个回答中有 {same} 个不变。",
    before="之前",
    after="之后",
    shortened="另有 {count} 条未显示；用 'python -m ingest preview --full' 可查看全部。",
    release="第 {number} 次发布",
    rollback="回退到此",
    rollback_sure="将恢复该次发布之后的回答内容，并作为一次新的发布。",
    current="当前",
    lost="已不再保留",
    no_releases="还没有发布过内容。",
    question="顾客的问题",
    ask_button="提问",
    ask_more="按未登录顾客的身份回答两次：一次用已上线的知识，一次加上待发布的内容。",
    as_live="已上线",
    as_staged="加上待发布的内容",
    answering="正在回答……",
    same="两个回答相同。",
    differs="两个回答不同。",
    outcomes={"answer": "回答", "clarify": "反问", "decline": "未回答", "hand_off": "转人工", "small_talk": "寒暄"},
    confidence="置信度 {share}",
    sources="来源",
    activity="动态",
    jobs={"publish": "发布", "rollback": "回退", "sync": "检查文件夹", "retry": "重新读取", "preview": "预览", "ask": "试问"},
    job_states={"waiting": "等待中", "running": "进行中", "done": "完成", "failed": "未完成"},
    uploaded="已存入文件夹",
    not_taken="未接收",
    replace="替换",
    sync="立即检查文件夹",
    by="{name}",
    back="返回列表",
    too_much="等待处理的任务太多，请稍后再试。",
)  # fmt: skip
STUDIO_TEXTS: Mapping[Language, StudioTexts] = {"en": EN, "zh": ZH}
