"""Every text of the page Insights, in English and Chinese; the definition of each figure among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class InsightsTexts:
    """In one language. `figures`: key of a tile → its name and what it means."""

    language: Language
    insights: str
    language_label: str
    log_out: str
    period: str
    last_days: str
    utc: str
    before: str
    nothing: str
    of: str
    p95: str
    mean: str
    each: str
    asking: str
    withheld: str
    export: str
    by_day: str
    conversations: str
    resolved: str
    table: str
    tables: Mapping[str, str]
    values: Mapping[str, str]
    columns: Mapping[str, str]
    topics: str
    topics_more: str
    topics_none: str
    topic_columns: tuple[str, str, str, str]
    rising: str
    gaps: str
    gaps_more: str
    gaps_none: str
    gap: str
    to_gaps: str
    closings: str
    closings_more: str
    closing_columns: tuple[str, str, str, str]
    units: tuple[str, str, str, str]
    figures: Mapping[str, tuple[str, str]]


EN = InsightsTexts(
    language="en",
    insights="Insights",
    language_label="Language",
    log_out="Log out",
    period="Period",
    last_days="{days} days",
    utc="{first} to {last}, days in UTC. Conversations count on the day they began.",
    before="before: {value}",
    nothing="–",
    of="{part} of {whole}",
    p95="95% within {value}",
    mean="mean {value}, {count} surveys",
    each="{value} a conversation",
    asking="something asked in {count}",
    withheld="In this period nobody has asked anything yet.",
    export="Download as CSV",
    by_day="Conversations by day",
    conversations="conversations",
    resolved="resolved by the assistant",
    table="The same as a table",
    tables={"day": "Day", "language": "By language", "segment": "By customer segment", "topic": "By topic"},
    values={
        "guest": "Guests", "customer": "Customers without a tier", "en": "English", "zh": "Chinese", "": "No document was found",
        "record:orders": "Customers' own orders",
    },
    columns={
        "conversations": "Conversations", "verified": "Verified resolution", "lasting": "Lasted 72 h",
        "transferred": "Transferred", "response": "Response", "csat": "CSAT", "wait": "Waiting",
        "unanswered": "Unanswered", "cost": "Cost",
    },
    topics="What is asked most",
    topics_more="Similar questions of the newest thousand, named by words they share. Rising: far more than in as many days "
    "before, less than 1% likely by chance.",
    topics_none="No two questions of this period are alike.",
    topic_columns=("Topic", "Questions", "Before", "Answered"),
    rising="rising",
    gaps="What the documents do not answer",
    gaps_more="Questions that were declined, rated down or handed over unresolved, in groups. Open one for the outline of a "
    "document: the questions and what agents answered, without numbers and addresses of persons.",
    gaps_none="Nothing of this period was left unresolved.",
    gap="{count} questions, {conversations} conversations, agents' answers: {answers}",
    to_gaps="Conversations, and documents to close gaps",
    closings="What documents written for gaps changed",
    closings_more="Conversations with a question like those of the gap, in the 28 days before the document was published and "
    "since then: those the assistant resolved by itself (verified, as above), of all; with the 95% interval (Wilson). The "
    "questions the document was written for count before, so what was left unresolved then is well represented.",
    closing_columns=("Document", "Published", "Before", "Since"),
    units=("ms", "s", "min", "h"),
    figures={
        "verified": ("Verified resolution", "Of the conversations in which something was asked: those whose last question "
            "the assistant answered with a citation for every sentence, not rated down, without a request for a person."),
        "lasting": ("Resolution that lasted 72 hours", "Of the verified resolutions older than 72 hours: those whose "
            "customer did not come back on the same topic within that time, neither in a new conversation nor, after a pause "
            "of an hour, in the same one. A question for which no document was found counts as the same topic."),
        "transferred": ("Transfer rate", "Of the conversations in which something was asked: those with a request for a "
            "person, whoever made it."),
        "response": ("Response time", "From a customer's message until the assistant's whole reply is stored; half are "
            "faster. Messages to which a person responded first are left out."),
        "csat": ("Customer satisfaction", "Of the surveys filled in at the end of a conversation: those with a score of 4 "
            "or 5 out of 5."),
        "wait": ("Waiting time", "From the request for a person until somebody takes it for the first time; half wait less. "
            "Requests that nobody has taken are left out."),
        "promise": ("Promise kept", "Of the requests with a time promised: those taken by then. Broken as soon as that time "
            "has passed; left out while it has not, and where the customer withdrew before it."),
        "unanswered": ("Unanswered questions", "Of the questions the assistant answered or declined: those it declined, "
            "because no document answers them reliably."),
        "conversations": ("Conversations", "In which the customer wrote something. Beside it, those in which something was "
            "asked: a greeting alone asks for nothing."),
        "cost": ("Cost of models", "What models charged for the assistant's replies, by the prices in the settings and in "
            "their currency; and for each conversation."),
    },
)  # fmt: skip
ZH = InsightsTexts(
    language="zh",
    insights="数据洞察",
    language_label="语言",
    log_out="退出登录",
    period="时间范围",
    last_days="{days} 天",
    utc="{first} 至 {last}，按 UTC 日期。对话计入其开始的那一天。",
    before="上一周期：{value}",
    nothing="–",
    of="{whole} 中的 {part}",
    p95="95% 在 {value} 以内",
    mean="平均 {value} 分，{count} 份评价",
    each="每次对话 {value}",
    asking="其中 {count} 次有提问",
    withheld="此时间范围内还没有人提问。",
    export="下载 CSV",
    by_day="每日对话",
    conversations="对话",
    resolved="由助手解决",
    table="以表格显示",
    tables={"day": "日期", "language": "按语言", "segment": "按客户群", "topic": "按主题"},
    values={
        "guest": "访客", "customer": "无等级客户", "en": "英语", "zh": "中文", "": "未找到文档",
        "record:orders": "客户自己的订单",
    },
    columns={
        "conversations": "对话", "verified": "已验证解决", "lasting": "72 小时有效", "transferred": "转人工",
        "response": "响应", "csat": "满意度", "wait": "等待", "unanswered": "未回答", "cost": "费用",
    },
    topics="问得最多的问题",
    topics_more="最近一千个问题中的相似问题，以它们共有的词命名。上升：远多于之前相同天数，偶然发生的可能性不到 1%。",
    topics_none="此时间范围内没有相似的问题。",
    topic_columns=("主题", "问题", "之前", "已回答"),
    rising="上升",
    gaps="文档未能回答的问题",
    gaps_more="被谢绝、被评为无帮助或未解决即转人工的问题，按相似程度分组。展开可见文档提纲：客户的问题和客服的回答，不含个人号码和地址。",
    gaps_none="此时间范围内没有未解决的问题。",
    gap="{count} 个问题，{conversations} 次对话，{answers} 条客服回答",
    to_gaps="查看对话并撰写补上缺口的文档",
    closings="为缺口撰写的文档带来的变化",
    closings_more="与该缺口的问题相似的对话，分别在文档发布前 28 天内和发布以来：由助手独立解决（按上述标准验证）的对话"
    "占全部的比例，附 95% 区间（Wilson）。促成该文档的问题计入“发布前”，因此当时未解决的问题占比较高。",
    closing_columns=("文档", "发布日期", "发布前", "发布以来"),
    units=("毫秒", "秒", "分钟", "小时"),
    figures={
        "verified": ("已验证解决率", "在有提问的对话中：最后一个问题由助手回答，每句话都有引用，未被评为无帮助，"
            "且没有人工请求。"),
        "lasting": ("72 小时有效解决率", "在超过 72 小时的已验证解决中：客户在此期间没有就同一主题再来，无论是新的对话，还是在"
            "同一对话中停顿一小时之后。未找到文档的问题视为同一主题。"),
        "transferred": ("转人工率", "在有提问的对话中：有人工请求的对话，无论由谁提出。"),
        "response": ("响应时间", "从客户发出消息到助手的完整回复被保存；一半更快。由人工先回复的消息不计入。"),
        "csat": ("客户满意度", "在对话结束时填写的评价中：5 分制里打 4 分或 5 分的比例。"),
        "wait": ("等待时间", "从请求人工到首次有人接手；一半更短。无人接手的请求不计入。"),
        "promise": ("承诺兑现率", "在承诺了时间的请求中：在该时间之前有人接手的比例。一旦超过该时间即为未兑现；时间未到的，以及"
            "客户在此之前撤回的，不计入。"),
        "unanswered": ("未回答的问题", "在助手回答或谢绝的问题中：因没有文档能可靠回答而谢绝的比例。"),
        "conversations": ("对话", "客户写了内容的对话；旁边是其中有提问的对话，仅问候不算提问。"),
        "cost": ("模型费用", "模型为助手的回复所收取的费用，按设置中的价格及其货币；以及平均每次对话的费用。"),
    },
)  # fmt: skip
INSIGHTS_TEXTS: Mapping[Language, InsightsTexts] = {"en": EN, "zh": ZH}
