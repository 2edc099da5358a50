"""Conversations, feedback and requests: what goes in comes out, and only to its own visitor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from backends.database import open_database
from desk.handoff import Escalate
from desk.moves import Moved
from desk.records import NotYours, Ticket, reply_from_json, reply_to_json
from desk.schema import metadata
from desk.store import Conversations
from rag.types import AnswerSentence, Decision, Reply, Usage
from tests.desk.scripted import cited, reply


def test_messages_come_back_in_order_with_their_citations(store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    store.add_question(conversation, "anna", "How long?")
    answer = store.add_answer(conversation, "anna", reply(cited("24 months.")))
    asked, answered = store.messages(conversation, "anna")
    assert (asked.role, asked.text, asked.reply) == ("customer", "How long?", None)
    assert (answered.id, answered.reply) == (answer, reply(cited("24 months.")))


def test_what_was_asked_back_survives_and_replies_stored_before_there_was_such_a_thing_are_read() -> None:
    asked = Reply(Decision("clarify", 0.5, ("two",), ("A 1", "A 2"), ("lamp",)), (), "en", "fixed")
    stored = reply_to_json(asked)
    assert reply_from_json(json.loads(json.dumps(stored))) == asked
    del stored["decision"]["options"], stored["decision"]["about"]
    assert reply_from_json(stored).options == ()


def test_a_reply_survives_json_with_big_chunk_numbers() -> None:
    original = reply(cited("Über 中文 <b>", chunk=2**63 - 1))
    assert reply_from_json(reply_to_json(original)) == original


def test_what_an_answer_cost_is_kept_with_it(store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    usage = Usage("m", 900, 40, 0.0021, estimated=True)
    store.add_answer(conversation, "anna", replace(reply(cited("24 months.")), usage=usage))
    (answered,) = store.messages(conversation, "anna")
    assert answered.reply is not None
    assert answered.reply.usage == usage


def test_an_answer_of_before_costs_were_kept_is_read() -> None:
    older = reply_to_json(reply(cited("24 months.")))
    del older["usage"]
    assert reply_from_json(older).usage == Usage()


def test_the_latest_conversation_is_the_newest_one_of_the_visitor(store: Conversations) -> None:
    assert store.latest("anna") == ""
    store.begin("anna", "en")
    second = store.begin("anna", "en")
    store.begin("ben", "en")
    assert store.latest("anna") == second


def test_ids_are_long_and_never_the_same(store: Conversations) -> None:
    ids = {store.begin("anna", "en") for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 20


def test_a_rating_can_be_given_changed_and_taken_back(store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    answer = store.add_answer(conversation, "anna", reply(cited("Yes.")))
    for value in (1, -1, 0, 1):
        store.rate(conversation, "anna", answer, value)
        assert store.messages(conversation, "anna")[0].rating == value


def test_only_answers_of_the_same_conversation_are_rated(store: Conversations) -> None:
    first, second = store.begin("anna", "en"), store.begin("anna", "en")
    question, _ = store.add_question(first, "anna", "?")
    elsewhere = store.add_answer(second, "anna", reply(cited("Yes.")))
    for message in (question, elsewhere, 999):
        with pytest.raises(NotYours):
            store.rate(first, "anna", message, 1)


def ask(store: Conversations, conversation: str, visitor: str, key: str = "") -> Ticket:
    """A ticket, with a reply that names it."""

    def words(moved: Moved) -> Reply:
        assert moved.ticket is not None
        return reply(AnswerSentence(f"Number {moved.ticket.number}"), outcome="hand_off")

    event = Escalate("asked_for_person", "the customer asked for a person")
    return store.hand_off(conversation, visitor, event, key, words)[0]


def test_a_conversation_has_one_open_ticket_and_the_reply_names_it(store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    first = ask(store, conversation, "anna")
    assert ask(store, conversation, "anna") == first
    assert store.leave_contact(conversation, "anna", "anna@example.org").contact == "anna@example.org"
    assert ask(store, conversation, "anna") == store.ticket(conversation, "anna")
    assert {each.text for each in store.messages(conversation, "anna")} == {f"Number {first.number}"}


def test_a_contact_without_a_request_is_refused(store: Conversations) -> None:
    with pytest.raises(NotYours):
        store.leave_contact(store.begin("anna", "en"), "anna", "x")


WAYS_IN: dict[str, Callable[[Conversations, str, str], object]] = {
    "add_question": lambda store, c, v: store.add_question(c, v, "x"),
    "add_answer": lambda store, c, v: store.add_answer(c, v, reply()),
    "rate": lambda store, c, v: store.rate(c, v, 1, 1),
    "hand_off": lambda store, c, v: ask(store, c, v),
    "withdraw": lambda store, c, v: store.withdraw(c, v),
    "leave_contact": lambda store, c, v: store.leave_contact(c, v, "x"),
    "messages": lambda store, c, v: store.messages(c, v),
    "ticket": lambda store, c, v: store.ticket(c, v),
    "mark": lambda store, c, v: store.mark(c, v),
}


@pytest.mark.parametrize("name", WAYS_IN)
def test_no_way_into_another_visitors_conversation(store: Conversations, name: str) -> None:
    conversation = store.begin("anna", "en")
    store.add_answer(conversation, "anna", reply(cited("Yes.")))
    ask(store, conversation, "anna")
    for visitor in ("ben", "", "anna' OR 1=1 --"):
        with pytest.raises(NotYours):
            WAYS_IN[name](store, conversation, visitor)
    with pytest.raises(NotYours):
        WAYS_IN[name](store, "no-such-conversation", "anna")
    assert len(store.messages(conversation, "anna")) == 2


def test_every_public_method_is_held_to_its_visitor() -> None:
    public = {name for name in vars(Conversations) if not name.startswith("_")}
    assert public == {*WAYS_IN, "begin", "latest"}


def test_the_tables_are_those_of_the_migrations(engine: Engine) -> None:
    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        made = {column["name"]: bool(column["nullable"]) for column in inspector.get_columns(table.name)}
        assert {column.name: bool(column.nullable) for column in table.columns} == {
            name: nullable and name not in table.primary_key.columns for name, nullable in made.items()
        }


KILLED = """
import os, signal, sys
from pathlib import Path
from backends.database import open_database
from desk.store import Conversations
from desk.handoff import Escalate
store = Conversations(open_database(Path(sys.argv[1])))
conversation = store.begin("anna", "en")
store.add_question(conversation, "anna", "Are you there?")
store.hand_off(conversation, "anna", Escalate("safety", "smoke"), "", lambda moved: None)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_stored_survives_a_kill(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert done.returncode == -signal.SIGKILL
    engine = open_database(tmp_path)
    store = Conversations(engine)
    conversation = store.latest("anna")
    assert [each.text for each in store.messages(conversation, "anna")] == ["Are you there?"]
    ticket = store.ticket(conversation, "anna")
    assert ticket is not None
    assert (ticket.state, ticket.rule) == ("waiting", "safety")
    engine.dispose()
