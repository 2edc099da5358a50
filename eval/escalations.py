"""kill -9 while customers are handed over to people: whatever the moment, each has one ticket, and nobody was promised
one that is not there.

A real process serves the customers (`eval/escalating.py`); it is killed at random moments and started again until all
are served. Then the store is read.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.schema import conversations, messages, outbox, tickets, transitions
from eval.escalating import TOLD, visitors
from eval.kill import TOO_LONG, Report
from rag.config import ROOT
from rag.errors import VouchError

LONGEST = 1.0  # seconds of work at most until a kill


def escalations(engine: Engine, data: Path, number: int, seed: int) -> Iterator[Report]:
    """The report so far, after each run over the database in `data`, which `engine` reads; the last one is let through."""
    report, chance, told = Report(), random.Random(seed), dict[str, set[int]]()
    served, began = False, time.perf_counter()
    while not served:
        before = len(told)
        served = _run(data, number, chance.uniform(0, LONGEST), told)
        report.rounds += 1
        if not served:
            report.kills += 1
            report.phases["killed before it served anybody" if len(told) == before else "killed among customers"] += 1
        report.seconds = time.perf_counter() - began
        yield report
    report.phases["tickets told to customers"] = sum(map(len, told.values()))
    report.problems += problems(engine, number) + broken_promises(engine, told)
    yield report


def _run(data: Path, number: int, moment: float, told: dict[str, set[int]]) -> bool:
    """Whether the process served all of them before its moment came."""
    command = [sys.executable, "-m", "eval.escalating", str(data), str(number)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        watchdog = threading.Timer(TOO_LONG, process.kill)
        watchdog.start()
        killer: threading.Timer | None = None
        for line in process.stdout:
            if line.strip() == "ready":
                killer = threading.Timer(moment, process.kill)
                killer.start()
            elif line.endswith("\n"):
                visitor, *numbers = line.split()
                told.setdefault(visitor, set()).update(map(int, numbers))
        watchdog.cancel()
        if killer:
            killer.cancel()
        said = process.stderr.read() if process.stderr else ""
        if process.wait() not in (0, -signal.SIGKILL):
            raise VouchError(f"'python -m eval.escalating' failed: {said.strip()[-500:]}. Run it by hand on {data}.")
        return process.returncode == 0


def problems(engine: Engine, number: int) -> list[str]:
    """What is wrong with what `number` customers left in the store."""
    with engine.connect() as connection:
        owners = {row.id: row.visitor for row in connection.execute(sa.select(conversations))}
        opened = connection.execute(sa.select(tickets)).all()
        steps = Counter(connection.scalars(sa.select(transitions.c.ticket)))
        leaving = Counter(connection.scalars(sa.select(outbox.c.ticket)))
        said = connection.execute(sa.select(messages).where(messages.c.role == "assistant")).all()
    found = [] if len(opened) == number else [f"there are {len(opened)} tickets for {number} customers"]
    each_has = Counter(owners[row.conversation] for row in opened)
    found += [f"{visitor} has {each_has[visitor]} tickets" for visitor in visitors(number) if each_has[visitor] != 1]
    found += [f"ticket {row.number} has {steps[row.number]} steps" for row in opened if steps[row.number] != 1]
    found += [f"ticket {row.number} is told {leaving[row.number]} times" for row in opened if leaving[row.number] != 1]
    owned = {(row.conversation, str(row.number)) for row in opened}
    named = {(row.conversation, each) for row in said for each in TOLD.findall(row.text)}
    found += [f"ticket {name} was promised in {conversation}" for conversation, name in sorted(named - owned)]
    found += [f"nobody was told of ticket {name} in {conversation}" for conversation, name in sorted(owned - named)]
    return found


def broken_promises(engine: Engine, told: dict[str, set[int]]) -> list[str]:
    """Tickets that customers saw announced before a kill, and that are not there or not theirs."""
    with engine.connect() as connection:
        query = sa.select(conversations.c.visitor, tickets.c.number).join(
            tickets, tickets.c.conversation == conversations.c.id
        )
        there = {(row.visitor, row.number) for row in connection.execute(query)}
    seen = {(visitor, number) for visitor, numbers in told.items() for number in numbers}
    return [f"{visitor} was told of ticket {number}, which is not theirs" for visitor, number in sorted(seen - there)]
