"""The texts of the log-in and of what stands around the staff's pages, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.staff import Role
from rag.types import Language


@dataclass(frozen=True, slots=True)
class StaffTexts:
    """In one language."""

    language: Language
    title: str
    intro: str
    name: str
    password: str
    log_in: str
    log_out: str
    wrong: str
    too_many: str
    signed_in: str
    pages: str
    no_pages: str
    forbidden: str
    forbidden_more: str
    page_names: Mapping[str, str]
    roles: Mapping[Role, str]


EN = StaffTexts(
    language="en",
    title="Staff log-in",
    intro="For people who work here. Customers need no account.",
    name="Name",
    password="Password",
    log_in="Log in",
    log_out="Log out",
    wrong="The name or the password is not right.",
    too_many="Too many tries. Please wait {minutes} minutes, then try again.",
    signed_in="Logged in as {name} ({roles})",
    pages="Your pages",
    no_pages="There is no page for your roles yet.",
    forbidden="This page is not for your roles",
    forbidden_more="If you need it, ask an administrator for the role.",
    page_names={
        "/desk/": "The desk: conversations that customers want a person for",
        "/studio/": "The studio: the documents that answers come from",
        "/studio/gaps/": "Gaps: what the documents do not answer, and documents for it",
        "/quality/": "Quality: the cases, and how many end as they should",
        "/insights/": "Insights: how customers are served, in figures",
    },
    roles={"agent": "agent", "editor": "editor", "tester": "tester", "manager": "manager", "admin": "administrator"},
)
ZH = StaffTexts(
    language="zh",
    title="员工登录",
    intro="仅供工作人员使用，客户无需账号。",
    name="用户名",
    password="密码",
    log_in="登录",
    log_out="退出登录",
    wrong="用户名或密码不正确。",
    too_many="尝试次数过多。请等待 {minutes} 分钟后再试。",
    signed_in="已登录：{name}（{roles}）",
    pages="您的页面",
    no_pages="目前还没有适合您角色的页面。",
    forbidden="您的角色不能打开此页面",
    forbidden_more="如有需要，请向管理员申请相应角色。",
    page_names={
        "/desk/": "客服工作台：等待人工处理的对话",
        "/studio/": "编辑台：回答所依据的文档",
        "/studio/gaps/": "缺口：文档未能回答的问题，以及为此撰写的文档",
        "/quality/": "质量：用例及其结果",
        "/insights/": "数据洞察：客户服务的各项指标",
    },
    roles={"agent": "客服", "editor": "编辑", "tester": "测试", "manager": "主管", "admin": "管理员"},
)
STAFF_TEXTS: Mapping[Language, StaffTexts] = {"en": EN, "zh": ZH}
