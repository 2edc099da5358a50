"""A real server on this machine that speaks Chat Completions, and fails in every way endpoints do.

Each request takes the next of the modes it was given, the last one again and again.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = ("The filter ", "lasts 12 months ", "[1].")


class Exchange(BaseHTTPRequestHandler):
    """One request, answered as its mode says. Modes call `status`, `frame`, `send` …"""

    protocol_version = "HTTP/1.1"
    server: ChatServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        try:
            self.server.next_mode()(self)
        except OSError:
            pass  # the client gave up, which some modes are there to make it do
        self.close_connection = True

    def status(self, code: int, body: str = "{}", kind: str = "application/json", **headers: str) -> None:
        """A whole answer that is no stream."""
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body.encode())), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    def open(self) -> None:
        """The head of a stream."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def raw(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def data(self, value: object) -> None:
        self.raw(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n")

    def say(self, content: str | None, finish: str | None = None) -> None:
        """One frame of the answer."""
        delta = {} if content is None else {"content": content}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.data({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})

    def end(self, done: bool = True) -> None:
        if done:
            self.data("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """The line goes dead in the middle."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float = 30.0) -> None:
        """Silence, until the server is closed."""
        self.server.closing.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:
        pass


Mode = Callable[[Exchange], None]


class ChatServer(ThreadingHTTPServer):
    """`with ChatServer(mode, …) as server:` listens at `server.url`; `server.requests` holds what was asked."""

    daemon_threads, block_on_close = True, False

    def __init__(self, *modes: Mode) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self._modes: Iterator[Mode] = iter(modes)
        self._mode: Mode = good()
        self.requests: list[dict[str, Any]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def next_mode(self) -> Mode:
        self._mode = next(self._modes, self._mode)
        return self._mode

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def __enter__(self) -> ChatServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


def good(
    *pieces: str, finish: str | None = "stop", usage: tuple[int, int] | None = None, done: bool = True, times: int = 1
) -> Mode:
    """A whole answer; finish None: it ends without saying that it did. `times`: every frame so often.

    `usage`, tokens in and out, comes as it does when asked for. Not `done`: it ends without [DONE].
    """

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for piece in pieces or ANSWER:
            for _ in range(times):
                exchange.say(piece)
        if finish:
            exchange.say(None, finish)
        if usage:
            tokens = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
            exchange.data({"id": "x", "object": "chat.completion.chunk", "choices": [], "usage": tokens})
        exchange.end(done)

    return answer


def error(code: int, **headers: str) -> Mode:
    """A refusal with this status."""
    return lambda exchange: exchange.status(code, json.dumps({"error": {"message": f"refused {code}"}}), **headers)


def complaint(code: int, message: str) -> Mode:
    """A refusal with a reason."""
    return lambda exchange: exchange.status(code, json.dumps({"error": {"message": message}}))


def bad_gateway(exchange: Exchange) -> None:
    """What a proxy shows when nothing stands behind it."""
    exchange.status(502, "<html><h1>502 Bad Gateway</h1></html>", "text/html")


def elsewhere(exchange: Exchange) -> None:
    """To the same place, again and again."""
    exchange.status(307, "", Location=exchange.path)


def hang_open(exchange: Exchange) -> None:
    """Headers, and nothing behind them."""
    exchange.open()
    exchange.wait()


def bytes_drip(seconds: float) -> Mode:
    """A good answer, a byte at a time: no frame is ever whole in time."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for letter in 'data: {"id": "x", "choices": [{"index": 0, "delta": {"content": "The filter"}}]}':
            exchange.raw(letter)
            exchange.wait(seconds)

    return answer


def tools(*pieces: str) -> Mode:
    """Calls a tool nobody offered, beside what it says."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        call = {"index": 0, "id": "c", "type": "function", "function": {"name": "refund", "arguments": '{"all": true}'}}
        choice = {"index": 0, "delta": {"role": "assistant", "tool_calls": [call]}, "finish_reason": None}
        exchange.data({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})
        for piece in pieces:
            exchange.say(piece)
        exchange.say(None, "tool_calls")
        exchange.end()

    return answer


def endless(exchange: Exchange) -> None:
    """Takes no notice of max_tokens."""
    exchange.open()
    exchange.say("The filter lasts 12 months [1]. ")
    while not exchange.server.closing.is_set():
        exchange.say("And so on " * 50)


def hang(exchange: Exchange) -> None:
    """Takes the request and says nothing at all."""
    exchange.wait()


def slow_headers(exchange: Exchange) -> None:
    """Sends its headers a letter at a time: every read of the socket succeeds, and nothing ever comes."""
    for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "a" * 400:
        exchange.wfile.write(letter.encode())
        exchange.wfile.flush()
        if exchange.server.closing.wait(0.1):
            return


def drip(seconds: float, pieces: Sequence[str] = ("a ",) * 200) -> Mode:
    """A word every now and then."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for piece in pieces:
            exchange.say(piece)
            exchange.wait(seconds)

    return answer


def only(send: Callable[[Exchange], None], every: float = 0.1, then: Sequence[str] = ()) -> Mode:
    """Frames that hold no word, again and again; with `then`, an answer behind three of them."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for _ in range(3 if then else 300):
            send(exchange)
            exchange.wait(every)
        for piece in then:
            exchange.say(piece)
        exchange.say(None, "stop")
        exchange.end()

    return answer


def empty_choices(exchange: Exchange) -> None:
    """As Azure sends them."""
    exchange.data({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []})


def without_content(exchange: Exchange) -> None:
    exchange.data({"id": "x", "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]})


def comment(exchange: Exchange) -> None:
    """Keeps the line alive; no client library hands it on."""
    exchange.raw(": still here\n\n")


def half(then: Callable[[Exchange], None]) -> Mode:
    """Half an answer with one whole sentence in it, then something goes wrong."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        exchange.say("The filter lasts 12 months [1]. ")
        exchange.say("Wash the grille with ")
        time.sleep(0.05)
        then(exchange)

    return answer


def json_answer(exchange: Exchange) -> None:
    """An endpoint that does not stream, though asked to."""
    message = {"role": "assistant", "content": "".join(ANSWER)}
    exchange.status(200, json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))


def web_page(exchange: Exchange) -> None:
    """The login page of somebody's proxy."""
    exchange.status(200, "<html><body>Sign in</body></html>", "text/html")


def refused_url() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
