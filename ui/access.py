"""Who may ask for what: one table for the whole site, read from the top. What is not in it does not exist here.

Gradio brings many routes for every page it makes (uploads, files, proxies, API pages). Those a page needs have the
page's own rule; the others are named too, as nobody's, so that a test notices when a new Gradio brings another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from desk.staff import Role

Who = frozenset[Role] | None
EVERYBODY: Who = None
NOBODY: Who = frozenset()
STAFF: Who = frozenset({"agent", "editor", "tester", "manager", "admin"})
DESK: Who = frozenset({"agent", "manager", "admin"})
INSIGHTS: Who = frozenset({"manager", "admin"})
STUDIO: Who = frozenset({"editor", "admin"})
GAPS: Who = frozenset({"editor", "manager", "admin"})  # to see and draft; what goes into the knowledge is STUDIO's
QUALITY: Who = frozenset({"tester", "admin"})
LARGEST = 64 * 1024  # bytes of one request; the longest message is far below
LARGEST_FILE = 4 * 1024**3  # the settings' own limits are below
READ, SEND = frozenset({"GET", "HEAD"}), frozenset({"POST"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Requests with one of these methods for such a path are for these roles."""

    methods: frozenset[str]
    path: re.Pattern[str]
    who: Who
    own: bool = False  # only from pages of this site: another site's form cannot send it
    local: bool = False  # besides, for programs on this machine, without a log-in
    largest: int = LARGEST  # bytes


def _rule(methods: frozenset[str], path: str, who: Who, own: bool = False, largest: int = LARGEST) -> Rule:
    return Rule(methods, re.compile(path), who, own, largest=largest)


def _page(at: str, who: Who) -> tuple[Rule, ...]:
    """What Gradio serves of the page mounted at `at`."""
    return (
        _rule(READ, rf"{at}/", who),
        _rule(READ, rf"{at}/(assets|static)/[^.].*", EVERYBODY),  # Gradio's own files, the same for all
        _rule(READ, rf"{at}/(gradio_api/)?(theme\.css|startup-events|app_id|queue/data|heartbeat/\w+)/?", who),
        _rule(SEND, rf"{at}/gradio_api/(queue/join|cancel|reset|run/predict)/?", who, own=True),
        _rule(READ | SEND, rf"{at}/(openapi\.json|login/?|logout|config/?|favicon\.ico|robots\.txt|manifest\.json)", NOBODY),
        _rule(READ, rf"{at}/(svelte/.*|pwa_icon(/.*)?|monitoring(/.*)?)", NOBODY),
        _rule(READ | SEND, rf"{at}/gradio_api/.*", NOBODY),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _rule(READ, r"/(healthz|readyz)", EVERYBODY),
    Rule(READ, re.compile(r"/metrics"), STAFF, local=True),
    _rule(READ, r"/vouch/[^.][^?]*", EVERYBODY),
    _rule(READ, r"/embed\.js", EVERYBODY),
    _rule(READ, r"/page/\d{1,20}/\d{1,5}\.png", EVERYBODY),  # of passages that customers may see
    _rule(READ, r"/picture/\d{1,20}/[0-9a-f]{64}", EVERYBODY),
    _rule(READ, r"/media/\d{1,20}", EVERYBODY),
    _rule(SEND, r"/api/v1/messages", EVERYBODY),  # who may is said by the token or key sent along: ui/api_callers.py
    _rule(READ, r"/api/v1/conversations/[\w-]{1,64}", EVERYBODY),
    _rule(READ, r"/api/v1/openapi\.json", EVERYBODY),
    _rule(READ, r"/login", EVERYBODY),
    _rule(SEND, r"/login", EVERYBODY, own=True),
    _rule(SEND, r"/logout", EVERYBODY, own=True),
    _rule(READ, r"/staff", STAFF),
    _rule(READ, r"/desk/news", DESK),
    _rule(READ, r"/insights/figures\.csv", INSIGHTS),
    *_page("/desk", DESK),
    *_page("/insights", INSIGHTS),
    _rule(READ, r"/studio/gaps/news", GAPS),
    *_page("/studio/gaps", GAPS),
    _rule(READ, r"/studio/news", STUDIO),
    _rule(SEND, r"/studio/upload", STUDIO, own=True, largest=LARGEST_FILE),
    *_page("/studio", STUDIO),
    _rule(READ, r"/quality/news", QUALITY),
    _rule(READ, r"/quality/report/[\w-]{1,100}", QUALITY),
    *_page("/quality", QUALITY),
    *_page("", EVERYBODY),
)
# What each Gradio page lets the browser start. All of them are private: they are reached by the page's own script and
# under the page's own rule, and by no name.
HANDLERS: Mapping[str, frozenset[str]] = {
    "/": frozenset(
        {
            "load",
            "ask",
            "cite",
            "rate",
            "person",
            "contact",
            "fresh",
            "language",
            "follow",
            "refresh",
            "withdraw",
            "end",
            "survey",
        }
    ),
    "/desk/": frozenset(
        {
            "load",
            "open",
            "take",
            "pass_on",
            "hand_back",
            "resolve",
            "say",
            "note",
            "suggest",
            "cite",
            "language",
            "writes",
        }
    ),
    "/insights/": frozenset({"load", "period", "language", "topics"}),
    "/studio/": frozenset({"load", "show", "publish", "rollback", "sync", "retry", "preview", "ask", "language"}),
    "/studio/gaps/": frozenset({"load", "show", "draft", "stage", "language"}),
    "/quality/": frozenset({"load", "show", "run", "stop", "gather", "accept", "reject", "language"}),
}
# Pages for the staff, and whom they are for: what /staff lists.
PAGES: Mapping[str, Who] = {
    "/desk/": DESK, "/studio/": STUDIO, "/studio/gaps/": GAPS, "/quality/": QUALITY, "/insights/": INSIGHTS,
}  # fmt: skip


def rule_for(method: str, path: str) -> Rule | None:
    """The first rule that speaks of such a request; None: there is nothing like that here."""
    return next((each for each in RULES if method in each.methods and each.path.fullmatch(path)), None)


def allowed(who: Who, roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles is meant."""
    return who is None or bool(who & roles)
