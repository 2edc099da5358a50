"""The process that parses, started by ingest.sandbox_process and by nobody else.

Reads (path, name) from its standard input and writes a Document or a Refused to its standard output, each a
pickle behind its length. Limits its own memory, processor time and files before it looks at anything.
"""

from __future__ import annotations

import fcntl
import math
import os
import pickle
import resource
import select
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ingest.sandbox_process import WORKING, out_of_memory, too_large, within_hard
from rag.errors import Refused
from rag.types import Document

_OPEN_FILES = 64


def main(arguments: Sequence[str]) -> None:
    """Parse until the parent closes the pipe. `arguments` as ingest.sandbox_process gives them."""
    life, memory_mb, output_mb, ocr_pages, comments = map(int, (arguments[0], *arguments[2:]))
    seconds = float(arguments[1])
    _die_with(life)
    requests, answers = _pipes()
    _limit(memory_mb, output_mb)
    from ingest import loaders  # under the limits, and before the first file counts its seconds
    from ingest.loaders.comments import taking

    def working() -> None:
        _write(answers, WORKING)
        _limit_processor(seconds)

    loaders.load(b"Ready.", "ready.txt")
    _write(answers, b"ready")
    while head := requests.read(8):
        (length,) = struct.unpack(">Q", head)
        path, name = pickle.loads(requests.read(length))
        _write(answers, b"begun")  # from here on it is the file's fault
        _limit_processor(seconds)
        with loaders.ocr.allowing(ocr_pages, working), taking(bool(comments)):
            answer = _parsed(Path(path), name, memory_mb)
        _answer(answers, answer, memory_mb, output_mb)


def _die_with(life: int) -> None:
    """Let the kernel kill this process when the other end of the pipe is gone.

    By signal, because a thread that watches would have to wait for the parser to let it run; not by
    PR_SET_PDEATHSIG, because that strikes as soon as the parent's *thread* ends that started this process.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    gone = select.poll()
    gone.register(life, select.POLLHUP)
    if gone.poll(0):
        sys.exit(0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, out of reach of libraries that print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return requests, answers


def _limit(memory_mb: int, output_mb: int) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, memory_mb * 2**20),
        (resource.RLIMIT_FSIZE, output_mb * 2**20),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        allowed = within_hard(limit, value)
        resource.setrlimit(limit, (allowed, allowed))


def _limit_processor(seconds: float) -> None:
    """Allow this parse its seconds on top of what the process has used: the limit counts from its start."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    # One below the hard limit at most: that one kills without saying that it was the time.
    resource.setrlimit(resource.RLIMIT_CPU, (within_hard(resource.RLIMIT_CPU, allowed + 1) - 1, hard))


def _parsed(path: Path, name: str, memory_mb: int) -> Document | Refused:
    from ingest import loaders

    try:
        return loaders.load_file(path, name)
    except Refused as refusal:
        return refusal.with_traceback(None)
    except MemoryError:
        return out_of_memory(memory_mb)
    except OSError as problem:
        return Refused(
            "UNREADABLE", f"The file cannot be read: {_said(problem)}.", "Check that it exists and its rights."
        )
    except Exception as problem:  # noqa: BLE001 – the one place where any fault of a parser becomes its recorded reason
        return Refused(
            "BROKEN",
            f"Reading the file failed: {_said(problem)}.",
            "Open it in the program it comes from and save it again.",
        )


def _said(problem: Exception) -> str:
    message = " ".join(str(problem).split())[:300].rstrip(".")
    return f"{type(problem).__name__}: {message}" if message else type(problem).__name__


def _answer(answers: BinaryIO, answer: Document | Refused, memory_mb: int, output_mb: int) -> None:
    try:
        message = pickle.dumps(answer, protocol=5)
    except MemoryError:
        message = pickle.dumps(out_of_memory(memory_mb))
    if len(message) > output_mb * 2**20:
        message = pickle.dumps(too_large(output_mb))
    _write(answers, message)


def _write(answers: BinaryIO, message: bytes) -> None:
    answers.write(struct.pack(">Q", len(message)))
    answers.write(message)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
