"""Files sent to the knowledge folder: never outside of it, never over another by chance, never in part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.scan import scan
from rag.config import Ingest
from rag.errors import Refused
from ui.upload import Upload, Uploads, safe_name


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    root = tmp_path / "knowledge"
    (root / "faq").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "known.md").write_text("# Known\n")
    return Uploads(root, Ingest(max_file_mb=1, max_media_mb=2))


def send(uploads: Uploads, name: str, content: bytes = b"# A\n", folder: str = "", replace: bool = False) -> Upload:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    return asyncio.run(uploads.take(folder, name, replace, "edda", pieces()))


def code(upload: Upload) -> str:
    return upload.refused.code if upload.refused else ""


def test_a_file_arrives_whole_and_a_sync_finds_it(uploads: Uploads) -> None:
    assert (send(uploads, "a.md", b"x" * 200_000, "faq").source, uploads.folders()) == ("faq/a.md", ["", "faq"])
    assert (uploads.root / "faq" / "a.md").read_bytes() == b"x" * 200_000
    assert [each.source for each in scan(uploads.root).found] == ["faq/a.md", "known.md"]
    assert [each.source for each in uploads.recent()] == ["faq/a.md"]


def test_what_is_there_is_replaced_only_if_so_wished(uploads: Uploads) -> None:
    assert code(send(uploads, "known.md", b"other")) == "EXISTS"
    assert (uploads.root / "known.md").read_text() == "# Known\n"
    assert code(send(uploads, "known.md", b"other", replace=True)) == ""
    assert (uploads.root / "known.md").read_text() == "other"


@pytest.mark.parametrize(
    ("name", "size", "folder", "why"),
    [
        ("a.md", 1_000_001, "", "TOO_LARGE"),
        ("a.mp4", 2_000_001, "", "TOO_LARGE"),
        ("a.md", 0, "", "EMPTY"),
        ("a.exe", 5, "", "UNSUPPORTED"),
        ("a", 5, "", "UNSUPPORTED"),
        ("-.md", 5, "", "NAME"),
        ("a.md", 5, "..", "NO_FOLDER"),
        ("a.md", 5, "/etc", "NO_FOLDER"),
        ("a.md", 5, "faq/../..", "NO_FOLDER"),
        ("a.md", 5, "out", "NO_FOLDER"),
        ("a.md", 5, ".git", "NO_FOLDER"),
        ("a.md", 5, "new", "NO_FOLDER"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(uploads: Uploads, name: str, size: int, folder: str, why: str) -> None:
    before = sorted(uploads.root.parent.rglob("*"))
    assert code(send(uploads, name, b"x" * size, folder)) == why
    assert sorted(uploads.root.parent.rglob("*")) == before
    assert uploads.recent()[0].refused


def test_a_connection_that_breaks_leaves_nothing(uploads: Uploads) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with_break = asyncio.run(uploads.take("", "known.md", True, "edda", broken()))
    assert code(with_break) == "NOT_STORED"
    assert (uploads.root / "known.md").read_text() == "# Known\n"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("C:\\Users\\me\\Price list.PDF", "Price list.PDF"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("<img src=x onerror=alert(1)>.md", "-img src=x onerror=alert(1)-.md"),
        ("\u202egpj.\u0000pdf.md", "gpj.pdf.md"),
        ("_hidden.md", "hidden.md"),
        ("~$draft.docx", "$draft.docx"),
        ("保修条款.md", "保修条款.md"),
        ("a.md.meta.yaml", "a.md.meta.yaml"),
    ],
)
def test_names(sent: str, name: str) -> None:
    assert safe_name(sent) == name


@given(st.text(max_size=300), st.sampled_from([".md", ".PDF", ".meta.yaml", ""]))
def test_any_name_is_safe_or_refused(stem: str, ending: str) -> None:
    try:
        name = safe_name(stem + ending)
    except Refused:
        return
    assert PurePosixPath(name).name == name
    assert name.isprintable()
    assert not name.startswith((".", "_", "~"))
    assert len(name.encode()) <= 500
    assert safe_name(name) == name
