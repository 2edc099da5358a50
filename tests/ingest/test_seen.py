"""A re-scan reads what may have changed, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import scan
from ingest.pipeline import Pipeline
from ingest.seen import RACY_NS, Seen, Stamp
from rag.config import Ingest
from tests.doubles.shelf import Shelf, count_words, parse
from tests.ingest.following import wait_for

TEXT = "Parcels arrive in two days."
AT = 1_700_000_000_000_000_000  # ns


def stamp(mtime: int, ctime: int, name: str = "a.md") -> Stamp:
    return (name, 10, mtime, 1, ctime)


@pytest.mark.parametrize(
    ("mtime", "ctime", "trusted"),
    [
        (AT - RACY_NS - 1, AT - RACY_NS - 1, True),
        (AT - RACY_NS, AT - RACY_NS - 1, False),  # it may have changed again within the tick in which it was read
        (AT - 10 * RACY_NS, AT - RACY_NS, False),  # an old file that was put there just now
        (AT + RACY_NS, AT - 10 * RACY_NS, False),  # from the future
    ],
)
def test_only_files_that_were_old_when_read_are_trusted(tmp_path: Path, mtime: int, ctime: int, trusted: bool) -> None:
    seen = Seen(tmp_path / "seen.json")
    seen.remember("a.md", (stamp(mtime, ctime),), "hash", AT)
    assert seen.input_hash("a.md", (stamp(mtime, ctime),)) == ("hash" if trusted else None)


def test_a_companion_that_comes_goes_or_changes_counts(tmp_path: Path) -> None:
    seen, old = Seen(tmp_path / "seen.json"), AT - 10 * RACY_NS
    file, side = stamp(old, old), stamp(old, old, "a.md.meta.yaml")
    seen.remember("a.md", (file, side), "hash", AT)
    assert seen.input_hash("a.md", (file, side)) == "hash"
    for now in [
        (file,),
        (file, side, side),
        (file, stamp(old + 1, old, "a.md.meta.yaml")),
        (file, (*side[:3], 2, old)),
    ]:
        assert seen.input_hash("a.md", now) is None


@pytest.mark.parametrize("content", [b"", b"rubbish", b'{"read": {"a.md": ["hash"]}}', b"\xff\xfe"])
def test_a_damaged_cache_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seen.json").write_bytes(content)
    seen, old = Seen(tmp_path / "seen.json"), (stamp(1, 1),)
    assert seen.input_hash("a.md", old) is None
    seen.remember("a.md", old, "hash", AT)
    seen.remember("gone.md", old, "hash", AT)
    seen.save({"a.md"}, [])
    again = Seen(tmp_path / "seen.json")
    assert (again.input_hash("a.md", old), again.input_hash("gone.md", old)) == ("hash", None)


def test_an_unchanged_file_is_not_read_and_a_changed_one_is(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shelf.write("a.md", TEXT)
    shelf.write("sub/b.md", TEXT)
    read, really = list[str](), scan.read_still
    monkeypatch.setattr(scan, "read_still", lambda path: read.append(path.name) or really(path))  # type: ignore[func-returns-value]

    def documents_read() -> list[str]:
        read.clear()
        shelf.sync()
        return sorted(name for name in read if name.endswith((".md", ".yaml")))

    wait_for(lambda: documents_read() == [])  # once they are old enough to be trusted
    before = path.stat()
    path.write_text(TEXT.replace("two", "six"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a careless copy does: same size, same time
    assert documents_read() == ["a.md"]
    assert shelf.texts("When do parcels arrive?") >= {TEXT.replace("two", "six")}
    shelf.write("sub/_folder.yaml", "audience: internal")
    assert documents_read() == ["_folder.yaml", "a.md", "b.md"]
    assert shelf.status("sub/b.md").audience == "internal"


def test_thorough_reads_all_again(shelf: Shelf) -> None:
    shelf.write("a.md", TEXT)
    pipeline = Pipeline(shelf.store, parse, count_words, Ingest())
    wait_for(lambda: bool(list(pipeline.sync(shelf.folder)[1])) and '"a.md"' in _cache(shelf))
    pipeline.seen.forget()
    pipeline.seen.save({"a.md"}, [])
    assert '"a.md"' not in _cache(shelf)
    assert [each.result for each in pipeline.sync(shelf.folder)[1]] == ["unchanged"]
    assert '"a.md"' in _cache(shelf)


def _cache(shelf: Shelf) -> str:
    return (shelf.data / "seen.json").read_text()


def test_a_folder_that_cannot_be_listed_keeps_its_documents(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("a.md", TEXT)
    shelf.write("sub/b.md", TEXT)
    shelf.sync()
    really = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert shelf.sync() == {"a.md": "unchanged"}
    assert shelf.status("sub/b.md").state == "live"
