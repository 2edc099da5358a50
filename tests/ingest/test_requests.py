"""Asking the store's owner: real processes, what they say to each other, and what a kill leaves."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import JsonValue

from ingest.owner import keep_in_step, owned_or_handed_over
from ingest.pipeline import Pipeline
from ingest.requests import EXPIRES_SECONDS, Inbox, Request, Said, folder_of, hand_over
from ingest.store import Ownership
from ingest.work import Work
from rag.config import ROOT, Settings
from tests.doubles.shelf import Shelf, count_words, parse
from tests.ingest.following import PATIENCE, wait_for


@contextmanager
def owner(base: Path, behaviour: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.ingest.owner_process", str(base), behaviour]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owns\n"
        yield process
        process.kill()


def ask(base: Path, said: list[str], command: str = "sync", **arguments: JsonValue) -> int | None:
    """As a command line asks: exit code, or None when this process owns the store now."""
    data, ownership = base / "data", Ownership(base / "data")
    try:
        return owned_or_handed_over(ownership, data, "a test", command, arguments, said.append)
    finally:
        ownership.release()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """With one document."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "a.md").write_text("# Delivery\n\nParcels arrive in two days.")
    return tmp_path


def left(base: Path) -> list[str]:
    return sorted(each.name for each in (base / "data" / "requests").iterdir())


def test_a_sync_is_handed_to_the_owner_and_its_lines_come_back(base: Path) -> None:
    said = list[str]()
    with owner(base, "listening") as process:
        assert ask(base, said, folder=str(base / "knowledge")) == 0
        assert f"in use by 'owner in a test' (process {process.pid})" in said[0]
        assert said[1:] == ["1 published"]
        (base / "knowledge" / "b.txt").touch()
        assert ask(base, said, folder=str(base / "knowledge"), thorough=True) == 1
    assert "refused b.txt: EMPTY" in said[-1]
    assert left(base) == []


