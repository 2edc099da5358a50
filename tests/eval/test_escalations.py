"""The kill test of hand-overs in small, and that what it looks with can see what it looks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backends.database import open_database
from desk.schema import messages, tickets, transitions
from eval.escalating import serve
from eval.escalations import broken_promises, escalations, problems


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(tmp_path)
    yield made
    made.dispose()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_customer_has_one_ticket_however_often_the_process_is_killed(engine: Engine, tmp_path: Path) -> None:
    *_, report = escalations(engine, tmp_path, 20, seed=7)
    assert report.problems == []
    assert report.phases["tickets told to customers"] <= 20


def test_a_lost_a_doubled_and_a_merely_promised_ticket_are_seen(engine: Engine) -> None:
    said = list[str]()
    serve(engine, 3, said.append)
    told = {line.split()[0]: set(map(int, line.split()[1:])) for line in said if line != "ready"}
    assert (problems(engine, 3), broken_promises(engine, told)) == ([], [])
    (first, *_) = sorted(told["visitor-00000"])
    with engine.begin() as connection:
        connection.execute(transitions.delete().where(transitions.c.ticket == first))
    assert problems(engine, 3) == [f"ticket {first} has 0 steps"]
    assert broken_promises(engine, {"visitor-00001": {first}}) == [
        f"visitor-00001 was told of ticket {first}, which is not theirs"
    ]
    with engine.begin() as connection:
        connection.execute(messages.update().where(messages.c.text.contains(f"is {first}.")).values(text="Soon."))
        connection.execute(messages.update().values(text="stored; its number is 77."))
    found = problems(engine, 3)
    assert any("ticket 77 was promised" in each for each in found)
    assert any(f"nobody was told of ticket {first}" in each for each in found)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("DELETE FROM outbox")
        connection.execute(transitions.delete())
        connection.execute(tickets.delete().where(tickets.c.number == first))
    assert "there are 2 tickets for 3 customers" in problems(engine, 3)
