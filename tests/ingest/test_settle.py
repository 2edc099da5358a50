"""When a changed path is taken: not before it has kept still, and then once."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.settle import Settling, State

REST = 0.5
EIGHTHS = st.integers(0, 16).map(lambda number: number / 8)  # of a second: exact, so that 0.5 s is 0.5 s
A, B = Path("a.md"), Path("b.md")


def test_a_path_is_due_once_it_has_kept_still() -> None:
    settling = Settling(REST)
    settling.changed(A, (3, 1), now=10.0)
    assert settling.due(10.4, lambda _: (3, 1)) == set()
    assert A in settling
    assert settling.due(10.5, lambda _: (3, 1)) == {A}
    assert settling.due(20.0, lambda _: (3, 1)) == set()


def test_a_file_that_grows_unannounced_waits_anew() -> None:
    settling = Settling(REST)
    settling.changed(A, (3, 1), now=10.0)
    assert settling.due(10.6, lambda _: (5, 2)) == set()
    assert settling.due(11.0, lambda _: (5, 2)) == set()
    assert settling.due(11.2, lambda _: (5, 2)) == {A}


def test_a_vanished_path_is_due_as_well() -> None:
    settling = Settling(REST)
    settling.changed(A, (3, 1), now=10.0)
    settling.changed(B, None, now=10.0)
    assert settling.due(10.6, lambda _: None) == {B}
    assert settling.due(11.2, lambda _: None) == {A}


@given(st.lists(st.tuples(st.sampled_from([A, B]), EIGHTHS, st.booleans()), max_size=30))
def test_whatever_happens_nothing_is_due_early_twice_or_never(happenings: list[tuple[Path, float, bool]]) -> None:
    """Each happening: a path is written after some seconds, with or without being noticed if it waits already."""
    settling, states, now = Settling(REST), dict[Path, State](), 0.0
    written: dict[Path, float] = {}
    for number, (path, pause, noticed) in enumerate(happenings):
        now += pause
        for ready in settling.due(now, states.__getitem__):
            assert now - written.pop(ready) >= REST
        states[path], written[path] = (number, number), now
        if noticed or path not in settling:
            settling.changed(path, states[path], now)
    settling.due(now + REST, states.__getitem__)
    assert settling.due(now + 2 * REST, states.__getitem__) <= set(states)
    assert list(settling) == []
