"""Runs of cases, started from a page: `python -m eval run` in a process of its own, so that customers hardly notice.

Follows it by what it prints and stores; what comes of it lies where every run lies. Knows no page.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from eval.archive import RUNS
from rag.config import ROOT
from rag.errors import VouchError
from ui.jobs import Say

LOOK_SECONDS = 0.5
KINDNESS = 10  # of the process's priority: customers come first
STEPS = 20  # lines of progress at most
LAST = 4  # lines of a failure that are shown
BEGUN = re.compile(r"^Run (\S+): (\d+) cases", re.MULTILINE)
RELEASE = re.compile(r"live|staged|\d{1,9}")


class NotRunnable(VouchError):
    """The page asked for a run that there cannot be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to play; `resume`: the id of a run to go on with, all else is then as it was begun."""

    release: str = "live"
    split: str = ""
    tag: str = ""
    repeat: int = 1
    resume: str = ""

    def words(self, cases: Path) -> list[str]:
        """The words of the command line. Raises NotRunnable."""
        if self.resume:
            return [f"--resume={self.resume}"]
        if not RELEASE.fullmatch(self.release) or self.split not in ("", "dev", "test") or not 1 <= self.repeat <= 9:
            raise NotRunnable("There is no such run. Choose live, staged or a release's number.")
        chosen = [f"--cases={cases}", f"--release={self.release}", f"--repeat={self.repeat}"]
        return chosen + [f"--{name}={text}" for name, text in (("split", self.split), ("tag", self.tag)) if text]


class Runner:
    """One run at a time. `last`: the id of the one that was begun last."""

    def __init__(self, data: Path, cases: Path) -> None:
        self.last = ""
        self._data, self._cases, self._stop, self._lock = data, cases, Event(), Lock()

    def play(self, wanted: Wanted, say: Say) -> bool:
        """Play the cases to their end or until `stop`; False if it failed."""
        with self._lock, tempfile.TemporaryFile() as output:
            self._stop.clear()
            self.last = ""
            process = self._started(wanted, output.fileno())
            os.setpriority(os.PRIO_PROCESS, process.pid, KINDNESS)
            told, said = 0, ""
            while process.poll() is None:
                if self._stop.wait(LOOK_SECONDS):
                    process.send_signal(signal.SIGINT)
                    process.wait()
                said = _text(output.fileno())
                told = self._progress(said, told, say)
            lines = [line for line in _text(output.fileno()).splitlines() if line.strip()]
            if self._stop.is_set():
                say("Stopped. What was played is kept; the run can be resumed.")
            elif process.returncode:
                for line in lines[-LAST:]:
                    say(line)
            return process.returncode == 0

    def stop(self) -> None:
        """End the run that is being played, if there is one."""
        self._stop.set()

    def _started(self, wanted: Wanted, output: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "eval", "run", f"--data={self._data}", *wanted.words(self._cases)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", "NO_COLOR": "1"}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )

    def _progress(self, said: str, told: int, say: Say) -> int:
        """Say how far it is, if that is further than `told`; how far it is."""
        found = BEGUN.search(said)
        if not found:
            return told
        self.last = found[1]
        total, results = int(found[2]), self._data / RUNS / found[1] / "results.jsonl"
        done = results.read_bytes().count(b"\n") if results.is_file() else 0
        if done * STEPS // max(total, 1) > told * STEPS // max(total, 1):
            say(f"{done} / {total}")
            return done
        return told


def _text(handle: int) -> str:
    """All that was written there so far."""
    size = os.fstat(handle).st_size
    return os.pread(handle, size, 0).decode("utf-8", "replace")
