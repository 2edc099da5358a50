"""The log-in page and what stands around the staff's pages, as whole HTML documents. They work without JavaScript."""

from __future__ import annotations

from desk.staff import ROLES, Account
from rag.types import Language
from ui.access import PAGES, allowed
from ui.document import address
from ui.render import render
from ui.staff_texts import STAFF_TEXTS, StaffTexts


def log_in(language: Language, following: str = "", name: str = "", problem: str = "") -> str:
    """The log-in form. `following`: where to go afterwards; `problem`: why the last try failed."""
    return _document("login.html", STAFF_TEXTS[language], following=following, name=name, problem=problem)


def home(account: Account, language: Language) -> str:
    """Who is logged in, the pages that are theirs, and the way out."""
    return _staff(account, STAFF_TEXTS[language], "")


def forbidden(account: Account, language: Language) -> str:
    """The same, after a page that is not theirs."""
    return _staff(account, STAFF_TEXTS[language], STAFF_TEXTS[language].forbidden)


def roles_of(account: Account, texts: StaffTexts) -> str:
    """The account's roles in words."""
    return ", ".join(texts.roles[role] for role in ROLES if role in account.roles)


def _staff(account: Account, texts: StaffTexts, refused: str) -> str:
    pages = [(path, texts.page_names[path]) for path, who in PAGES.items() if allowed(who, account.roles)]
    return _document("staff.html", texts, account=account, roles=roles_of(account, texts), pages=pages, refused=refused)


def _document(template: str, texts: StaffTexts, **values: object) -> str:
    return render(
        template, t=texts, styles=[address("colours.css"), address("staff.css")], icon=address("favicon.svg"), **values
    )
