"""What every test shares: no network beyond this machine, and the real embedder, loaded once."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backends import build
from rag.config import load
from rag.ports import Embedder, TokenCounter
from tests.doubles.shelf import Shelf

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell, the suite would hand "ignore Ctrl-C" on to every server it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


class NetworkForbidden(AssertionError):
    """A test reached for another machine."""


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket in the file system
    host = str(address[0])
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _nothing_beyond_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if not _is_here(address):
            raise NetworkForbidden(f"A test reached for {address}; only this machine is allowed.")
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The bundled model, int8."""
    return build.embedder(load())


@pytest.fixture(scope="session")
def count_tokens() -> TokenCounter:
    return build.token_counter()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty knowledge folder and a store over it, with cheap vectors kept in memory."""
    made = Shelf(tmp_path)
    yield made
    made.close()