@pytest.mark.parametrize(
    ("command", "arguments", "why"),
    [
        ("sync", {"folder": "/nowhere/at/all"}, "/nowhere/at/all is not there"),
        ("sync", {"folder": 3}, "arguments of 'sync' are not valid"),
        ("sync", {"folder": "/tmp", "surprise": True}, "arguments of 'sync' are not valid"),
        ("rollback", {"release": 99}, "There is no release 99"),
        ("erase", {"sources": ["nothing.md"]}, "There is no document 'nothing.md'"),
        ("compact", {"days": -1}, "arguments of 'compact' are not valid"),
        ("frobnicate", {}, "knows no command 'frobnicate'"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_owner_goes_on(
    shelf: Shelf, command: str, arguments: dict[str, JsonValue], why: str
) -> None:
    said = list[str]()
    with listening(shelf):
        assert hand_over(shelf.data, command, arguments, said.append, lambda: False) == 2
        assert why in said[-1]
        shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
        assert hand_over(shelf.data, "sync", {"folder": str(shelf.folder)}, said.append, lambda: False) == 0


def test_editors_commands_are_carried_out_by_the_owner(shelf: Shelf) -> None:
    for text in ("Parcels arrive in two days.", "Parcels arrive in five days."):
        shelf.write("a.md", f"# Delivery\n\n{text}")
        shelf.sync()
    said = list[str]()
    with listening(shelf):
        for command, arguments in (("rollback", {"release": 1}), ("rebuild", {}), ("publish", {"sources": ["a.md"]})):
            assert hand_over(shelf.data, command, arguments, said.append, lambda: False) == 0  # type: ignore[arg-type]
            if command == "rollback":
                assert shelf.texts("When do parcels arrive?") == {"Parcels arrive in two days."}
    assert said == ["live again as of then: a.md", "1 passages in the vector index.", "published a.md"]
    assert shelf.texts("When do parcels arrive?") == {"Parcels arrive in five days."}


@contextmanager
def listening(shelf: Shelf) -> Iterator[None]:
    stop = threading.Event()
    work = Work(shelf.store, Settings(), Pipeline(shelf.store, parse, count_words, Settings().ingest))
    thread = threading.Thread(target=keep_in_step, args=(work, None, stop, lambda _: None))
    thread.start()
    yield
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.parametrize("behaviour", ["deaf", "stuck"])
def test_an_owner_that_is_killed_is_succeeded_by_who_waits(base: Path, behaviour: str) -> None:
    """Whether it had begun with the request or not."""
    said = list[str]()
    with owner(base, behaviour) as process, ThreadPoolExecutor(1) as pool:
        waiting: Future[int | None] = pool.submit(ask, base, said, folder=str(base / "knowledge"))
        wait_for(lambda: (base / "stuck").exists() if behaviour == "stuck" else bool(said and left(base)))
        os.kill(process.pid, signal.SIGKILL)
        assert waiting.result(PATIENCE) is None
    assert said[-1] == "It ended before the work was done." or len(said) == 1
    assert left(base) == []


def test_an_owner_that_does_not_listen_is_named(base: Path) -> None:
    """`ingest sync` itself, for one."""
    code = (
        "from pathlib import Path; from ingest.store import Ownership; import sys; "
        "Ownership(Path(sys.argv[1])).take('ingest sync'); print('taken', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(base / "data")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(Exception, match=f"in use by 'ingest sync' .process {process.pid}."):
            ask(base, [], folder=str(base / "knowledge"))
        process.kill()


def put(data: Path, number: int, **changes: object) -> Path:
    """A request that nobody waits for any more."""
    request = Request(id=f"{number:032x}", at=number, command="sync", arguments={})
    file = folder_of(data) / f"{request.id}.json"
    file.write_text(json.dumps(request.model_dump() | changes))
    return file


def test_requests_come_in_order_and_rubbish_is_left_out(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        put(tmp_path, number)
    put(tmp_path, 4, command="../../rm")
    put(tmp_path, 5, id=f"{6:032x}")
    (tmp_path / "requests" / "rubbish.json").write_text("{")
    assert [each.at for each in Inbox(tmp_path).waiting()] == [1, 2, 3]


def test_what_a_dead_requester_left_is_carried_out_or_expires(tmp_path: Path) -> None:
    fresh, old = put(tmp_path, 1), put(tmp_path, 2)
    answer = old.with_name(f"{3:032x}.jsonl")
    answer.touch()
    past = time.time() - EXPIRES_SECONDS - 1
    for each in (old, answer):
        os.utime(each, (past, past))
    assert [each.at for each in Inbox(tmp_path).waiting()] == [1]
    assert left_in(tmp_path) == [fresh.name]


def left_in(data: Path) -> list[str]:
    return sorted(each.name for each in (data / "requests").iterdir())


def test_a_request_that_a_dead_owner_began_with_is_not_begun_again(tmp_path: Path) -> None:
    begun = put(tmp_path, 1)
    begun.with_suffix(".jsonl").write_text(Said(line="half").model_dump_json() + "\n")
    inbox = Inbox(tmp_path)
    assert inbox.waiting() == []
    last = begun.with_suffix(".jsonl").read_text().splitlines()[-1]
    assert Said.model_validate_json(last).interrupted


def test_an_answer_that_cannot_be_finished_is_interrupted(tmp_path: Path) -> None:
    put(tmp_path, 1)
    inbox = Inbox(tmp_path)
    (request,) = inbox.waiting()
    inbox.answer(request, iter([Said(line="half")]))
    assert inbox.waiting() == []
    assert '"interrupted":true' in (tmp_path / "requests" / f"{request.id}.jsonl").read_text()


def test_requests_are_for_the_same_user_only(tmp_path: Path) -> None:
    (tmp_path / "requests").mkdir(mode=0o755)
    assert stat.S_IMODE(folder_of(tmp_path).stat().st_mode) == 0o700


@pytest.mark.slow
def test_two_command_lines(base: Path) -> None:
    """`ingest watch` follows; `ingest sync` beside it is handed over; SIGTERM ends it well."""
    command = [sys.executable, "-m", "ingest"]
    options = [str(base / "knowledge"), "--data", str(base / "data")]
    with subprocess.Popen([*command, "watch", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert "Following" in watching.stdout.readline()
        assert watching.stdout.readline() == "published a.md\n"
        done = subprocess.run([*command, "sync", *options], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"in use by 'ingest watch' (process {watching.pid})" in done.stdout
        assert done.stdout.endswith("1 unchanged\n")
        watching.send_signal(signal.SIGTERM)
        assert watching.wait(PATIENCE) == 0
    alone = subprocess.run([*command, "sync", *options], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert "1 unchanged" in alone.stdout
