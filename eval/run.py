"""A run: every case as often as wanted, several at a time, each result stored as soon as it is there.

Knows the order of results and what a run that was killed has left to do; plays and stores by `play` and `archive`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from eval.archive import Folder
from eval.cases import Case
from eval.controls import sound
from eval.play import Stage, play
from eval.results import Header, Result, Run

Told = Callable[[Result], None]


def run(cases: Sequence[Case], header: Header, folder: Folder, stage: Stage, workers: int, told: Told) -> Run:
    """Play what is not stored yet in `folder`, and finish the run. `told` hears of each result, those stored before too.

    A result without scores is played again: that its endpoint was away is no part of the run. The same cases give the
    same results in the same order, however many play and however often it was killed; only times differ.
    """
    folder.write(header)
    stage = replace(stage, scorers=sound(stage.scorers))
    wanted = [(case, repeat) for case in cases for repeat in range(header.repeat)]
    results = {each.key: each for each in folder.results() if not each.error}
    for each in results.values():
        told(each)
    lock = threading.Lock()

    def one(case: Case, repeat: int) -> None:
        result = play(case, repeat, stage)
        with lock:
            folder.append(result)
            results[result.key] = result
            told(result)

    left = [(case, repeat) for case, repeat in wanted if key(case, repeat) not in results]
    pool = ThreadPoolExecutor(workers)
    try:
        for playing in [pool.submit(one, *each) for each in left]:
            playing.result()
    finally:
        pool.shutdown(cancel_futures=True)
    ordered = tuple(results[key(*each)] for each in wanted)
    finished = header.model_copy(update={"finished_at": datetime.now(UTC).isoformat(timespec="seconds")})
    folder.finish(finished, ordered)
    return Run(header=finished, results=ordered)


def key(case: Case, repeat: int) -> str:
    """As Result.key."""
    return f"{case.id}#{repeat}"
