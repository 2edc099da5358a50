"""Not what is in the file but what it is, where it points and what it is called."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.ingest.hostile.trap import Trap, trap

SAID = "The hose of the Brew One is rinsed once a week."
NAMES = (
    "two\nlines.md",
    "turned \u202egpj.md",
    "n" * 252 + ".md",
    os.fsdecode(b"not \xff\xfe text.md"),
    "quotes '\".md",
    "$(touch owned).md",
    "`touch owned`.md",
    "; rm -rf x.md",
    "-rf.md",
    "--help.md",
    "%s%n%x.md",
    "{0.__class__}.md",
    "[red]markup[/red].md",
    "<script>alert(1)</script>.md".replace("/", "\u2215"),
    "CON.md",
    "back\\slash.md",
    "tab\there.md",
    "e\u0301 joined.md",
    "wide \U0001f9f9.md",
    "NUL.txt.md",
    "...md.md"[2:],
    "a'; DROP TABLE documents;--.md",
    "x.md.meta.md",
    "deep/" * 60 + "far down.md",
)


def traps() -> Iterator[Trap]:
    """All of them."""
    for name in NAMES:
        yield trap(name, "live" if not name.startswith(".") else "passed over", f"# Care\n\n{SAID}")
    yield trap("link.md", "passed over", lambda path: path.symlink_to("/etc/passwd"))
    yield trap("link to itself.md", "passed over", lambda path: path.symlink_to(path))
    yield trap("link to nowhere.md", "passed over", lambda path: path.symlink_to("nowhere"))
    yield trap("linked folder", "passed over", lambda path: path.symlink_to("/etc"))
    yield trap("hard link.md", "live", _hard_link)
    yield trap("pipe.md", "NOT_A_FILE", os.mkfifo)
    yield trap("socket.md", "NOT_A_FILE", _socket)
    yield trap("device.md", "NOT_A_FILE", lambda path: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5)))
    yield trap("folder.md", "passed over", lambda path: path.mkdir())
    yield trap("sparse.txt", "TOO_LARGE", _sparse)
    yield trap("half written.md.part", "passed over", SAID)
    yield from _companions()


def _companions() -> Iterator[Trap]:
    """What stands beside a file and speaks for it."""
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
    )
    for name, said in (
        ("laughs", laughs),
        ("deep", "title: " + "[" * 20_000 + "]" * 20_000),
        ("object", "title: !!python/object/apply:os.system [id]"),
        ("no such day", "valid_from: 2026-02-31"),
        ("vast", "title: x\n" + "# more\n" * 2_000_000),
        ("number", "title: " + "9" * 100_000),
    ):
        outcomes = "live|BAD_METADATA" if name == "number" else "BAD_METADATA"
        yield trap(f"beside/{name}.md", outcomes, _with_companion(said))
    yield trap("beside/pipe.md", "live", _with_pipe_beside)
    yield trap("beside/link.md", "BAD_METADATA|live", _with_linked_companion)


def _with_companion(said: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(SAID)
        Path(f"{path}.meta.yaml").write_text(said)

    return write


def _with_linked_companion(path: Path) -> None:
    path.write_text(SAID)
    Path(f"{path}.meta.yaml").symlink_to("/etc/passwd")


def _with_pipe_beside(path: Path) -> None:
    path.write_text(SAID)
    os.mkfifo(f"{path}.meta.yaml")


def _hard_link(path: Path) -> None:
    os.link(path.with_name("good 0.md"), path)


def _socket(path: Path) -> None:
    # Its address may have 108 bytes at most: bound by its short name.
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as opened:
        opened.truncate(101_000_000)
