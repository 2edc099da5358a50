"""The web server: its port, taken before anything slow; uvicorn, kept quiet; and the word that it answers."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from rag.config import Server
from rag.errors import SetupError

STOP_SECONDS = 3  # open pages keep a stream each; they reconnect by themselves


@contextmanager
def listener(settings: Server) -> Iterator[socket.socket]:
    """The socket to serve on, not answering yet. Raises SetupError if the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # or a restart waits for old connections to fade
        try:
            taken.bind((settings.host, settings.port))
            taken.listen(2048)  # from here on another start finds the port in use; who connects now waits a little
        except OSError as error:
            raise _refused(settings, error) from error
        yield taken


def check_knowledge(folder: Path) -> None:
    """Raises SetupError if there is no such folder."""
    if not folder.is_dir():
        raise SetupError(
            f"The knowledge folder {folder} is not there. Make it and put documents in, or name another as "
            "paths.knowledge in config.yaml."
        )


def serve_site(site: ASGIApp, taken: socket.socket, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. Says the address once it answers."""
    config = uvicorn.Config(
        site, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS, server_header=False
    )
    _Server(config, f"Vouch is ready: http://{_shown(taken)}", say).run(sockets=[taken])


class _Server(uvicorn.Server):
    """Says so when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: str, say: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready, self._say = ready, say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does it."""
        await super().startup(sockets)
        if self.started:
            self._say(self._ready)


def _shown(taken: socket.socket) -> str:
    host, port = taken.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _refused(settings: Server, error: OSError) -> SetupError:
    if error.errno == errno.EADDRINUSE:
        return SetupError(
            f"Port {settings.port} on {settings.host} is in use. Stop what listens there, or choose another with --port."
        )
    return SetupError(
        f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Correct server.host and server.port."
    )
