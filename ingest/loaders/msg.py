"""Mails as Outlook saves them (MSG). Knows the properties it needs, by their numbers in [MS-OXPROPS]."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ingest.loaders.archive import broken
from ingest.loaders.encoding import looks_binary
from ingest.loaders.mail import Attachment, Body, Mail, file_name, header_line, html_text
from ingest.loaders.signatures import OLE, kind_of, mismatch

if TYPE_CHECKING:
    import oxmsg
    import oxmsg.attachment

_PROPERTIES = "__properties_version1.0".encode("utf-16-le")
_HTML = 0x1013
_DISPLAY_TO = 0x0E04
_SHORT_NAME = 0x3704
_CONTENT_ID = 0x3712
_FAULTS = (OSError, ValueError, LookupError, struct.error, AttributeError, AssertionError, RecursionError)


def parsed(raw: bytes) -> Mail:
    """The mail, taken apart. Raises TYPE_MISMATCH and BROKEN."""
    import oxmsg
    from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError

    if not raw.startswith(OLE):
        raise mismatch(".msg", kind_of(raw) if looks_binary(raw) else "text")
    if _PROPERTIES not in raw:
        raise mismatch(".msg", "another kind of Office file")
    try:
        return _mail(oxmsg.Message.load(raw))
    except (*_FAULTS, UnrecognizedCodePageError, UnsupportedEncodingError) as problem:
        raise broken(f"its properties cannot be read ({type(problem).__name__})") from problem


def _mail(message: oxmsg.Message) -> Mail:
    sent = message.sent_date
    to = ", ".join(f"{each.name} <{each.email_address}>" for each in message.recipients)
    said = {
        "From": message.sender or "",
        "To": to or message.properties.str_prop_value(_DISPLAY_TO) or "",
        "Date": f"{sent:%Y-%m-%d %H:%M} UTC" if sent else "",
        "Subject": message.subject,
    }
    headers = {name: line for name, value in said.items() if (line := header_line(value))}
    attachments = [made for each in message.attachments if (made := _attachment(each))]
    lost = len(message.attachments) - len(attachments)
    warnings = (f"{lost:,} attachments without content of their own (links, embedded items) were left out.",)
    return Mail(headers, [_body(message)], attachments, warnings if lost else ())


def _attachment(each: oxmsg.attachment.Attachment) -> Attachment | None:
    try:
        name = each.file_name or each.properties.str_prop_value(_SHORT_NAME) or "attachment"
        shown = each.properties.str_prop_value(_CONTENT_ID) or ""
        return Attachment(file_name(name), each.file_bytes, shown.strip("<>")) if each.file_bytes else None
    except _FAULTS:  # a damaged attachment does not cost the mail
        return None


def _body(message: oxmsg.Message) -> Body:
    raw = message.properties.binary_prop_value(_HTML)
    html = html_text(raw, message.properties.body_encoding) if raw else message.html_body or ""
    return Body(html, message.body or "")
