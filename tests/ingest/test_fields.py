"""What editors write about documents, as they type it: front matter, side files, folder files."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.loaders import load
from ingest.loaders.fields import Unreadable, read_fields
from ingest.meta import combine, doubts
from rag.errors import Refused
from rag.types import DocumentMeta


def said(source: str, name: str = "a.md.meta.yaml") -> DocumentMeta:
    return combine([(name, source.encode())], {})


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("title：退货政策\naudience：internal", {"title": "退货政策", "audience": "internal"}),
        ("title: 退货\naudience：internal", {"title": "退货", "audience": "internal"}),
        ("title:\tReturns\naudience:\tinternal", {"title": "Returns", "audience": "internal"}),
        ("title: Returns\n\taudience: internal", {"title": "Returns", "audience": "internal"}),
        ("title: Returns: how it works", {"title": "Returns: how it works"}),
        ("owner: @emma  # since May", {"owner": "@emma"}),
        ('title: "Returns: how"\nproduct: [a, b]', {"title": "Returns: how", "product": ["a", "b"]}),
        ("valid_until: 2026-02-30", {"valid_until": "2026-02-30"}),
        ("# nothing yet", {}),
    ],
)
def test_slips_of_the_keyboard_are_read_as_meant(source: str, fields: dict[str, object]) -> None:
    assert read_fields(source) == fields


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("audience: internal\naudience: public", "'audience' stands in it twice"),
        ("title: a\naudience internal", "line 2 of it, “audience internal”"),
        ("a: [1", "line"),
        ("a: &x 1\nb: *x", "anchors"),
    ],
)
def test_what_cannot_be_read_says_where(source: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_fields(source)


@pytest.mark.parametrize("written", ["2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "2026 / 12 / 31"])
def test_dates_with_the_year_first(written: str) -> None:
    assert said(f"valid_until: {written}").valid_until == date(2026, 12, 31)


@pytest.mark.parametrize("written", ["1/2/2026", "31.12.2026", "2026-02-30", "20261231", "soon", "May 2026"])
def test_other_dates_are_refused_with_how_to_write_them(written: str) -> None:
    with pytest.raises(Refused, match="write the year first, as in 2026-12-31") as refused:
        said(f"valid_until: {written}")
    assert refused.value.code == "BAD_METADATA"


def test_names_of_audiences_and_languages() -> None:
    assert said("audience: Internal").audience == "internal"
    assert [said(f"language: {name}").language for name in ("en-GB", "English", "zh_TW", "中文")] == [
        "en",
        "en",
        "zh",
        "zh",
    ]
    for slip in ("audience:", "audience: the team", "language: Klingon", "audience: [internal]"):
        with pytest.raises(Refused, match="write"):
            said(slip)


def test_a_name_without_a_value_says_nothing() -> None:
    assert said("title:\nowner:") == DocumentMeta()


def test_an_audience_that_is_nearly_internal_is_doubted() -> None:
    assert "'internal' is meant?" in " ".join(doubts(DocumentMeta(audience="intern")))
    assert not [*doubts(DocumentMeta(audience="internal")), *doubts(DocumentMeta(audience="gold"))]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_side_files_in_the_encodings_of_windows_editors(encoding: str) -> None:
    raw = "title: 七天无理由退货的说明\nregion: 中国".encode(encoding)
    assert combine([("a.md.meta.yaml", raw)], {}).title == "七天无理由退货的说明"


def test_front_matter_with_chinese_colons_never_makes_a_document_public() -> None:
    document = load("---\ntitle：退货\naudience：internal\n---\n\n七天内可退货。".encode(), "a.md")
    assert combine([], document.fields).audience == "internal"
    with pytest.raises(Refused, match="never closed"):
        load("---\naudience：internal\n\n七天内可退货。".encode(), "a.md")
