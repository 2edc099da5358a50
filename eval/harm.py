"""What else may befall a sync than a kill: two at once, files rewritten under its hands, a full disk."""

from __future__ import annotations

import os
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.dump import live_documents
from eval.kill import TOO_LONG, Report, Setting, compare, copied, problems_of, sync
from eval.workbench import Workbench
from ingest.loaders import load
from ingest.pipeline import Pipeline
from rag.errors import VouchError
from rag.types import Document

WORDS = ("amber", "cobalt", "indigo", "scarlet")  # one in every line of a content
LINES = 400
PAUSE = 0.08  # seconds at most between two rewrites: some are read in between, some are met half-way
ROOM = (0, 64, 256, 1024, 4096, 65536)  # kB left on the disk when a run begins


def pairs(setting: Setting, data: Path, rounds: int, seed: int) -> Iterator[Report]:
    """Two syncs of the same store, begun within half a second of each other; the report so far, after each pair."""
    report, chance = Report(seconds=setting.seconds), random.Random(seed)
    for _ in range(rounds):
        copied(setting.first, data)
        with sync(setting.folder, data) as one:
            _pause(one, chance.uniform(0, 0.5))
            with sync(setting.folder, data) as other:
                ended = [(*process.communicate(timeout=TOO_LONG), process.returncode) for process in (one, other)]
        report.problems += _pair_problems([(said, code) for _, said, code in ended])
        report.phases["both went through" if not any(code for *_, code in ended) else "one was told to wait"] += 1
        compare(setting, data, report)
        yield report


def _pause(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass


def _pair_problems(ended: list[tuple[str, int]]) -> list[str]:
    if all(code for _, code in ended):
        return ["of two at once neither went through"]
    return [f"of two at once one ended with {code}: {said}" for said, code in ended if code and not _told(said, code)]


def _told(said: str, code: int) -> bool:
    return code == 2 and len(said.strip().splitlines()) == 1 and "in use by" in said


def rewrites(bench: Workbench, scratch: Path, times: int, seed: int) -> Iterator[Report]:
    """Syncs of a file while it is rewritten `times` times; what is live is never pieced together from two contents."""
    folder, report, chance = scratch / "documents", Report(), random.Random(seed)
    folder.mkdir(parents=True)
    file, done = folder / "rewritten.txt", threading.Event()
    file.write_text(_content(0))

    def write() -> None:
        for number in range(1, times + 1):
            _rewrite(file, _content(number), chance)
            done.wait(chance.uniform(0, PAUSE))
        done.set()

    with bench.open_store(scratch / "data") as store:
        pipeline = Pipeline(store, _parse, bench.count, bench.settings.ingest)
        list(pipeline.sync(folder)[1])
        writer = threading.Thread(target=write)
        writer.start()
        last = False
        while not last:
            last = done.is_set()  # and once more, when it lies still
            report.phases.update(each.result for each in pipeline.sync(folder)[1])
            report.rounds += 1
            live = [chunk.text for each in live_documents(store).values() for chunk in each.chunks]
            found = [word for word in WORDS if any(word in text for text in live)]
            if len(found) != 1:
                report.problems.append(f"sync {report.rounds} made live a text of {' and '.join(found) or 'nothing'}")
            yield report
        writer.join()
        if WORDS[times % len(WORDS)] not in found:
            report.problems.append("the last content is not live")
        yield report


def _content(number: int) -> str:
    word = WORDS[number % len(WORDS)]
    return "".join(
        f"The {word} hose {line} is rinsed.\n\n" if not line % 40 else f"The {word} line.\n" for line in range(LINES)
    )


def _rewrite(file: Path, content: str, chance: random.Random) -> None:
    if chance.random() < 0.5:  # as programs do that save with care
        part = file.with_suffix(".part")
        part.write_text(content)
        part.replace(file)
        return
    with file.open("w") as opened:  # and as others do
        for at in range(0, len(content), 1000):
            opened.write(content[at : at + 1000])
            opened.flush()
            if chance.random() < 0.1:
                threading.Event().wait(chance.uniform(0, 0.02))


def _parse(path: Path, name: str) -> Document:
    return load(path.read_bytes(), name)


def full_disk(setting: Setting, mount: Path) -> Iterator[Report]:
    """Runs on a disk with only some room left, then with enough. Needs the superuser: the disk is a tmpfs."""
    report = Report(seconds=setting.seconds)
    for room in ROOM:
        with _disk(mount) as resize:
            data = copied(setting.first, mount / "data")
            resize(_used(mount) + room)
            with sync(setting.folder, data) as process:
                _, said = process.communicate(timeout=TOO_LONG)
            report.phases[f"{room} kB left: exit code {process.returncode}"] += 1
            if process.returncode and (process.returncode != 2 or len(said.strip().splitlines()) != 1):
                report.problems.append(f"with {room} kB left it ended with {process.returncode}: {said}")
            resize(2**20)
            with setting.bench.open_store(copied(data, mount / "copy")) as store:
                problems = problems_of(setting, store, setting.papers[:4])
                report.problems += [f"with {room} kB left {each}" for each in problems]
            compare(setting, data, report)
        yield report


@contextmanager
def _disk(mount: Path) -> Iterator[Callable[[int], None]]:
    mount.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(mount))
    try:
        yield lambda kilobytes: _run("mount", "-o", f"remount,size={max(kilobytes, 4)}k", str(mount))
    finally:
        _run("umount", str(mount))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise VouchError(f"'{' '.join(command)}' failed: {done.stderr.strip()}. Run this as the superuser.")


def _used(mount: Path) -> int:
    """kB."""
    disk = os.statvfs(mount)
    return (disk.f_blocks - disk.f_bfree) * disk.f_frsize // 1024
