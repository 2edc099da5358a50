"""A mail server on loopback, as small as SMTP allows: keeps what it takes, or refuses it."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType


class SmtpServer:
    """Use as a context. `refuse`: the line it answers a recipient with while it is set."""

    def __init__(self) -> None:
        self.refuse = ""
        self.taken: list[EmailMessage] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 here")
                while line := self.rfile.readline():
                    command = line.decode().strip().upper()
                    if command.startswith("QUIT"):
                        self._say("221 bye")
                        return
                    if command == "DATA":
                        self._data()
                    elif command.startswith("RCPT") and outer.refuse:
                        self._say(outer.refuse)
                    else:
                        self._say("250 fine")

            def _data(self) -> None:
                self._say("354 go on")
                lines = list[bytes]()
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                outer.taken.append(message_from_bytes(b"".join(lines), EmailMessage, policy=policy.default))
                self._say("250 taken")

            def _say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> SmtpServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
