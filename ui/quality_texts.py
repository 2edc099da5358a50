"""The testers' page's texts, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class QualityTexts:
    """In one language."""

    language: Language
    quality: str
    views: str
    language_label: str
    log_out: str
    over_time: str
    compare: str
    drafts: str
    start: str
    start_more: str
    release: str
    live: str
    staged: str
    split: str
    every_case: str
    tag: str
    any_tag: str
    repeat: str
    runs: str
    no_runs: str
    no_runs_more: str
    unfinished: str
    resume: str
    stop: str
    accepted: str
    unscored: str
    accuracy: str
    accuracy_more: str
    chart: str
    release_mark: str
    run: str
    at: str
    interval: str
    cases: str
    changed: str
    report: str
    compare_with: str
    scores: str
    made_with: Mapping[str, str]
    first: str
    second: str
    choose_two: str
    made_alike: str
    made_differently: str
    before: str
    after: str
    change: str
    gained_lost: str
    changed_cases: str
    more_changes: str
    not_compared: str
    states: Mapping[str, str]
    drafts_more: str
    no_drafts: str
    gather: str
    why: str
    edit: str
    accept: str
    reject: str
    reject_sure: str
    more_drafts: str
    activity: str
    jobs: Mapping[str, str]
    job_states: Mapping[str, str]
    by: str
    uploaded: str
    replace: str
    back: str
    too_much: str


EN = QualityTexts(
    language="en",
    quality="Quality",
    views="Views",
    language_label="Language",
    log_out="Log out",
    over_time="Over time",
    compare="Compare",
    drafts="Drafts",
    start="Run the cases",
    start_more="On a copy of the knowledge; customers notice nothing.",
    release="Knowledge",
    live="live",
    staged="with what is staged",
    split="Cases",
    every_case="all",
    tag="Tag",
    any_tag="any",
    repeat="Times each",
    runs="Runs",
    no_runs="No run yet.",
    no_runs_more="Run the cases to see how many conversations end as they should.",
    unfinished="not finished",
    resume="Go on",
    stop="Stop the run",
    accepted="accepted",
    unscored="{count} unscored",
    accuracy="Resolution accuracy",
    accuracy_more="Share of cases that end as they should, with its 95 % interval. Dashed lines: another release.",
    chart="Resolution accuracy of each run, from the oldest to the newest; the table below has the figures.",
    release_mark="release {number}",
    run="Run",
    at="Begun (UTC)",
    interval="95 % interval",
    cases="Cases",
    changed="What changed since the run before",
    report="Open the report: every case with its trace",
    compare_with="Compare with another run",
    scores="Scores",
    made_with={
        "knowledge": "Knowledge", "release": "Release", "writer": "Writer", "models": "Models", "judge": "Judge",
        "commit": "Program", "repeat": "Times each",
    },
    first="Before",
    second="After",
    choose_two="Choose two different runs.",
    made_alike="Both were made alike.",
    made_differently="Made differently",
    before="Before",
    after="After",
    change="Change (95 %)",
    gained_lost="Cases gained: {gained}, lost: {lost}; McNemar p = {p}",
    changed_cases="Cases that one resolved and the other did not",
    more_changes="{count} more are not shown.",
    not_compared="Not compared: {count}, which are in one of the runs only, were edited in between or have no score.",
    states={"resolved": "resolved", "failed": "failed", "unscored": "unscored"},
    drafts_more="From conversations rated down, handed over or opened again. Numbers and addresses are masked, names are not.",
    no_drafts="No draft waits.",
    gather="Look for new ones",
    why="Drafted because",
    edit="The case, to be put right",
    accept="Accept as a case",
    reject="Throw away",
    reject_sure="Its conversation is not drafted again.",
    more_drafts="{count} more wait.",
    activity="Activity",
    jobs={"run": "Run", "gather": "Look for drafts"},
    job_states={"waiting": "waits", "running": "running", "done": "done", "failed": "not done"},
    by="by {name}",
    uploaded="",
    replace="",
    back="Back to the list",
    too_much="Too much is waiting to be done already. Please try again in a moment.",
)  # fmt: skip
ZH = QualityTexts(
    language="zh",
    quality="质量",
    views="视图",
    language_label="语言",
    log_out="退出登录",
    over_time="变化趋势",
    compare="比较",
    drafts="草稿",
    start="运行用例",
    start_more="在知识库的副本上进行，顾客不会察觉。",
    release="知识",
    live="已上线",
    staged="加上待发布的内容",
    split="用例",
    every_case="全部",
    tag="标签",
    any_tag="任意",
    repeat="每例次数",
    runs="运行记录",
    no_runs="还没有运行过。",
    no_runs_more="运行用例，即可看到有多少对话得到了应有的结果。",
    unfinished="未完成",
    resume="继续",
    stop="停止运行",
    accepted="已采纳",
    unscored="{count} 个未评分",
    accuracy="解决准确率",
    accuracy_more="得到应有结果的用例所占比例，附 95% 区间。虚线表示换了发布版本。",
    chart="每次运行的解决准确率，从最早到最新；具体数字见下表。",
    release_mark="第 {number} 次发布",
    run="运行",
    at="开始时间（UTC）",
    interval="95% 区间",
    cases="用例",
    changed="与上一次运行的不同",
    report="打开报告：每个用例及其过程",
    compare_with="与另一次运行比较",
    scores="各项得分",
    made_with={
        "knowledge": "知识", "release": "发布", "writer": "撰写方式", "models": "模型", "judge": "评判",
        "commit": "程序版本", "repeat": "每例次数",
    },
    first="之前",
    second="之后",
    choose_two="请选择两次不同的运行。",
    made_alike="两次运行的条件相同。",
    made_differently="条件的不同",
    before="之前",
    after="之后",
    change="变化（95%）",
    gained_lost="新解决 {gained} 例，不再解决 {lost} 例；McNemar p = {p}",
    changed_cases="两次结果不同的用例",
    more_changes="另有 {count} 个未显示。",
    not_compared="{count} 个用例只在其中一次出现、期间被修改或没有得分，未作比较。",
    states={"resolved": "已解决", "failed": "未解决", "unscored": "未评分"},
    drafts_more="来自被评为无帮助、转人工或重新打开的对话。号码和地址已遮盖，姓名没有。",
    no_drafts="没有等待处理的草稿。",
    gather="查找新的草稿",
    why="起草原因",
    edit="用例内容，请修改确认",
    accept="采纳为用例",
    reject="丢弃",
    reject_sure="该对话不会再次被起草。",
    more_drafts="另有 {count} 份等待处理。",
    activity="动态",
    jobs={"run": "运行", "gather": "查找草稿"},
    job_states={"waiting": "等待中", "running": "进行中", "done": "完成", "failed": "未完成"},
    by="{name}",
    uploaded="",
    replace="",
    back="返回列表",
    too_much="等待处理的任务太多，请稍后再试。",
)  # fmt: skip
QUALITY_TEXTS: Mapping[Language, QualityTexts] = {"en": EN, "zh": ZH}
