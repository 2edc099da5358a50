"""The hand-over's state machine: what may follow what, who has the word, and refusals one can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from desk.handoff import (
    URGENT,
    AgentGone,
    Answer,
    Claim,
    CustomerMessage,
    Escalate,
    Event,
    HandBack,
    Handoff,
    Kind,
    Limits,
    NotPossible,
    PassOn,
    Resolve,
    Speak,
    Unclaimed,
    Withdraw,
    speaker,
    step,
)

NOW = datetime(2026, 3, 2, 9)
LIMITS = Limits(reopen=timedelta(hours=72), unclaimed=timedelta(minutes=10))
WAITING = Handoff("waiting", NOW, team="returns", priority=1)
CLAIMED = replace(WAITING, state="claimed", agent="ada")
RESOLVED = replace(CLAIMED, state="resolved")
BACK = replace(CLAIMED, state="assistant", agent="")
ASK = Escalate("asked_for_person", "the customer asked", priority=2, team="returns")


def after(handoff: Handoff | None, *events: Event, at: datetime = NOW) -> Handoff | None:
    """The state after these events."""
    for event in events:
        taken = step(handoff, event, at, LIMITS)
        handoff = taken.after if taken else handoff
    return handoff


@pytest.mark.parametrize(
    ("before", "event", "kind", "state", "agent"),
    [
        (None, ASK, "opened", "waiting", ""),
        (BACK, ASK, "opened", "waiting", ""),
        (WAITING, ASK, "raised", "waiting", ""),
        (RESOLVED, ASK, "reopened", "waiting", "ada"),
        (WAITING, Claim("ada"), "claimed", "claimed", "ada"),
        (CLAIMED, PassOn("ada", to_agent="bo"), "passed_on", "waiting", "bo"),
        (CLAIMED, PassOn("ada", to_team="repairs"), "passed_on", "waiting", ""),
        (CLAIMED, HandBack("ada"), "handed_back", "assistant", ""),
        (CLAIMED, Resolve("ada"), "resolved", "resolved", "ada"),
        (CLAIMED, AgentGone("ada"), "requeued", "waiting", ""),
        (replace(WAITING, agent="ada"), AgentGone("ada"), "freed", "waiting", ""),
        (WAITING, Withdraw(), "withdrawn", "assistant", ""),
        (CLAIMED, Withdraw(), "withdrawn", "assistant", ""),
        (RESOLVED, CustomerMessage(), "reopened", "waiting", "ada"),
    ],
)
def test_what_follows_what(before: Handoff | None, event: Event, kind: Kind, state: str, agent: str) -> None:
    taken = step(before, event, NOW, LIMITS)
    assert taken is not None
    assert (taken.kind, taken.after.state, taken.after.agent) == (kind, state, agent)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (None, CustomerMessage()),
        (None, Answer()),
        (WAITING, Answer()),
        (WAITING, CustomerMessage()),
        (WAITING, replace(ASK, priority=0)),
        (WAITING, Unclaimed()),
        (CLAIMED, ASK),
        (CLAIMED, CustomerMessage()),
        (CLAIMED, Claim("ada")),
        (CLAIMED, Speak("ada")),
        (CLAIMED, AgentGone("bo")),
        (CLAIMED, Unclaimed()),
        (RESOLVED, Answer()),
        (RESOLVED, AgentGone("ada")),
        (RESOLVED, CustomerMessage(closing=True)),
    ],
)
def test_what_changes_nothing(before: Handoff | None, event: Event) -> None:
    assert step(before, event, NOW, LIMITS) is None


@pytest.mark.parametrize(
    ("before", "event", "code"),
    [
        (None, Claim("ada"), "NO_TICKET"),
        (BACK, Claim("ada"), "NOT_WAITING"),
        (RESOLVED, Claim("ada"), "NOT_WAITING"),
        (CLAIMED, Claim("bo"), "TAKEN"),
        (WAITING, Claim(""), "NOBODY"),
        (WAITING, Resolve("ada"), "NOT_YOURS"),
        (WAITING, Speak("ada"), "NOT_YOURS"),
        (CLAIMED, Speak("bo"), "NOT_YOURS"),
        (CLAIMED, HandBack("bo"), "NOT_YOURS"),
        (CLAIMED, PassOn("ada"), "NOBODY"),
        (CLAIMED, PassOn("ada", to_agent="ada"), "NOBODY"),
        (CLAIMED, Answer(), "CLAIMED"),
        (None, Withdraw(), "NOT_WAITING"),
        (RESOLVED, Withdraw(), "NOT_WAITING"),
    ],
)
def test_what_is_refused_says_why(before: Handoff | None, event: Event, code: str) -> None:
    with pytest.raises(NotPossible, match=r"^\w.{20,}\.$") as refused:
        step(before, event, NOW, LIMITS)
    assert refused.value.code == code


def test_only_one_may_speak() -> None:
    assert [speaker(each) for each in (None, WAITING, CLAIMED, RESOLVED, BACK)] == ["", "", "ada", "", ""]


def test_a_message_long_after_the_end_is_the_assistants() -> None:
    last = NOW + LIMITS.reopen
    assert after(RESOLVED, CustomerMessage(), at=last) == replace(RESOLVED, state="waiting", since=last)
    assert after(RESOLVED, CustomerMessage(), at=last + timedelta(seconds=1)) == replace(
        RESOLVED, state="assistant", agent="", since=last + timedelta(seconds=1)
    )


def test_a_wait_gets_more_urgent_each_time_and_is_then_anybodys() -> None:
    handoff: Handoff | None = replace(WAITING, agent="ada", priority=URGENT - 1)
    raised = list[tuple[int, int, str]]()
    for minutes in (9, 10, 11, 55, 56, 60):
        handoff = after(handoff, Unclaimed(), at=NOW + timedelta(minutes=minutes))
        assert handoff is not None
        raised.append((handoff.priority, handoff.raises, handoff.agent))
    assert raised == [(8, 0, "ada"), (9, 1, ""), (9, 1, ""), (9, 5, ""), (9, 5, ""), (9, 6, "")]
    assert handoff.since == NOW  # it goes on counting as the wait it is


def test_whoever_passes_on_gives_up_the_word_at_once() -> None:
    with pytest.raises(NotPossible):
        after(CLAIMED, PassOn("ada", to_agent="bo"), Speak("ada"))
    assert after(CLAIMED, PassOn("ada", to_agent="bo"), Claim("bo"), Speak("bo"), Resolve("bo")) == replace(
        RESOLVED, agent="bo"
    )
