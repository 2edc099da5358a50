"""AsciiDoc and Jupyter notebooks."""

from __future__ import annotations

import json

import pytest

from ingest.loaders import load
from rag.errors import Refused
from rag.types import Block, Document


def adoc(source: str) -> Document:
    return load(source.encode(), "a.adoc")


def test_headings_paragraphs_and_inline_marks() -> None:
    document = adoc(
        ":toc:\n= Brew One\n\nA *small* machine,\nsee link:care.html[its care] and <<parts,the parts>>.\n\n== Care\n"
        "// not for readers\nWARNING: Do not open it.\n"
    )
    assert document == Document(
        "Brew One",
        (
            Block("text", "A small machine, see its care and the parts."),
            Block("heading", "Care", level=2),
            Block("text", "WARNING: Do not open it."),
        ),
    )


def test_lists_by_their_signs_with_numbers_that_go_on() -> None:
    blocks = adoc("= T\n\n. Open it.\n. Fill it.\n** With water.\n. Close it.\n\nVoltage:: 230 V\n").blocks
    assert [(block.kind, block.marker, block.level, block.text) for block in blocks] == [
        ("item", "1.", 0, "Open it."),
        ("item", "2.", 0, "Fill it."),
        ("item", "•", 1, "With water."),
        ("item", "3.", 0, "Close it."),
        ("text", "", 0, "Voltage: 230 V"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        '[cols="1,1"]\n|===\n|Way |Price\n\n|Express |9\n|Post |4\n|===\n',
        "|===\n|Way\n|Price\n\n|Express\n|9\n\n|Post\n|4\n|===\n",
        "|Way|Price|\n|Express|9|\n|Post|4|\n",
    ],
)
def test_tables_in_the_ways_authors_write_them(source: str) -> None:
    assert adoc(f"= T\n\n{source}").blocks == (
        Block("table", rows=(("Way", "Price"), ("Express", "9"), ("Post", "4"))),
    )


def test_listings_stay_as_they_are_and_nothing_is_included() -> None:
    blocks = adoc("= T\n\n[source,sh]\n----\n= no heading\nbrew *now*\n----\ninclude::/etc/passwd[]\n").blocks
    assert blocks == (Block("code", "= no heading\nbrew *now*"),)


def test_a_notebook_gives_its_text_code_and_what_was_printed() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Setting up\n", "\n", "First *this*."]},
        {"cell_type": "code", "source": "print(42)", "outputs": [{"output_type": "stream", "text": ["42\n"]}]},
        {"cell_type": "code", "source": "", "outputs": [{"data": {"text/plain": "<Figure>", "image/png": "AA=="}}]},
    ]
    document = load(json.dumps({"cells": cells, "metadata": {}}).encode(), "a.ipynb")
    assert document.title == "Setting up"
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("text", "First this."),
        ("code", "print(42)"),
        ("code", "42"),
        ("code", "<Figure>"),
    ]


@pytest.mark.parametrize("raw", [b"{", b"[1]", b'{"worksheets": []}', b"[" * 100_000])
def test_what_is_no_notebook_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        load(raw, "a.ipynb")
    assert refused.value.code == "BROKEN"
