"""What is kept of somebody: given out whole, forgotten to the last byte, and not kept longer than it may be."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from typer.testing import CliRunner

from backends.database import open_database
from desk.__main__ import app
from desk.agents import Agent, AgentDesk
from desk.askers import Askers, key_of
from desk.directory_csv import import_files
from desk.directory_schema import orders
from desk.directory_sql import SQLDirectory
from desk.erasure import erase
from desk.export import NothingKept, export, safe_cell
from desk.retention import tidy
from desk.schema import conversations, messages, metadata
from desk.service import Desk
from desk.store import Conversations
from desk.tickets import Tickets
from rag.config_customers import Privacy
from tests.desk.scripted import Scripted, cited, reply

ANNA, BEN = key_of("C-anna-1"), key_of("C-ben-1")
CANARIES = (  # everything of Anna's that is anywhere
    "C-anna-1", "Annabel Quist", "annabel@quist.example", "+44 7700 900123", "AH-UK-700001", "Quist kettle", "QTRACK77",
    "CP-7001", "the lid was crooked", "/quist-page", "I wrote this as Annabel", "Dear Annabel, answered",
    "A note on Annabel", "call Annabel at 5", "An agent to Annabel", "安娜贝尔的话", "quist@elsewhere.example",
    "Annabel was pleased",
)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(data: Path) -> Engine:
    """A store in which Anna and Ben were customers, and a guest was there."""
    opened = open_database(data)
    folder = data.parent / "csv"
    folder.mkdir()
    (folder / "customers.csv").write_text(
        "id,name,email,phone,language,region,tier,since\n"
        "C-anna-1,Annabel Quist,annabel@quist.example,+44 7700 900123,en,UK,vip,2020-01-01\nC-ben-1,Ben Ott,,,,,,\n"
    )
    (folder / "orders.csv").write_text(
        "number,customer,placed_on,status,items,total,carrier,tracking,expected_on,delivered_on\n"
        "AH-UK-700001,C-anna-1,2026-01-05,shipped,Quist kettle,£9,Northway,QTRACK77,,\n"
        "AH-UK-700002,C-ben-1,2026-01-05,shipped,Ben's cup,£9,Northway,BTRACK,,\n"
    )
    (folder / "complaints.csv").write_text(
        "number,customer,opened_on,subject,open\nCP-7001,C-anna-1,2026-01-06,the lid was crooked,no\n"
    )
    (folder / "visits.csv").write_text("customer,on,what\nC-anna-1,2026-01-06,/quist-page\n")
    import_files([folder], SQLDirectory(opened))
    _talk(opened, ANNA, "I wrote this as Annabel 安娜贝尔的话", "Dear Annabel, answered")
    _talk(opened, BEN, "I wrote this as Ben", "Dear Ben, answered")
    _talk(opened, "a-guest", "I wrote this as a guest", "Dear guest, answered")
    return opened


def _talk(engine: Engine, visitor: str, question: str, answer: str) -> str:
    """A conversation with all that can hang on one."""
    store, script = Conversations(engine), Scripted(lambda _: reply(cited(answer)))
    desk = Desk(store, script, askers=Askers(SQLDirectory(engine)))
    conversation = desk.begin(visitor, "en")
    list(desk.handle_message(conversation, visitor, question))
    desk.rate(conversation, visitor, desk.view(conversation, visitor).messages[-1].id, 1)
    ticket = desk.request_person(conversation, visitor, "en")
    if visitor == ANNA:
        desk.leave_contact(conversation, visitor, "quist@elsewhere.example")
        agents, agent = AgentDesk(Tickets(engine), script), Agent("mia")
        agents.note(agent, ticket.number, "A note on Annabel: call Annabel at 5")
        agents.claim(agent, ticket.number)
        agents.say(agent, ticket.number, "An agent to Annabel")
        desk.surveys.give(conversation, visitor, 5, "Annabel was pleased")
    return conversation


def found(data: Path, *words: str) -> dict[str, list[str]]:
    """word → the files below the data folder that hold it, in any form text has."""
    contents = {each.name: each.read_bytes() for each in data.rglob("*") if each.is_file()}
    forms = {word: {word.encode(), json.dumps(word)[1:-1].encode(), word.encode("utf-16-le")} for word in words}
    held = {
        word: [name for name, raw in contents.items() if any(form in raw for form in forms[word])] for word in words
    }
    return {word: names for word, names in held.items() if names}


def beside(data: Path, text: str) -> None:
    """The same words in a recording of a run and in a log."""
    for name in ("runs/2026/results.jsonl", "logs/vouch.log"):
        file = data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (data / "runs/2026/header.json").write_text('{"who":\n"Annabel Quist"}')


# --- erasing -----------------------------------------------------------------------------------------------


def test_after_erasing_no_byte_is_left_anywhere_and_everybody_elses_is(engine: Engine, data: Path) -> None:
    recorded = [{"customer": "C-anna-1", "text": "I wrote this as Annabel 安娜贝尔的话"}, {"customer": "C-ben-1"}]
    beside(data, "\n".join(map(json.dumps, recorded)) + "\nAH-UK-700001 Annabel Quist 安娜贝尔的话\n")
    assert set(found(data, *CANARIES)) == set(CANARIES)
    told = erase(engine, data, "C-anna-1")
    assert "orders: 1 erased" in told
    assert found(data, *CANARIES) == {}
    kept = (
        "C-ben-1",
        "Ben Ott",
        "AH-UK-700002",
        "I wrote this as Ben",
        "Dear Ben, answered",
        "I wrote this as a guest",
    )
    assert set(found(data, *kept)) == set(kept)
    assert (data / "runs/2026/results.jsonl").read_text() == '{"customer": "C-ben-1"}\n'
    assert json.loads((data / "runs/2026/header.json").read_text()) == {"who": "[erased]"}
    assert erase(engine, data, "C-anna-1")[0] == "nothing was kept of C-anna-1"


def test_a_guest_is_erased_by_their_key(engine: Engine, data: Path) -> None:
    erase(engine, data, "a-guest")
    assert found(data, "a-guest", "I wrote this as a guest", "Dear guest, answered") == {}
    assert found(data, *CANARIES)


def test_every_table_that_hangs_on_a_conversation_is_thought_of(engine: Engine, data: Path) -> None:
    def rows() -> dict[str, int]:
        with engine.connect() as connection:
            counts = {
                each.name: connection.scalar(sa.select(sa.func.count()).select_from(each))
                for each in metadata.sorted_tables
            }
            return {name: count for name, count in counts.items() if count}

    for who in ("C-anna-1", "C-ben-1", "a-guest"):
        assert rows()
        erase(engine, data, who)
    assert rows() == {}


def test_what_is_none_of_ours_is_left_alone(engine: Engine, data: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Annabel Quist")
    (data / "logs").mkdir()
    (data / "logs" / "link").symlink_to(outside)
    erase(engine, data, "C-anna-1")
    assert outside.read_text() == "Annabel Quist"


# --- giving out --------------------------------------------------------------------------------------------


def test_an_export_holds_all_of_one_and_nothing_of_others(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "anna.json"
    export(engine, "C-anna-1", file, masked=False)
    text = file.read_text(encoding="utf-8")
    assert [each for each in CANARIES if each not in text] == []
    assert "Ben" not in text
    assert "guest" not in text
    tables = json.loads(text)
    assert tables["orders"][0]["items"] == ["Quist kettle"]
    assert {"conversations", "messages", "feedback", "tickets", "notes", "transitions", "customers"} <= set(tables)


def test_an_export_is_masked_unless_it_is_for_the_person(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "anna.json"
    export(engine, "C-anna-1", file)
    text = file.read_text(encoding="utf-8")
    assert [each for each in ("annabel@quist.example", "900123", "quist@elsewhere.example") if each in text] == []
    assert "Annabel Quist" in text


def test_nobody_is_not_exported(engine: Engine, tmp_path: Path) -> None:
    for who in ("C-nobody", "", "customer:", "%"):
        with pytest.raises(NothingKept, match="Nothing is kept"):
            export(engine, who, tmp_path / "x.json")
    assert not (tmp_path / "x.json").exists()


def test_what_was_said_opens_in_a_spreadsheet_without_running_anything(engine: Engine, tmp_path: Path) -> None:
    said = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", " =1", 'plain, "quoted"\nand more']
    conversation = Conversations(engine).begin(BEN, "en")
    for text in said:
        Conversations(engine).add_question(conversation, BEN, text)
    export(engine, "C-ben-1", tmp_path / "ben.csv", masked=False)
    with (tmp_path / "ben.csv").open(encoding="utf-8", newline="") as opened:
        texts = [row["text"] for row in csv.DictReader(opened) if row["conversation"] == conversation]
    assert [text.removeprefix("'") for text in texts] == said
    assert [text[0] for text in texts] == ["'"] * 6 + ["p"]


@given(st.text(max_size=20))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@"))
    assert cell in (text, f"'{text}")


# --- keeping no longer than it may be ----------------------------------------------------------------------


def test_conversations_without_a_word_for_so_long_go_with_all_of_theirs(engine: Engine, data: Path) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    with engine.begin() as connection:
        theirs = sa.select(conversations.c.id).where(conversations.c.visitor.in_([ANNA, BEN]))
        old = conversations.c.visitor.in_([ANNA, BEN])
        connection.execute(conversations.update().where(old).values(created_at=now - timedelta(days=40)))
        connection.execute(
            messages.update().where(messages.c.conversation.in_(theirs)).values(created_at=now - timedelta(days=31))
        )
        last = sa.select(sa.func.max(messages.c.id)).where(messages.c.text == "Dear Ben, answered").scalar_subquery()
        connection.execute(messages.update().where(messages.c.id == last).values(created_at=now - timedelta(days=29)))
    assert tidy(engine, data, Privacy(conversations_days=30))[0] == "1 conversations deleted"
    assert found(data, "I wrote this as Annabel", "A note on Annabel", "quist@elsewhere.example") == {}
    assert set(found(data, "I wrote this as Ben", "I wrote this as a guest", "Annabel Quist")) == {
        "I wrote this as Ben", "I wrote this as a guest", "Annabel Quist",
    }  # fmt: skip
    assert tidy(engine, data, Privacy(conversations_days=30)) == ["nothing was due"]


def test_old_runs_and_logs_go_whole(engine: Engine, data: Path) -> None:
    for name, days in (("runs/old/a.jsonl", 20), ("runs/new/a.jsonl", 20), ("runs/new/b.jsonl", 5), ("logs/a.log", 20)):
        file = data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        moment = datetime.now(UTC).timestamp() - days * 86400
        for each in (file, file.parent):
            os.utime(each, (moment, moment))
    assert tidy(engine, data, Privacy(runs_days=10, logs_days=30)) == ["runs: 1 deleted"]
    assert sorted(each.name for each in (data / "runs").iterdir()) == ["new"]
    assert tidy(engine, data, Privacy(runs_days=10, logs_days=10)) == ["logs: 1 deleted"]


# --- the command line --------------------------------------------------------------------------------------


def test_the_commands(engine: Engine, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(data)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    monkeypatch.delenv("VOUCH_TOKEN_SECRET", raising=False)
    assert run("token", "C-ben-1").count(".") == 2
    assert (data / "token-secret").stat().st_mode & 0o077 == 0
    assert "Imported 2 customers, 2 orders" in run("import-customers", str(tmp_path / "csv"))
    assert "rows written" in run("export", "C-ben-1", str(tmp_path / "ben.json"))
    assert "customers: 1 erased" in run("erase", "C-anna-1", "--yes")
    assert "nothing was due" in run("tidy")
    with engine.connect() as connection:
        assert connection.scalars(sa.select(orders.c.number)).all() == ["AH-UK-700002"]
