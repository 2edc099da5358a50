"""The figures: each formula on cases one can see through, and all of them against a second computation in SQL."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.measure_rows import Period, report
from desk.measures import Figures, Line, Talk, Wait, figures, lasts, nearest_rank, promise_kept, response_times
from desk.store import Conversations
from tests.desk.generated import BEGIN, Weeks
from tests.desk.scripted import cited, reply

SQL = Path(__file__).parents[2] / "eval" / "insights.sql"
AT = datetime(2026, 3, 2, 12)
NOW = AT + timedelta(days=30)


def after(**time: float) -> datetime:
    return AT + timedelta(**time)


def asked(minutes: float = 0) -> Line:
    return Line("customer", after(minutes=minutes))


def answered(minutes: float = 1, topic: str = "Warranty", rating: int = 0) -> Line:
    return Line("assistant", after(minutes=minutes), "answer", True, topic, rating)


def declined(minutes: float = 1) -> Line:
    return Line("assistant", after(minutes=minutes), "decline")


def talk(*lines: Line, begun: datetime = AT, waits: tuple[Wait, ...] = ()) -> Talk:
    return Talk("anna", "guest", "en", begun, lines, waits)


GOOD = talk(asked(), answered())
THANKS = (Line("customer", after(minutes=2)), Line("assistant", after(minutes=3), "small_talk"))


@pytest.mark.parametrize(
    ("found", "verified"),
    [
        (GOOD, True),
        (talk(asked(), declined(), asked(2), answered(3)), True),
        (talk(asked(), answered(), *THANKS), True),
        (talk(asked(), answered(rating=1)), True),
        (talk(asked(), answered(rating=-1)), False),
        (talk(asked(), answered(), asked(2), declined(3)), False),
        (talk(asked(), answered(), asked(2)), False),
        (talk(asked(), replace(answered(), cited=False)), False),
        (talk(asked(), answered(), waits=(Wait(AT),)), False),
    ],
)
def test_what_is_resolved(found: Talk, verified: bool) -> None:
    assert found.verified is verified


def test_a_greeting_alone_asks_for_nothing() -> None:
    greeting = talk(asked(), Line("assistant", after(minutes=1), "small_talk"))
    found = figures([greeting, GOOD], {}, NOW)
    assert (found.conversations, found.asking, found.verified) == (2, 1, 1)


@pytest.mark.parametrize(
    ("other", "still"),
    [
        (talk(asked(), answered(topic="Delivery"), begun=after(hours=5)), True),
        (talk(asked(), answered(), begun=after(hours=5)), False),
        (talk(asked(), declined(), begun=after(hours=5)), False),
        (talk(asked(), answered(), begun=after(hours=73)), True),
        (talk(asked(), answered(), begun=after(hours=-1)), True),
        (talk(*THANKS, begun=after(hours=5)), True),
    ],
)
def test_a_resolution_lasts_until_the_customer_is_back_on_the_matter(other: Talk, still: bool) -> None:
    assert lasts(GOOD, [GOOD, other]) is still


def test_coming_back_in_the_same_conversation() -> None:
    assert lasts(talk(asked(), answered(), asked(10), answered(11)), [])
    assert not lasts(talk(asked(), answered(), asked(300), answered(301)), [])
    assert lasts(talk(asked(), answered(), asked(300), answered(301, "Delivery")), [])


def test_what_is_not_72_hours_old_is_not_known_to_last() -> None:
    found = figures([GOOD], {}, after(hours=72))
    assert (found.verified, found.lasting_known) == (1, 0)
    assert figures([GOOD], {}, after(hours=72, minutes=1)).lasting == 1


def test_response_times_are_the_assistants() -> None:
    lines = (asked(), asked(0.5), answered(1), asked(2), Line("agent", after(minutes=5)), asked(6))
    assert response_times(lines) == [60_000, 30_000]


def test_promises() -> None:
    late, soon = after(minutes=20), after(minutes=5)
    promised = Wait(AT, promised_at=after(minutes=10))
    assert promise_kept(Wait(AT, soon), NOW) is None
    assert promise_kept(replace(promised, claimed_at=soon), NOW) is True
    assert promise_kept(replace(promised, claimed_at=late), NOW) is False
    assert promise_kept(promised, soon) is None
    assert promise_kept(promised, late) is False
    assert promise_kept(replace(promised, withdrawn_at=soon), NOW) is None
    assert promise_kept(replace(promised, withdrawn_at=late), NOW) is False


def test_nearest_rank() -> None:
    assert [nearest_rank([3, 1, 2, 4], each) for each in (50, 95, 1)] == [2, 4, 1]
    assert nearest_rank([], 50) is None


@pytest.fixture
def weeks(engine: Engine) -> Engine:
    made = Weeks(seed=7)
    for _ in range(2000):
        made.conversation()
    made.fill(engine)
    return engine


@pytest.mark.parametrize(("skipped", "days"), [(0, 24), (6, 7)])
def test_sql_finds_the_same_to_the_unit(weeks: Engine, skipped: int, days: int) -> None:
    first = BEGIN.date() + timedelta(days=skipped)
    period, now = Period(first, first + timedelta(days=days - 1)), BEGIN + timedelta(days=24, hours=7, microseconds=5)
    found = report(weeks, period, now)
    ours = {(kind, value): asdict(each) for kind, some in found.figures.items() for value, each in some.items()}
    asked_for = {"first": period.first.isoformat(), "last": period.last.isoformat(), "now": f"{now:%F %T.%f}"}
    with weeks.connect() as connection:
        rows = connection.connection.cursor().execute(SQL.read_text(), asked_for)
        names = [each[0] for each in rows.description]
        theirs = {(row[0], row[1]): dict(zip(names[2:], row[2:], strict=True)) for row in rows}
    assert theirs == ours
    whole = found.all
    assert min(value for value in asdict(whole).values() if value is not None) > 10, "the weeks leave something out"
    assert whole.lasting < whole.lasting_known <= whole.verified < whole.asking < whole.conversations
    assert whole.promises_kept < whole.promises


def test_of_what_the_store_itself_wrote(engine: Engine, store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    store.add_question(conversation, "anna", "How long is the warranty?")
    number = store.add_answer(conversation, "anna", reply(cited("Two years.")))
    today = datetime.now().astimezone().date()
    period = Period(today - timedelta(days=1), today + timedelta(days=1))
    assert report(engine, period).all.verified == 1
    assert list(report(engine, period).figures["topic"]) == ["A"]
    store.rate(conversation, "anna", number, -1)
    assert report(engine, period).all.verified == 0


def test_nothing_is_nothing(engine: Engine) -> None:
    assert report(engine, Period(date(2020, 1, 1), date(2020, 1, 7))).all == Figures()


def test_the_period_before() -> None:
    assert Period(date(2026, 3, 8), date(2026, 3, 14)).former == Period(date(2026, 3, 1), date(2026, 3, 7))
