"""Mails as programs send them (RFC 5322, MIME), also where they are malformed or name the wrong encoding.

Headers are decoded here and not by the standard library's newer policy, which raises on some malformed ones and
cannot be told that gb2312 means GB18030.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from ingest.loaders.encoding import decode, looks_binary
from ingest.loaders.mail import Attachment, Body, Mail, file_name, header_line, html_text
from ingest.loaders.signatures import kind_of, mismatch
from rag.errors import Refused

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_TYPES = {  # of attachments without a name
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_FIRST_HEADER = re.compile(rb"(?:From |[\x21-\x39\x3b-\x7e]{1,100}[ \t]*:)")
_BARE_NAME = re.compile(r"name\s*=\s*\"?([^\";\r\n]+)", re.IGNORECASE)
_LONGEST_HEADER = 20_000
_DEEPEST = 30  # parts within parts


@dataclass
class _Gathered:
    bodies: list[Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)  # type → how many


def parsed(raw: bytes) -> Mail:
    """The mail, taken apart. Raises TYPE_MISMATCH."""
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not _FIRST_HEADER.match(start):
        raise mismatch(".eml", kind_of(raw) if looks_binary(raw) else "text that is no mail")
    try:
        message = message_from_bytes(start)
        gathered = _Gathered()
        _gather(message, gathered, 0)
    except RecursionError as problem:
        raise Refused(
            "BROKEN", "The file is damaged: its parts are nested too deeply.", "Save it again in a mail program."
        ) from problem
    if message.get_content_type() in _ENCRYPTED and not gathered.bodies:
        raise Refused("ENCRYPTED", "The mail is encrypted.", "Decrypt it in your mail program and save that.")
    headers = {name: value for name in _SHOWN if (value := _header(message, name))}
    warnings = tuple(
        f"{count:,} parts of the type {kind} were left out." for kind, count in sorted(gathered.left_out.items())
    )
    return Mail(headers, gathered.bodies, gathered.attachments, warnings)


def _gather(part: Message, gathered: _Gathered, depth: int) -> None:
    kind = part.get_content_type()
    if depth > _DEEPEST:
        _leave_out(gathered, kind)
    elif kind == "message/rfc822":
        _gather_mail(part, gathered)
    elif not part.is_multipart():
        _gather_leaf(part, kind, gathered)
    elif kind == "multipart/alternative":
        _gather_best(part, gathered, depth)
    else:
        for child in _children(part):
            _gather(child, gathered, depth + 1)


def _gather_best(part: Message, gathered: _Gathered, depth: int) -> None:
    """Of parts that say the same, HTML and plain text make one body."""
    inner = _Gathered()
    for child in _children(part):
        _gather(child, inner, depth + 1)
    html = next((body.html for body in reversed(inner.bodies) if body.html), "")
    plain = next((body.plain for body in inner.bodies if body.plain), "")
    if html or plain:
        gathered.bodies.append(Body(html, plain))
    gathered.attachments += inner.attachments
    for kind, count in inner.left_out.items():
        gathered.left_out[kind] = gathered.left_out.get(kind, 0) + count


def _gather_mail(part: Message, gathered: _Gathered) -> None:
    for inner in _children(part):
        name = file_name(_name(part)) or file_name(_header(inner, "Subject").replace("/", " ")) or "mail"
        name = name if name.lower().endswith(".eml") else f"{name}.eml"
        try:
            gathered.attachments.append(Attachment(name, inner.as_bytes()))
        except (LookupError, ValueError, TypeError, AttributeError):  # too malformed to be written again
            _leave_out(gathered, "message/rfc822")


def _gather_leaf(part: Message, kind: str, gathered: _Gathered) -> None:
    raw = part.get_payload(decode=True)
    kind = "text/plain" if kind.startswith("multipart/") else kind  # it names no boundary, or one that never comes
    name, attached = file_name(_name(part)), part.get_content_disposition() == "attachment"
    if not isinstance(raw, bytes) or not raw.strip():
        return
    shown = str(part.get("Content-ID", "")).strip().strip("<>") if kind.startswith("image/") and not attached else ""
    if kind in ("text/html", "text/plain") and not attached and not name:
        gathered.bodies.append(_body(raw, kind, part.get_content_charset() or ""))
    elif kind == "text/calendar" or not (name or shown or kind in _TYPES):
        _leave_out(gathered, kind)
    else:
        gathered.attachments.append(Attachment(name or f"attachment{_TYPES.get(kind, '')}", raw, shown))


def _body(raw: bytes, kind: str, charset: str) -> Body:
    return Body(plain=_text(raw, charset)) if kind == "text/plain" else Body(html=html_text(raw, charset))


def _leave_out(gathered: _Gathered, kind: str) -> None:
    gathered.left_out[kind] = gathered.left_out.get(kind, 0) + 1


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    yield from (each for each in payload if isinstance(each, Message)) if isinstance(payload, list) else ()


def _name(part: Message) -> str:
    """The name of a file; where it stands there in bare bytes, the standard library has lost them."""
    name = part.get_filename() or ""
    bare = (_BARE_NAME.search(str(value)) for _, value in part.raw_items()) if "\ufffd" in name else ()
    return _decoded(next((found[1] for found in bare if found), name))


def _header(message: Message, name: str) -> str:
    """The first header of that name as a reader sees it."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return header_line(_decoded(found[:_LONGEST_HEADER]))


def _decoded(value: str) -> str:
    """Encoded words, and bytes that should have been encoded, as text."""
    if not value.isascii():
        return _text(value.encode("utf-8", "surrogateescape"), "")
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(each if isinstance(each, str) else _text(each, charset or "") for each, charset in pieces)


def _text(raw: bytes, charset: str) -> str:
    try:
        return decode(raw, charset)
    except Refused:  # text that fits no encoding does not cost the mail
        return raw.decode("utf-8", errors="replace")
