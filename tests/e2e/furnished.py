"""A home in which every place that shows somebody else's words shows the given ones, and a staff account for each role."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import yaml
from sqlalchemy import Engine

from backends.database import open_database
from desk.agents import Agent, AgentDesk
from desk.askers import key_of
from desk.directory_csv import import_files
from desk.directory_sql import SQLDirectory
from desk.handoff import Escalate
from desk.service import Desk
from desk.staff import ROLES, Staff
from desk.store import Conversations
from desk.tickets import Tickets
from desk.tokens import Identity, issue
from eval.cases import read_cases
from rag.config_people import Staff as StaffSettings
from rag.types import AnswerSentence, Citation, Decision, Reply, SentenceKind
from tests.desk.scripted import Scripted, cited, reply
from tests.e2e.server import Server, make_home
from tests.eval.made_runs import made, result, stored
from ui.session import STAFF_COOKIE

PASSWORD = "correct horse 1"
# Customers: one who is with a person, one whose request was resolved, one who has not written yet.
CUSTOMER, RESOLVED, SILENT = "C-7001", "C-7002", "C-7003"
EMMA = Agent("one-agent", "Emma")
RUN = "20260101-100000"
KINDS: tuple[SentenceKind, ...] = ("text", "item", "code")
RUNS = (RUN, "20260102-100000")


def furnish(home: Path, words: Sequence[str], shop: str = "http://127.0.0.1", publish: str = "auto") -> Path:
    """A home whose documents, records, cases, runs and settings hold these words, one or all of them in each place. `shop`:
    the site that may show the chat."""
    make_home(home)
    say = _turns(words)
    _settings(home, words, say, shop, publish)
    _documents(home / "knowledge", words, say)
    cases = home / "eval" / "cases"
    cases.mkdir(parents=True)
    lines = [_case(number, each) for number, each in enumerate(words)]
    (cases / "words.cases.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    known = read_cases([cases / "words.cases.jsonl"])
    for at, run in enumerate(RUNS):
        results = [result(each, float((number + at) % 2), why=say()) for number, each in enumerate(known)]
        header = {"knowledge": say(), "models": (say(),), "commit": say(), "prompts": {say(): say()}}
        stored(home / "data" / "runs", made(results, run, **header))
    return home


def people(home: Path, words: Sequence[str]) -> None:
    """Accounts, customers' records and conversations; after the server's first start."""
    engine, say = open_database(home / "data"), _turns(words)
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    for role in ROLES:
        staff.add(f"one-{role}", PASSWORD, [role])
    _records(home / "records", engine, words, say)
    for customer in (CUSTOMER, RESOLVED):
        _conversation(engine, customer, words, say)
    for number in range(3):  # asked so often that insights name it: a topic, and a gap
        for each in words[:20]:
            _declined(engine, f"guest {number} {each}"[:60], each)
    engine.dispose()


def token(server: Server, customer: str = CUSTOMER) -> str:
    """With which the company's site sends this customer to the chat."""
    now = int(datetime.now(UTC).timestamp())
    secret = (server.home / "data" / "token-secret").read_text()
    return issue(secret, "vouch-chat", Identity(customer, "", now, now + 600))


def staff_cookie(server: Server, role: str) -> str:
    """The session of who has this role alone."""
    sent = httpx.post(f"{server.url}/login", data={"name": f"one-{role}", "password": PASSWORD})
    return sent.cookies[STAFF_COOKIE]


def _turns(words: Sequence[str]) -> Callable[[], str]:
    """Gives one of them at a time, round and round."""
    at = iter(range(10**9))
    return lambda: words[next(at) % len(words)]


