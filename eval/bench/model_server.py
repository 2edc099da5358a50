"""A model for benchmarks: a server on this machine that answers at once with sentences of the passages it was given.

It runs in a process of its own, as models do, and notes when it was asked and when the last token of each sentence
left it. time.perf_counter() counts from the same moment in all processes of a Linux machine.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

from rag.text import sentence_spans

MODEL = "at-once"
SENTENCES = 3
PACE = 0.002  # seconds a token, faster than models write; all at once would measure how fast a backlog is read
_PASSAGE = re.compile(r"^\[(\d+)\] [^\n]*\n(.+?)(?=\n\n\[\d+\] |\n\n\S|\Z)", re.MULTILINE | re.DOTALL)


Pipe = Connection


@dataclass(slots=True)
class Notes:
    """Moments of time.perf_counter() in one answer. `ended`: of each sentence's last token."""

    asked: float
    ended: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the server listens, and its notes, one a request, in order."""

    url: str
    notes: Pipe


class _Server(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, notes: Pipe) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.notes = notes


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """Chat Completions, streamed."""
        notes = Notes(time.perf_counter())
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for sentence in sentences(asked["messages"][1]["content"]):
            for token in re.findall(r"\s*\S{1,4}", sentence):
                time.sleep(PACE)
                self._frame({"content": token}, None)
            notes.ended.append(time.perf_counter())
        self.server.notes.send(notes)
        self._frame({}, "stop")
        self.wfile.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
        self.close_connection = True

    def _frame(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        frame = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}
        data = f"data: {json.dumps(frame)}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a line a request would be measured too."""


def sentences(prompt: str) -> list[str]:
    """The first sentences of the passages in a prompt, each marked, as a model would write them.

    Of a prompt without passages, which asks for a stand-alone question, the message as it stands.
    """
    found = []
    for number, passage in _PASSAGE.findall(prompt):
        for start, end in sentence_spans(passage)[:1]:
            text = passage[start:end]
            found.append(f" {text.rstrip('.。!！?？')} [{number}]{text[-1] if text[-1] in '.。!！?？' else '.'}")
    return found[:SENTENCES] or [prompt.rsplit("\n", 1)[-1]]


@contextmanager
def serving() -> Iterator[Serving]:
    """The server, while it is needed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Serving(f"http://127.0.0.1:{ours.recv()}/v1", ours)
    finally:
        process.terminate()
        process.join()


def _serve(notes: Pipe) -> None:
    server = _Server(notes)
    notes.send(server.server_port)
    server.serve_forever()
