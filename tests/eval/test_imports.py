"""Cases from life: drafted once from a real store, without personal data, and moved among the cases by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from backends.database import open_database
from desk.erasure import erase
from desk.handoff import Claim, Escalate, Resolve
from desk.moves import Actor
from desk.store import Conversations
from desk.tickets import Tickets
from desk.troubled import troubled
from eval.__main__ import app
from eval.cases import CasesError, read_cases
from eval.drafts import Draft, accept, read_drafts, reject, write_drafts
from eval.imports import draft_id, new_drafts
from rag.types import Outcome
from tests.desk.scripted import cited, reply

DOCUMENTS = ["policies/returns-2026.md", "faq/general.csv"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "data")
    yield opened
    opened.dispose()


class Chat:
    """A conversation in the store, written line by line."""

    def __init__(self, engine: Engine) -> None:
        self.store, self.tickets = Conversations(engine), Tickets(engine)
        self.id = self.store.begin("anna", "en")

    def customer(self, text: str) -> Chat:
        self.store.add_question(self.id, "anna", text)
        return self

    def assistant(self, text: str, outcome: Outcome = "answer", down: bool = False) -> Chat:
        message = self.store.add_answer(self.id, "anna", reply(cited(text), outcome=outcome))
        if down:
            self.store.rate(self.id, "anna", message, -1)
        return self

    def handed_off(self, rule: str) -> Chat:
        said = reply(cited("A person takes over."), outcome="hand_off")
        said = replace(said, decision=replace(said.decision, rule=rule))
        ticket, *_ = self.store.hand_off(self.id, "anna", Escalate(rule, "because"), "key", lambda _: said)
        self.tickets.move(ticket.number, Claim("ada"), ADA)
        self.number = ticket.number
        return self

    def agent(self, text: str) -> Chat:
        self.tickets.say(self.number, "ada", "Ada", text)
        return self

    def resolved(self) -> Chat:
        self.tickets.move(self.number, Resolve("ada"), ADA)
        return self


ADA = Actor("agent:ada", "Ada")


def drafted(engine: Engine) -> list[Draft]:
    return new_drafts(troubled(engine), ())


def test_what_went_well_is_not_drafted(engine: Engine) -> None:
    Chat(engine).customer("How long?").assistant("24 months.")
    Chat(engine)
    assert drafted(engine) == []


def test_an_answer_rated_down_becomes_a_question_without_an_answer_yet(engine: Engine) -> None:
    chat = Chat(engine).customer("Hello").assistant("Hello!", "small_talk")
    chat.customer("How long is the warranty?").assistant("Six years.", down=True).customer("No!").assistant("Sorry.")
    (draft,) = drafted(engine)
    assert draft.why == ("rated down",)
    assert draft.case["turns"] == ["Hello", "How long is the warranty?"]
    assert draft.case["expect"] == "answer"
    assert "What would have been right?" in draft.guess


def test_a_conversation_handed_off_expects_so_from_that_turn_on(engine: Engine) -> None:
    chat = Chat(engine).customer("Where is it?").assistant("Which order?", "clarify")
    chat.customer("You charged me twice!").handed_off("payment_dispute").customer("Thanks").agent("I look into it.")
    (draft,) = drafted(engine)
    assert draft.why == ("handed off",)
    assert draft.case["turns"] == ["Where is it?", "You charged me twice!"]
    assert (draft.case["expect"], draft.case["reason"], draft.case["due"]) == ("hand_off", "payment_dispute", 2)


def test_what_the_agent_answered_becomes_facts_where_the_assistant_should_have_known(engine: Engine) -> None:
    chat = Chat(engine).customer("Can I return it?").assistant("I do not know.", "decline")
    chat.customer("Can I return it or not?").handed_off("repeated")
    chat.agent("Yes, within 30 days. The label is free.").agent("Anything else?").customer("No").agent("Bye.")
    (draft,) = drafted(engine)
    assert draft.case["expect"] == "answer"
    assert draft.case["facts"] == [["Yes, within 30 days."], ["The label is free."], ["Anything else?"]]
    assert draft.case["turns"] == ["Can I return it?", "Can I return it or not?"]


def test_a_conversation_opened_again_says_so(engine: Engine) -> None:
    chat = Chat(engine).customer("Why?").handed_off("repeated").agent("Because it rains.").resolved()
    chat.customer("That is no answer")
    (draft,) = drafted(engine)
    assert draft.why == ("handed off", "reopened")
    assert draft.case["turns"] == ["Why?"]


def test_no_number_or_address_and_no_conversations_id_reaches_a_draft(engine: Engine) -> None:
    chat = Chat(engine).customer(
        "I am on 07700 900121 or jane@example.com, card 4111 1111 1111 1111, order AH-UK-204518"
    )
    chat.handed_off("low_confidence").agent("I wrote to jane@example.com.")
    (draft,) = drafted(engine)
    text = draft.model_dump_json()
    for secret in ("900121", "jane", "4111", chat.id):
        assert secret not in text
    assert "AH-UK-204518" in text
    assert "I wrote to [e-mail]." in text


def import_once(tmp_path: Path) -> Path:
    result = CliRunner().invoke(app, ["import", "--data", str(tmp_path / "data")])
    assert result.exit_code == 0, result.output
    return tmp_path / "data" / "drafts" / "life.drafts.jsonl"


def test_a_conversation_is_imported_once_also_after_it_was_settled(engine: Engine, tmp_path: Path) -> None:
    first = Chat(engine).customer("Why?").assistant("Because.", down=True)
    file = import_once(tmp_path)
    before = file.read_bytes()
    assert import_once(tmp_path).read_bytes() == before
    reject(file, [draft_id(first.id)])
    second = Chat(engine).customer("Who?").assistant("Me.", down=True)
    import_once(tmp_path)
    assert [(each.id, each.state) for each in read_drafts(file)] == [
        (draft_id(first.id), "rejected"),
        (draft_id(second.id), "draft"),
    ]
    assert b"Why?" not in file.read_bytes()


def test_a_customer_who_is_erased_is_erased_from_drafts_too(engine: Engine, tmp_path: Path) -> None:
    Chat(engine).customer('It is for Zebulon,\nring 07700 900121 "today"').assistant("Why?", down=True)
    file = import_once(tmp_path)
    assert b"Zebulon" in file.read_bytes()
    erase(engine, tmp_path / "data", "anna")
    assert b"Zebulon" not in file.read_bytes()
    assert read_drafts(file) == []  # nor can it be drafted again: the conversation is gone


def test_drafts_never_go_where_cases_are_read(engine: Engine, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["import", str(tmp_path / "x.cases.jsonl"), "--data", str(tmp_path / "data")])
    assert isinstance(result.exception, CasesError)
    assert not (tmp_path / "x.cases.jsonl").exists()


# --- accepting ---------------------------------------------------------------------------------------------

READY = {"id": "life-1", "turns": ["Can I return it?"], "expect": "answer", "facts": [["30 days"]]} | {
    "cite": [["policies/returns-2026.md"]]
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "life.drafts.jsonl"
    handed = {"id": "life-2", "turns": ["A person!"], "expect": "hand_off", "reason": "asked_for_person"}
    write_drafts(path, [Draft(id="life-1", guess="?", case=READY), Draft(id="life-2", guess="?", case=handed)])
    return path


def test_accepted_drafts_become_cases_beside_those_that_are_there(file: Path, tmp_path: Path) -> None:
    into = tmp_path / "life.cases.jsonl"
    into.write_text('{"id": "old", "turns": ["您好"], "expect": "small_talk"}', encoding="utf-8")
    accept(file, ["life-1"], into, DOCUMENTS)
    accept(file, ["life-2"], into, DOCUMENTS)
    assert [case.id for case in read_cases([into], DOCUMENTS)] == ["old", "life-1", "life-2"]
    assert [each.state for each in read_drafts(file)] == ["accepted", "accepted"]
    with pytest.raises(CasesError, match="'life-1' is accepted already"):
        accept(file, ["life-1"], into, DOCUMENTS)


def test_accepting_again_what_was_moved_before_a_kill_moves_nothing_twice(file: Path, tmp_path: Path) -> None:
    into, before = tmp_path / "life.cases.jsonl", file.read_bytes()
    accept(file, ["life-1"], into)
    file.write_bytes(before)
    accept(file, ["life-1"], into)
    assert len(read_cases([into])) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"facts": []}, "needs the facts it must hold"),
        ({"cite": []}, "needs the facts it must hold"),
        ({"cite": [["no.md"]]}, "no document 'no.md'"),
        ({"expect": "perhaps"}, "expect"),
        ({"fact": "x"}, "unknown field 'fact'"),
        (
            {"facts": [["You may return it within 30 days of delivery without a reason, free of charge."]]},
            "whole sentence",
        ),
        ({"facts": [["call [phone]"]]}, "somebody's own data"),
    ],
)
def test_a_draft_that_is_no_case_yet_stays_with_line_and_reason(
    file: Path, tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    drafts = read_drafts(file)
    write_drafts(file, [drafts[1], Draft(id="life-1", case=READY | change)])
    before, into = file.read_bytes(), tmp_path / "life.cases.jsonl"
    with pytest.raises(CasesError) as caught:
        accept(file, ["life-2", "life-1"], into, DOCUMENTS)
    assert f"{file}:2: " in str(caught.value)
    assert reason in str(caught.value)
    assert not into.exists()
    assert file.read_bytes() == before


def test_a_broken_file_of_drafts_is_told_with_its_line(file: Path, tmp_path: Path) -> None:
    file.write_text(file.read_text() + json.dumps({"id": "life-3", "sate": "draft"}) + "\n")
    with pytest.raises(CasesError, match=r"life\.drafts\.jsonl:3: sate"):
        accept(file, ["life-1"], tmp_path / "into.jsonl")


def test_only_drafts_that_are_there_can_be_thrown_away(file: Path) -> None:
    with pytest.raises(CasesError, match="no draft 'life-9'"):
        reject(file, ["life-1", "life-9"])
    assert [each.state for each in read_drafts(file)] == ["draft", "draft"]