def _settings(home: Path, words: Sequence[str], say: Callable[[], str], shop: str, publish: str) -> None:
    config = yaml.safe_load((home / "config.yaml").read_text())
    config["server"] |= {"company": say(), "suggestions": {"en": list(words[:8]), "zh": list(words[:8])}}
    config["server"]["embed_origins"] = [shop]
    config["ingest"]["publish"] = publish
    config["handover"] = {"canned": str(home / "canned.yaml")}
    (home / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    canned = [{"name": f"{number} {each}", "en": each, "zh": each} for number, each in enumerate(words)]
    (home / "canned.yaml").write_text(yaml.safe_dump(canned, allow_unicode=True))


def _documents(folder: Path, words: Sequence[str], say: Callable[[], str]) -> None:
    """Title, headings, paragraphs, a list, a table, code, a file's name, what editors say of it, and a refusal."""
    lines = "\n\n".join(f"The kettle says {each} every month." for each in words)
    table = "\n".join(f"| kettle {number} | {_cell(each)} |" for number, each in enumerate(words))
    items = "\n".join(f"- {each}" for each in words)
    table = f"| {_cell(say())} | Words |\n|---|---|\n{table}\n"
    body = f"# {say()}\n\n## {say()}\n\n{lines}\n\n## {say()}\n\n{items}\n\n## {say()}\n\n{table}"
    meta = {name: say() for name in ("title", "category", "product", "region", "owner")}
    (folder / "words.txt").write_text("Kettle words\n\n" + lines)
    (folder / "marked.md").write_text(f"---\n{yaml.safe_dump(meta, allow_unicode=True)}---\n{body}")
    (folder / "words.html").write_text(
        f"<title>A page</title><h1>Words</h1>{''.join(f'<p>{each}</p>' for each in words)}"
    )
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[say(), "words"], *([f"row {n}", each] for n, each in enumerate(words))])
    for each in words:
        name = each.replace("/", "∕").replace("\0", "")[:60]
        (folder / f"{name}.pdf").write_text("no PDF at all")  # refused, with its name in the reason


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _case(number: int, text: str) -> dict[str, object]:
    return {
        "id": f"case-{number}",
        "turns": [text],
        "expect": "answer",
        "facts": [[text]],
        "cite": [[text]],
        "tags": [text],
    }


def _records(folder: Path, engine: Engine, words: Sequence[str], say: Callable[[], str]) -> None:
    folder.mkdir()
    today, rows = date.today().isoformat(), dict[str, list[dict[str, str]]]()
    rows["customers"] = [
        {"id": each, "name": say(), "email": say(), "phone": say(), "language": "en", "region": say(), "tier": say()}
        | {"since": today}
        for each in (CUSTOMER, RESOLVED, SILENT)
    ]
    rows["orders"] = [
        {"number": f"AH-{at} {each}"[:60], "customer": (CUSTOMER, SILENT)[at % 2], "placed_on": today, "status": say()}
        | {"items": say(), "total": say(), "carrier": say(), "tracking": say(), "expected_on": "", "delivered_on": ""}
        for at, each in enumerate(words)
    ]
    rows["complaints"] = [{"number": "P-1", "customer": CUSTOMER, "opened_on": today, "subject": say(), "open": "yes"}]
    rows["visits"] = [{"customer": CUSTOMER, "on": today, "what": say()}]
    for name, found in rows.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(found[0]))
            writer.writeheader()
            writer.writerows(found)
    import_files([folder], SQLDirectory(engine))


def _conversation(engine: Engine, customer: str, words: Sequence[str], say: Callable[[], str]) -> None:
    """Everybody says all of it; then a person has the conversation, or it is over and rated."""
    store, tickets, visitor = Conversations(engine), Tickets(engine), key_of(customer)
    desk = Desk(store, Scripted(lambda turns: reply(cited("Yes."))))
    conversation = store.begin(visitor, "en")
    for each in words:
        store.add_question(conversation, visitor, each)
        store.add_answer(conversation, visitor, _reply(each, say))
    event = Escalate("asked_for_person", say(), 5, "", "en")
    ticket = store.hand_off(conversation, visitor, event, "", lambda moved: None)[0].number
    store.leave_contact(conversation, visitor, say()[:200])
    agents = AgentDesk(tickets, Scripted(lambda turns: reply(cited(say()))))
    agents.claim(EMMA, ticket)
    for each in words:
        agents.say(EMMA, ticket, each)
        agents.note(EMMA, ticket, each)
    if customer == RESOLVED:
        agents.resolve(EMMA, ticket)
        desk.surveys.give(conversation, visitor, 2, say()[:200])


def _reply(text: str, say: Callable[[], str]) -> Reply:
    """An answer as a careless model and a careless editor would make it, in each of the ways that sentences are shown."""
    place = (Citation(1, 1, say(), say(), 1, (say(), say()), 1, 0, len(text), text),)
    sentences = tuple(AnswerSentence(text, place, kind=kind) for kind in KINDS)
    row = AnswerSentence(f"Words: {text}; {text}: words", place, kind="row")
    decision = Decision("answer", 0.5, (say(),), options=(text, say()))
    return Reply(decision, (*sentences, row), "en", say())


def _declined(engine: Engine, visitor: str, text: str) -> None:
    store = Conversations(engine)
    conversation = store.begin(visitor, "en")
    store.add_question(conversation, visitor, text)
    store.add_answer(
        conversation, visitor, Reply(Decision("decline", 0.1, (text,)), (AnswerSentence(text),), "en", "fixed")
    )
