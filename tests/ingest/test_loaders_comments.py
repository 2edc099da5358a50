"""Reviewers' comments in office files: left out, or taken in under a heading that says what they are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from odf import dc, office, text

from ingest.loaders import load
from ingest.loaders.comments import taking
from ingest.run import sandbox_for
from rag.config import Ingest
from rag.types import Block, Document
from tests.ingest.comments import LEFT_OUT
from tests.ingest.files import part, pptx_file, with_part, xlsx_file
from tests.ingest.test_loaders_odf import holding, odt_file

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def word() -> bytes:
    import docx

    made = docx.Document()
    made.add_heading("Returns", 1)
    run = made.add_paragraph("Within 30 days.").runs[0]
    made.add_comment(run, text="Really 30?\nLegal says 14.", author="Emma")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def related(raw: bytes, inside: str, kind: str, target: str) -> bytes:
    """The package with one more relation."""
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'
    return with_part(raw, inside, part(raw, inside).decode().replace("</Relationships>", relation).encode())


def slides() -> bytes:
    def fill(deck: Any) -> None:
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Returns"

    raw = related(pptx_file(fill), "ppt/slides/_rels/slide1.xml.rels", f"{RELATIONS}/comments", "../comments/c.xml")
    raw = related(raw, "ppt/_rels/presentation.xml.rels", f"{RELATIONS}/commentAuthors", "authors.xml")
    remark = b"<p:cm authorId='7' dt='2026-02-03T10:00:00'><p:text>Too long.</p:text></p:cm>"
    raw = with_part(raw, "ppt/comments/c.xml", b"<p:cmLst xmlns:p='p'>" + remark + b"</p:cmLst>")
    return with_part(raw, "ppt/authors.xml", b"<p:l xmlns:p='p'><p:cmAuthor id='7' name='Emma'/></p:l>")


def book() -> bytes:
    raw = xlsx_file(lambda workbook: workbook.active.append(["Way", "Price"]))
    raw = with_part(
        raw,
        "xl/worksheets/_rels/sheet1.xml.rels",
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/threadedComment" Target="../t.xml"/></Relationships>'.encode(),
    )
    raw = related(raw, "xl/_rels/workbook.xml.rels", f"{RELATIONS}/person", "people.xml")
    thread = (
        '<threadedComment ref="B1" personId="{1}" dT="2026-02-03T10:00:00.00"><text>含税吗？</text></threadedComment>'
    )
    raw = with_part(raw, "xl/t.xml", f'<ThreadedComments xmlns="{THREADS}">{thread}</ThreadedComments>'.encode())
    people = f'<personList xmlns="{THREADS}"><person displayName="王芳" id="{{1}}"/></personList>'
    return with_part(raw, "xl/people.xml", people.encode())


def open_document() -> bytes:
    note = office.Annotation()
    holding(note, dc.Creator(text="Emma"))
    holding(note, dc.Date(text="2026-02-03T10:00:00"))
    holding(note, text.P(text="Check!"))
    paragraph = text.P(text="Seen")
    holding(paragraph, note)
    return odt_file(paragraph)


FILES = {"a.docx": word, "a.pptx": slides, "a.xlsx": book, "a.odt": open_document}
SAID = {
    "a.docx": (Block("heading", "Comments", level=1), "Emma", "Really 30? Legal says 14."),
    "a.pptx": (Block("heading", "Comments", level=3, page=1), "Emma, 2026-02-03", "Too long."),
    "a.xlsx": (Block("heading", "批注", level=2), "王芳, 2026-02-03", "含税吗？"),
    "a.odt": (Block("heading", "Comments", level=1), "Emma, 2026-02-03", "Check!"),
}


@pytest.mark.parametrize("name", FILES)
def test_comments_go_in_last_and_labelled_if_the_settings_say_so(name: str) -> None:
    raw = FILES[name]()
    plain = load(raw, name)
    with taking(True):
        document = load(raw, name)
    label, by, words = SAID[name]
    found = document.blocks[len(plain.blocks) :]
    assert found[0] == label
    assert found[1].text.startswith(by)
    assert found[1].text.endswith(f": {words}")
    assert document.blocks[: len(plain.blocks)] == plain.blocks
    assert not document.warnings


@pytest.mark.parametrize("name", FILES)
def test_comments_are_left_out_with_a_warning_by_default(name: str) -> None:
    document = load(FILES[name](), name)
    where = {"a.pptx": "presentation", "a.xlsx": "workbook"}.get(name, "document")
    assert document.warnings == (LEFT_OUT.format(where),)
    assert SAID[name][2] not in str(document.blocks)


@pytest.mark.parametrize("wanted", [False, True])
def test_the_setting_reaches_the_process_that_parses(tmp_path: Path, wanted: bool) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(word())
    with sandbox_for(Ingest(workers=1, comments=wanted)) as sandbox:
        document: Document = sandbox.parse(file, "a.docx")
    assert ("Legal says 14." in str(document.blocks)) is wanted
