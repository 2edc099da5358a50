"""The sandbox, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.sandbox import Sandbox
from rag.errors import Refused, SetupError
from rag.types import Block, Document

WORKER = "tests.ingest.misbehaving_worker"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1, seconds=2, memory_mb=384, output_mb=1, module=WORKER) as made:
        yield made


@pytest.fixture
def parse(sandbox: Sandbox, tmp_path: Path) -> Callable[[str], Document]:
    def run(words: str) -> Document:
        path = tmp_path / "a.bad"
        path.write_text(words)
        return sandbox.parse(path, "a.bad")

    return run


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_document_comes_back_whole(parse: Callable[[str], Document]) -> None:
    document = parse("fine")
    (block,) = document.blocks
    assert document == Document("fine", (Block("text", block.text, page=3),), {"a": 1}, ("note",))
    assert parse("fine").blocks == (block,), "the same process reads the next file"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("loop", "TIMEOUT"),
        ("stuck", "TIMEOUT"),
        ("wait", "TIMEOUT"),
        ("hog", "MEMORY"),
        ("exit", "CRASHED"),
        ("segfault", "CRASHED"),
        ("raise", "BROKEN"),
        ("large", "OUTPUT_TOO_LARGE"),
        ("foreign", "CRASHED"),
    ],
)
def test_a_bad_file_costs_only_itself(parse: Callable[[str], Document], words: str, code: str) -> None:
    with pytest.raises(Refused) as raised:
        parse(words)
    assert raised.value.code == code
    assert raised.value.reason.endswith(".")
    assert raised.value.advice.endswith(".")
    assert "Traceback" not in raised.value.reason
    assert parse("fine").title == "fine"


def test_each_page_that_ocr_reads_has_the_time_limit_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.bad"
    path.write_text("pages")
    with Sandbox(1, seconds=1.5, ocr_pages=3, module=WORKER) as sandbox:
        assert sandbox.parse(path, "a.bad").title == "fine"
    with Sandbox(1, seconds=1.5, ocr_pages=1, module=WORKER) as sandbox, pytest.raises(Refused) as raised:
        sandbox.parse(path, "a.bad")
    assert raised.value.code == "TIMEOUT"


def test_the_reason_names_the_fault(parse: Callable[[str], Document]) -> None:
    with pytest.raises(Refused, match="KeyError: 'no"):
        parse("raise")


def test_printing_does_not_disturb(parse: Callable[[str], Document], capfd: pytest.CaptureFixture[str]) -> None:
    assert parse("print").title == "fine"
    assert capfd.readouterr() == ("", "")


def test_no_secret_of_the_environment_reaches_a_parser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    path = tmp_path / "a.bad"
    path.write_text("environment")
    with Sandbox(1, module=WORKER) as sandbox:
        assert "OPENAI_API_KEY" not in sandbox.parse(path, "a.bad").title


def test_a_missing_file_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(Refused) as raised:
        sandbox.parse(tmp_path / "none.bad", "none.bad")
    assert raised.value.code == "UNREADABLE"


def test_threads_share_the_workers(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Hello there.")
    with Sandbox(2) as sandbox, ThreadPoolExecutor(8) as threads:
        documents = list(threads.map(lambda number: sandbox.parse(path, f"{number}.txt"), range(40)))
    assert [document.title for document in documents] == [str(number) for number in range(40)]
    assert {document.blocks for document in documents} == {(Block("text", "Hello there."),)}


def test_a_bad_file_does_not_disturb_the_others(tmp_path: Path) -> None:
    for name in ("exit", "loop", "fine"):
        (tmp_path / name).write_text(name)
    pool = Sandbox(2, seconds=1, module=WORKER)

    def outcome(name: str) -> str:
        try:
            return pool.parse(tmp_path / name, "a.bad").title
        except Refused as refusal:
            return refusal.code

    names = ["fine", "exit", "fine", "loop", "fine", "exit", "fine", "fine"]
    with pool, ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(outcome, names))
    assert outcomes == [{"exit": "CRASHED", "loop": "TIMEOUT"}.get(name, name) for name in names]


def test_a_worker_that_died_while_idle_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.bad"
    path.write_text("fine")
    with Sandbox(1, module=WORKER) as sandbox:
        pid = int(sandbox.parse(path, "a.bad").blocks[0].text)
        os.kill(pid, signal.SIGKILL)
        assert sandbox.parse(path, "a.bad").title == "fine"


def test_closing_ends_the_workers(tmp_path: Path) -> None:
    path = tmp_path / "a.bad"
    path.write_text("fine")
    with Sandbox(1, module=WORKER) as sandbox:
        pid = int(sandbox.parse(path, "a.bad").blocks[0].text)
        assert alive(pid)
    assert not alive(pid)
    with pytest.raises(SetupError):
        sandbox.parse(path, "a.bad")


def test_closing_ends_a_parse_under_way(tmp_path: Path) -> None:
    path = tmp_path / "a.bad"
    path.write_text("wait")
    with ThreadPoolExecutor(1) as threads, Sandbox(1, module=WORKER) as sandbox:
        parse = threads.submit(sandbox.parse, path, "a.bad")
        until(lambda: bool(sandbox._running))
        sandbox.close()
        with pytest.raises(SetupError):
            parse.result(20)


def test_a_worker_that_cannot_start_says_so() -> None:
    with Sandbox(1, memory_mb=8) as sandbox, pytest.raises(SetupError, match="did not start"):
        sandbox.parse(Path("a.txt"), "a.txt")


UNDER_LIMITS = """
import resource, sys
from pathlib import Path
from ingest.sandbox import Sandbox
from rag.errors import VouchError
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]) * 2**20,) * 2)
with Sandbox(1, seconds=60, module="tests.ingest.misbehaving_worker") as sandbox:
    try:
        print(sandbox.parse(Path(sys.argv[1]), "a.bad").title)
    except VouchError as error:
        print(error)
"""


@pytest.mark.parametrize(
    ("words", "megabytes", "said"),
    [("fine", 512, "fine"), ("hog", 512, "MEMORY: Reading the file needs more than 512 MB"), ("fine", 40, "ulimit -v")],
)
def test_lower_limits_of_whoever_starts_it_hold(tmp_path: Path, words: str, megabytes: int, said: str) -> None:
    """Only the superuser could raise them again: asking for more than they allow fails."""
    path = tmp_path / "a.bad"
    path.write_text(words)
    ended = subprocess.run(
        [sys.executable, "-c", UNDER_LIMITS, str(path), str(megabytes)], cwd=ROOT, capture_output=True, text=True
    )
    assert said in ended.stdout, ended.stderr


PARENT = """
import sys, threading
from pathlib import Path
from ingest.sandbox import Sandbox
folder = Path(sys.argv[1])
sandbox = Sandbox(2, seconds=60, module="tests.ingest.misbehaving_worker")
for name in ("fine", "stuck"):
    (folder / name).write_text(name)
print(sandbox.parse(folder / "fine", "a.bad").blocks[0].text, flush=True)
threading.Thread(target=sandbox.parse, args=(folder / "stuck", "a.bad"), daemon=True).start()
print(sandbox.parse(folder / "fine", "a.bad").blocks[0].text, flush=True)
threading.Event().wait()
"""


def test_workers_die_with_a_parent_killed(tmp_path: Path) -> None:
    """Idle ones, and one that is stuck inside a single call."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    with parent.stdout:
        pids = {int(parent.stdout.readline()), int(parent.stdout.readline())}
    assert all(map(alive, pids))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not any(map(alive, pids)))
