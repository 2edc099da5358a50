"""Gaps: what was not resolved, with what agents answered; an outline an editor can begin with, that names nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import Engine

from desk.gaps import gaps, outline
from desk.handoff import Claim
from desk.measure_rows import Period
from desk.moves import Actor
from desk.questions import Asked
from desk.service import Desk
from desk.store import Conversations
from desk.tickets import Tickets
from desk.topics import Question
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.embedder import HashEmbedder

TODAY = datetime.now(UTC).date()
PERIOD = Period(TODAY - timedelta(days=6), TODAY)


@pytest.fixture
def asked(engine: Engine, store: Conversations) -> Asked:
    """Three customers ask what nothing answers, one of them an agent; one asks what is answered, and rates it down."""
    desk = Desk(
        store, Scripted(lambda turns: reply(cited("No."), outcome="answer" if "fog" in turns[-1].text else "decline"))
    )
    for visitor, text in (
        ("anna", "Do you sell spare wheels?"),
        ("ben", "do you sell spare wheels"),
        ("carl", "fog?"),
        ("d", "fog?"),
    ):
        conversation = desk.begin(visitor, "en")
        list(desk.handle_message(conversation, visitor, text))
        if visitor == "carl":
            store.rate(conversation, visitor, store.messages(conversation, visitor)[-1].id, -1)
        if visitor == "ben":
            number = desk.request_person(conversation, visitor, "en").number
            tickets = Tickets(engine)
            tickets.move(number, Claim("emma"), Actor("agent:emma"))
            tickets.say(number, "emma", "Emma", "Yes, part 4711.\n# Ask\n---\nMail me: emma@example.com")
    return Asked(engine, HashEmbedder())


def test_what_was_not_resolved_is_grouped_with_what_agents_said(asked: Asked) -> None:
    wheels, fog = asked.gaps(PERIOD)
    assert (wheels.count, len(wheels.conversations)) == (2, 2)
    assert wheels.wordings == ("do you sell spare wheels",)
    assert wheels.answers == ("Yes, part 4711. # Ask --- Mail me: [e-mail]",)
    assert (fog.count, fog.answers) == (1, ())


def test_an_outline_is_a_document_to_be(asked: Asked) -> None:
    text = outline(asked.gaps(PERIOD)[0])
    _, front, body = text.split("---\n", 2)
    assert set(yaml.safe_load(front)["title"].split()) == {"sell", "spare", "wheels"}
    assert "## do you sell spare wheels\n" in body
    assert "- Yes, part 4711." in body
    assert "example.com" not in text
    assert "\n# Ask" not in body  # what an agent wrote makes no heading


def test_in_the_customers_language() -> None:
    found = gaps(
        [Question("a", "净化器会漏水吗", "decline", "c1"), Question("b", "净化器会漏水吗？", "decline", "c2")], {}
    )
    assert [each.language for each in found] == ["zh"]
    assert "还没有客服回答过" in outline(found[0])


def test_an_older_period_has_none(asked: Asked) -> None:
    assert asked.gaps(PERIOD.former) == []
