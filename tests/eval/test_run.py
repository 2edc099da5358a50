"""Runs over a small shop: turn by turn, the same every time, whatever endpoints and kills do to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from backends import build
from eval.archive import Folder
from eval.cases import Case
from eval.replay import Mode, RecordedChat, Recordings
from eval.results import Run
from eval.summary import summarise
from rag.config import Endpoint, Settings, Writer
from rag.people import Customer, Order
from rag.ports import ChatModel, Embedder
from rag.types import Access, Event, Turn
from tests.doubles.chat_server import ChatServer, error, good
from tests.doubles.chat_server import Mode as ServerMode
from tests.doubles.shelf import Shelf
from tests.eval.stages import Saying, case, play_all, stage, timeless
from tests.rag.shop import FILTER, PROVEN, open_shop

CASES = [
    case("answer", FILTER, id="filter", facts=[["12 months"]], cite=[["airpure.md"]], tags=["plain"]),
    case(
        "answer", FILTER, "And how do I reset its lamp?", id="follow-up", facts=[["3 seconds"]], cite=[["airpure.md"]]
    ),
    case("answer", "可以退货吗？", id="zh", facts=[["30天"]], cite=[["退货.zh.md"]], language="zh"),
    case("answer", FILTER, id="wrong", facts=[["13 months"]]),
    case("hand_off", "I want to talk to a human", "Hello?", id="person", reason="asked_for_person", due=1),
    case("decline", "How big a goodwill voucher may an agent grant?", id="internal", forbid=["£35"]),
]


@pytest.fixture
def shop(tmp_path: Path, minilm: Embedder) -> Iterator[Shelf]:
    made = open_shop(tmp_path, minilm)
    yield made
    made.close()


def test_cases_are_played_turn_by_turn_and_scored(shop: Shelf, tmp_path: Path) -> None:
    on = stage(shop)
    saying = Saying(on)
    done = play_all(CASES, tmp_path / "run", replace(on, ask=saying))
    found = {each.case.id: each for each in done.results}
    assert list(found) == [each.id for each in CASES]
    assert {name: each.scores["outcome"].value for name, each in found.items()} == dict.fromkeys(found, 1.0)
    assert {name for name, each in found.items() if each.scores["facts"].value == 1.0} == {"filter", "follow-up", "zh"}
    assert [each.scores["resolution"].value for each in (found["filter"], found["wrong"])] == [1.0, 0.0]
    assert found["filter"].turns[0].retrieved[0] == "airpure.md"
    assert len(found["person"].turns) == 1  # the conversation is a person's from there on
    turns = saying.calls[2][0]  # of the follow-up
    assert [(each.role, each.outcome) for each in turns] == [
        ("customer", ""),
        ("assistant", "answer"),
        ("customer", ""),
    ]


def test_cases_are_played_at_their_time_as_their_customer(shop: Shelf, tmp_path: Path) -> None:
    known = Customer("C-1", orders=(Order("AH-1", datetime(2026, 11, 1).date(), "shipped"),))
    on = stage(shop)
    saying = Saying(on)
    some = [
        case("answer", FILTER, id="known", customer="C-1", at="2026-01-31T09:00:00"),
        case("answer", FILTER, id="guest"),
        case("answer", FILTER, id="stranger", customer="C-2"),
    ]

    done = play_all(some, tmp_path / "run", replace(on, ask=saying, customer={"C-1": known}.get))
    assert [customer for _, _, customer in saying.calls] == [known, None]
    assert saying.calls[0][1] == Access(today=datetime(2026, 1, 31).date())
    assert done.results[2].error == "LookupError: the records know no customer C-2"


def test_two_runs_give_the_same_numbers_whoever_plays(shop: Shelf, tmp_path: Path) -> None:
    one = play_all(CASES, tmp_path / "one", stage(shop), repeat=2)
    other = play_all(CASES, tmp_path / "other", stage(shop), repeat=2, workers=3)
    assert timeless(one.results) == timeless(other.results)
    assert [each.key for each in one.results][:3] == ["filter#0", "filter#1", "follow-up#0"]
    assert Folder(tmp_path / "one").results() == list(one.results)


def test_a_run_goes_on_behind_its_last_whole_line(shop: Shelf, tmp_path: Path) -> None:
    whole = play_all(CASES, tmp_path / "whole", stage(shop))
    torn = tmp_path / "torn"
    play_all(CASES, torn, stage(shop))
    lines = (torn / "results.jsonl").read_bytes().splitlines(keepends=True)
    (torn / "results.jsonl").write_bytes(b"".join(lines[:2]) + lines[2][:50])
    on = stage(shop)
    saying = Saying(on)
    done = play_all(CASES, torn, replace(on, ask=saying))
    assert timeless(done.results) == timeless(whole.results)
    assert len(saying.calls) == sum(len(each.turns) for each in whole.results[2:])


def test_an_assistant_that_fails_costs_its_case_only(shop: Shelf, tmp_path: Path) -> None:
    on = stage(shop)

    def ask(turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None) -> Iterator[Event]:
        if "reset" in turns[-1].text:
            raise ZeroDivisionError("no luck")
        return on.ask(turns, access, customer)

    done = play_all(CASES, tmp_path / "run", replace(on, ask=ask))
    assert [each.case.id for each in done.results if each.error] == ["follow-up"]
    assert done.results[1].error == "ZeroDivisionError: no luck"
    assert summarise(done).unscored == 1
    saying = Saying(on)
    again = play_all(CASES, tmp_path / "run", replace(on, ask=saying))  # resumed once it works
    assert (summarise(again).unscored, len(saying.calls)) == (0, 2)
    assert timeless(again.results) == timeless(play_all(CASES, tmp_path / "other", on).results)


def models(server: ChatServer, file: Path, mode: Mode = "record") -> tuple[list[ChatModel], Recordings]:
    endpoint = Endpoint(base_url=server.url, model="m", price_in=1, price_out=1)
    writer = Writer(backend="openai", endpoints=(endpoint,), attempts=1, breaker_failures=10**9)
    kept = Recordings(file)
    return [RecordedChat(each, kept, mode) for each in build.chat_models(Settings(writer=writer))], kept


# Each has a prompt of its own; every other one is wrong.
MANY = [
    case("answer", f"{FILTER} Mine is {at}.", id=f"m{at}", facts=[["12 months" if at % 2 else "13 months"]])
    for at in range(20)
]
SAYS: ServerMode = good(f"{PROVEN} [1]", usage=(100, 10))


def run_with(shop: Shelf, where: Path, server: ChatServer, file: Path, mode: Mode = "record") -> tuple[Run, Recordings]:
    chosen, kept = models(server, file, mode)
    return play_all(MANY, where, stage(shop, *chosen)), kept


def test_an_endpoint_that_fails_now_and_then_biases_nothing(shop: Shelf, tmp_path: Path) -> None:
    with ChatServer(SAYS) as server:
        whole, _ = run_with(shop, tmp_path / "whole", server, tmp_path / "a.jsonl")
    with ChatServer(*[error(503) if at % 5 == 2 else SAYS for at in range(len(MANY))]) as server:
        done, _ = run_with(shop, tmp_path / "done", server, tmp_path / "b.jsonl")
    unscored = {each.key for each in done.results if each.error}
    assert len(unscored) == 4
    scored = [each for each in done.results if not each.error]
    assert timeless(scored) == timeless([each for each in whole.results if each.key not in unscored])
    figures = summarise(done)
    assert (figures.resolution.value, figures.resolution.of, figures.unscored) == (0.5, 16, 4)
    assert summarise(whole).resolution.value == 0.5
    assert {each.turns[0].writer for each in scored} == {"m"}


def test_what_is_replayed_asks_nobody_and_comes_to_the_same(shop: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    with ChatServer(*[error(503) if at == 4 else SAYS for at in range(len(MANY))]) as server:
        first, _ = run_with(shop, tmp_path / "first", server, file)
        strict, kept = run_with(shop, tmp_path / "strict", server, file, "strict")
        assert (len(server.requests), kept.asked, kept.replayed) == (len(MANY), 0, len(MANY) - 1)
        assert [each.key for each in strict.results if each.error] == ["m4#0"]
        again, kept = run_with(shop, tmp_path / "again", server, file, "replay")
        assert (len(server.requests), kept.asked) == (len(MANY) + 1, 1)
    assert timeless(strict.results[:4] + strict.results[5:]) == timeless(first.results[:4] + first.results[5:])
    assert summarise(again).unscored == 0
    assert summarise(again).cost == pytest.approx(len(MANY) * 110 / 1e6)


def test_a_changed_prompt_is_asked_and_each_repeat_has_its_own_reply(shop: Shelf, tmp_path: Path) -> None:
    file, asked = tmp_path / "replies.jsonl", MANY[1]
    other: Case = asked.model_copy(update={"id": "other", "turns": (f"{FILTER} Really?",)})
    said = [good("No number here [1]."), SAYS]
    with ChatServer(*said) as server:
        chosen, _ = models(server, file)
        first = play_all([asked], tmp_path / "first", stage(shop, *chosen), repeat=2)
        chosen, kept = models(server, file, "replay")
        again = play_all([asked, other], tmp_path / "again", stage(shop, *chosen), repeat=2)
    assert kept.asked == 2  # the other one, twice
    assert timeless(again.results[:2]) == timeless(first.results)
    assert first.results[0].turns[0].writer != first.results[1].turns[0].writer
