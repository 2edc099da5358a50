"""A mail as a document: who wrote to whom and when, the body, and what is attached, whatever format it came in.

Knows no mail format: `eml.py` and `msg.py` take those apart. Attachments are read by whatever loader is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ingest.loaders.blocks import one_line
from ingest.loaders.html import Page, hidden_warnings, read_page, source_of
from ingest.loaders.html_pictures import FindPicture, data_bytes
from ingest.loaders.pictures import Pictures
from ingest.loaders.text import text_blocks
from rag.errors import Refused
from rag.types import Block, Document

MAX_ATTACHMENTS = 20  # with those of attached mails
MAX_BYTES = 60 * 2**20  # of all of them
DEEPEST = 2  # a mail in a mail in a mail
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_LONGEST_NAME = 120
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Body:
    """One part of the text: HTML, or plain text, or both saying the same."""

    html: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `id` is what the HTML of the mail calls it, if it shows it."""

    name: str
    raw: bytes
    id: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart. `headers`: From, To, Date, Subject as a reader sees them, empty ones left out."""

    headers: Mapping[str, str]
    bodies: Sequence[Body]
    attachments: Sequence[Attachment]
    warnings: tuple[str, ...] = ()


Parse = Callable[[bytes], Mail]


@dataclass
class _Reading:
    """How attachments are read, what may still be read of them, and what came of it."""

    parsers: Mapping[str, Parse]
    load: Callable[[bytes, str], Document]
    count: int = MAX_ATTACHMENTS
    size: int = MAX_BYTES
    passed_over: int = 0
    warnings: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


def document(mail: Mail, parsers: Mapping[str, Parse], load: Callable[[bytes, str], Document]) -> Document:
    """The mail, then each attachment that can be read under a heading with its name; the rest are warnings.

    Attached mails are taken apart by the parser of their extension, all else is read by `load`.
    """
    reading = _Reading(parsers, load)
    blocks = tuple(_blocks(mail, reading, 0))
    if reading.passed_over:
        reading.warnings.append(
            f"{reading.passed_over:,} attachments were left out (TOO_MANY): at most {MAX_ATTACHMENTS} files of "
            f"together {MAX_BYTES // 2**20} MB are read."
        )
    return Document(mail.headers.get("Subject", ""), blocks, {}, tuple(reading.warnings), reading.pictures)


def header_line(text: str) -> str:
    """A header's value on one line: a line end in it is no new header."""
    return one_line(text)[:1000]


def file_name(text: str) -> str:
    """The last part of a path, as a name to show; it names no file here."""
    return PurePosixPath(one_line(text).replace("\\", "/")).name[-_LONGEST_NAME:]


def html_text(raw: bytes, charset: str) -> str:
    """The HTML of a body; text that fits no encoding does not cost the mail."""
    try:
        return source_of(raw, charset)
    except Refused:
        return raw.decode("utf-8", errors="replace")


def _blocks(mail: Mail, reading: _Reading, depth: int) -> Iterator[Block]:
    reading.warnings += mail.warnings
    yield Block("text", "\n".join(f"{name}: {value}" for name, value in mail.headers.items()))
    shown: set[str] = set()
    pictures = Pictures()
    for body in mail.bodies:
        yield from _body_blocks(body, _finder(mail, pictures, shown), reading)
    for each in mail.attachments:
        if each.id not in shown:
            yield from _attached(each, pictures, reading, depth)
    reading.pictures |= pictures.found


def _body_blocks(body: Body, find: FindPicture, reading: _Reading) -> Iterator[Block]:
    page = _page(body, find)
    reading.warnings += hidden_warnings(page.hidden)
    yield from page.blocks or text_blocks(body.plain)


def _page(body: Body, find: FindPicture) -> Page:
    if not body.html:
        return Page("", ())
    try:
        return read_page(body.html, find, whole=True)
    except Refused:
        if body.plain:  # it says the same
            return Page("", ())
        raise


def _finder(mail: Mail, pictures: Pictures, shown: set[str]) -> FindPicture:
    """Finds what the HTML shows with cid: among the attachments."""
    inside = {each.id: each for each in mail.attachments if each.id}

    def find(source: str, says: str) -> Block | None:
        name = source.strip().removeprefix("cid:")
        if name != source.strip() and name in inside:
            shown.add(name)
            return pictures.block(inside[name].raw, says)
        raw = data_bytes(source)
        return pictures.block(raw, says) if raw else None

    return find


def _attached(each: Attachment, pictures: Pictures, reading: _Reading, depth: int) -> Iterator[Block]:
    if reading.count <= 0 or reading.size < len(each.raw):
        reading.passed_over += 1
        return
    reading.count -= 1
    reading.size -= len(each.raw)
    try:
        blocks = _read(each, pictures, reading, depth + 1)
    except Refused as refusal:
        reading.warnings.append(f"The attachment {each.name} was left out ({refusal.code}): {refusal.reason}")
        return
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 – any fault of a parser becomes its recorded reason, as in the sandbox
        reading.warnings.append(f"The attachment {each.name} was left out (BROKEN): {type(problem).__name__}.")
        return
    if blocks:
        yield Block("heading", each.name, level=1)
        yield from blocks


def _read(each: Attachment, pictures: Pictures, reading: _Reading, depth: int) -> list[Block]:
    """The blocks of an attachment, below the level of the heading it gets. Raises Refused."""
    suffix = PurePosixPath(each.name).suffix.lower()
    if parse := reading.parsers.get(suffix):
        if depth > DEEPEST:
            raise Refused("TOO_DEEP", f"Mails are read {DEEPEST} deep within each other.", "Put it in by itself.")
        return [_lower(block) for block in _blocks(parse(each.raw), reading, depth)]
    try:
        read = reading.load(each.raw, each.name)
    except Refused as refusal:
        if refusal.code in ("UNSUPPORTED", "NO_TEXT") and suffix in _PICTURES:  # nothing is written in it
            return list(filter(None, [pictures.block(each.raw)]))
        raise
    if read.fields.keys() - {"title"}:
        raise Refused("OWN_FIELDS", "It says itself who may read it or when it holds.", "Put it in by itself.")
    reading.pictures |= read.pictures
    reading.warnings += [f"{each.name}: {warning}" for warning in read.warnings]
    if _NO_WORD.sub("", read.title) in _NO_WORD.sub("", each.name):
        return [_lower(block) for block in read.blocks]
    return [Block("heading", read.title, level=2), *(_lower(_lower(block)) for block in read.blocks)]


def _lower(block: Block) -> Block:
    return replace(block, level=min(block.level + 1, 6)) if block.kind in ("heading", "question") else block
