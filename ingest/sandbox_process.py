"""One parsing process, from the side of its parent: start, ask, wait no longer than allowed, kill.

The process is a plain `python -m ingest.sandbox_worker` that gets (path, name) and answers with a Document or a
Refused. What it sends is unpickled by a reader that knows the few types of a document and no others, so that a
parser taken over by a file cannot run code here.
"""

from __future__ import annotations

import io
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from rag.errors import Refused, SetupError
from rag.types import Document

START_SECONDS = 60.0
MORE_MEMORY = "Allow more memory: ingest.parse_memory_mb in config.yaml, and 'ulimit -v' where that is lower."
WORKING = b"working"  # in place of an answer: the parse goes on to a page for OCR and may take its seconds again
MAX_PARSES = 200  # then a worker is replaced: what libraries leak would count against the next file
_ROOT = Path(__file__).resolve().parents[1]
# Nothing of this process's own environment: keys of endpoints are none of a parser's business.
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # What OCR frees goes back at once and is not held ready: a third less memory.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
_KNOWN = frozenset(
    {
        ("rag.types", "Document"),
        ("rag.types", "Block"),
        ("rag.errors", "Refused"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
    }
)


class Worker:
    """One process and the pipes to it."""

    def __init__(
        self, module: str, seconds: float, memory_mb: int, output_mb: int, ocr_pages: int, comments: bool
    ) -> None:
        memory_mb = within_hard(resource.RLIMIT_AS, memory_mb * 2**20) // 2**20
        self._seconds, self._memory_mb, self._output_mb, self._ocr_pages = seconds, memory_mb, output_mb, ocr_pages
        self._parses = 0
        self._spent = False  # it ran out of memory: what filled it may still be there
        # The worker listens at this pipe for nothing but its end: when this process dies, however it dies, the
        # kernel closes it and signals the worker.
        life, self._life = os.pipe()
        given = map(str, (life, seconds, memory_mb, output_mb, ocr_pages, int(comments)))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *given],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(life,),
                cwd=_ROOT,
                env=_ENVIRONMENT,
                start_new_session=True,  # Ctrl-C in the terminal is for this process to handle
            )
        except (MemoryError, OSError) as problem:
            os.close(self._life)
            raise SetupError(
                f"A parsing process cannot be started: {problem or 'no memory'}. {MORE_MEMORY}"
            ) from problem
        finally:
            os.close(life)

    @property
    def usable(self) -> bool:
        """Whether it lives and may take another file."""
        return self._process.poll() is None and self._parses < MAX_PARSES and not self._spent

    def wait_until_ready(self) -> None:
        """Raise SetupError if the process does not come up."""
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except (EOFError, TimeoutError) as problem:
            self.kill()
            raise SetupError(
                f"A parsing process did not start (exit code {self._process.returncode}, limit {self._memory_mb} MB). "
                f"{MORE_MEMORY} If that is enough, check the installation."
            ) from problem

    def ask(self, path: Path, name: str) -> bool:
        """Hand over a file; False if the process is no longer there to take it."""
        assert self._process.stdin is not None
        message = pickle.dumps((str(path), name))
        self._parses += 1
        try:
            self._process.stdin.write(struct.pack(">Q", len(message)) + message)
            self._process.stdin.flush()
            self._receive(time.monotonic() + START_SECONDS)  # that it has begun
        except (BrokenPipeError, EOFError, TimeoutError):
            self.kill()
            return False
        return True

    def answer(self) -> Document:
        """What became of the file handed over last."""
        try:
            answer = _unpickled(self._outcome())
        except TimeoutError as problem:
            self.kill()
            raise self._timed_out() from problem
        except (EOFError, OSError, pickle.UnpicklingError) as problem:
            raise self._died() from problem
        except BaseException:
            self.kill()  # an answer left in the pipe would be taken for that of the next file
            raise
        if isinstance(answer, Refused):
            self._spent = answer.code == "MEMORY"
            raise answer
        return answer

    def stop(self) -> None:
        """End the process while another thread may be waiting for its answer."""
        self._process.kill()

    def kill(self) -> None:
        """End the process and free its pipes; does no harm a second time."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass  # what was still to be written has nobody to read it
        life, self._life = self._life, -1
        if life >= 0:
            os.close(life)

    def _outcome(self) -> bytes:
        """The answer; the time limit begins anew with each page that is read by OCR, and there are only so many."""
        for _ in range(self._ocr_pages + 1):
            message = self._receive(time.monotonic() + self._seconds)
            if message != WORKING:
                return message
        raise TimeoutError

    def _receive(self, deadline: float) -> bytes:
        (length,) = struct.unpack(">Q", self._read(8, deadline))
        if length > self._output_mb * 2**20:
            raise too_large(self._output_mb)
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        out = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(out, select.POLLIN)
        pieces, missing = [], length
        while missing:
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise TimeoutError
            piece = os.read(out, min(missing, 2**20))
            if not piece:
                raise EOFError
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _timed_out(self) -> Refused:
        return Refused(
            "TIMEOUT",
            f"Reading the file, or a page of it by OCR, took longer than {self._seconds:g} seconds.",
            "Split it into smaller files, or allow more time in config.yaml.",
        )

    def _died(self) -> Refused:
        try:
            self._process.wait(1)  # the pipe closes a moment before the process has its exit code
        except subprocess.TimeoutExpired:
            pass  # it lives on and sent nonsense: it is killed for it
        code = self._process.poll()
        self.kill()
        if code == -signal.SIGXCPU:
            return self._timed_out()
        if code == -signal.SIGKILL:
            return out_of_memory(self._memory_mb)  # nobody but the kernel kills it, when the machine's memory is full
        how = "nonsense came back" if code is None else _exit(code)
        return Refused(
            "CRASHED",
            f"The program that reads this format crashed on the file ({how}).",
            "Open it in the program it comes from and save it again, or export it in another format.",
        )


def _exit(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def within_hard(limit: int, wanted: int) -> int:
    """`wanted`, or less where this process is itself under a lower limit: only the superuser may raise that again."""
    hard = resource.getrlimit(limit)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def out_of_memory(memory_mb: int) -> Refused:
    """The refusal of a file that cannot be read within the limit."""
    return Refused(
        "MEMORY",
        f"Reading the file needs more than {memory_mb} MB of memory.",
        f"Split it into smaller files. {MORE_MEMORY}",
    )


def too_large(output_mb: int) -> Refused:
    """The refusal of a document whose content outgrows the limit."""
    return Refused(
        "OUTPUT_TOO_LARGE",
        f"The text of the file is larger than {output_mb} MB.",
        "Split it into smaller files, or leave out the data nobody asks about.",
    )


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"A parsing process sent a {module}.{name}.")
        return super().find_class(module, name)


def _unpickled(message: bytes) -> Document | Refused:
    try:
        answer = _Reader(io.BytesIO(message)).load()
    except (AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError, KeyError) as problem:
        raise pickle.UnpicklingError("A parsing process sent something unreadable.") from problem
    if not isinstance(answer, Document | Refused):
        raise pickle.UnpicklingError(f"A parsing process sent a {type(answer).__name__}.")
    return answer
