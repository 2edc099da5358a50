"""Mails: headers, bodies in any encoding, attachments read by their own loaders, and hostile ones."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import load
from ingest.loaders.mail import MAX_ATTACHMENTS
from rag.errors import Refused
from rag.types import Block, Document
from tests.ingest.files import docx_file, png_file
from tests.ingest.ole import compound, outlook


def mail(subject: str = "Returns", body: str = "Send it back.") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Ann <ann@shop.example>", "bob@home.example"
    made["Date"], made["Subject"] = "Mon, 01 Jun 2026 10:00:00 +0200", subject
    made.set_content(body)
    return made


def read(made: EmailMessage) -> Document:
    return load(made.as_bytes(), "a.eml")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def headed(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    return f"Subject: s\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def refusal(raw: bytes, name: str) -> Refused:
    with pytest.raises(Refused) as raised:
        load(raw, name)
    return raised.value


def test_headers_and_plain_text() -> None:
    document = read(mail(body="Hello,\n\nsend it back.\n\n> How do I return it?\n"))
    assert document.title == "Returns"
    assert texts(document)[:3] == [
        "From: Ann <ann@shop.example>\nTo: bob@home.example\nDate: Mon, 01 Jun 2026 10:00:00 +0200\nSubject: Returns",
        "Hello,",
        "send it back.",
    ]
    assert "How do I return it?" in texts(document)[3]


def test_html_is_preferred_and_its_hidden_text_left_out() -> None:
    made = mail(body="plain words")
    made.add_alternative("<p>Rich <b>words</b></p><div style='display:none'>preheader</div>", subtype="html")
    document = read(made)
    assert texts(document)[1:] == ["Rich words"]
    assert "9 characters" in document.warnings[0]


def test_plain_text_serves_where_the_html_says_nothing() -> None:
    for useless in ("<p> </p>", "<div>" * 5000 + "deep"):
        made = mail(body="plain words")
        made.add_alternative(useless, subtype="html")
        assert texts(read(made))[1:] == ["plain words"]


def test_attachments_stand_below_their_names() -> None:
    made = mail()
    word = docx_file(lambda each: each.add_heading("Costs", 1) and each.add_paragraph("Free within the EU."))
    made.add_attachment(word, maintype="application", subtype="octet-stream", filename="../../Costs abroad.docx")
    made.add_attachment(b"# Policy\n\n## Lamps\n\nThirty days.", maintype="text", subtype="plain", filename="p.md")
    blocks = read(made).blocks[2:]
    assert [(block.kind, block.level, block.text) for block in blocks if block.text != "Costs"] == [
        ("heading", 1, "Costs abroad.docx"),
        ("text", 0, "Free within the EU."),
        ("heading", 1, "p.md"),
        ("heading", 2, "Policy"),
        ("heading", 4, "Lamps"),
        ("text", 0, "Thirty days."),
    ]


@pytest.mark.parametrize(("name", "code"), [("a.bin", "UNSUPPORTED"), ("a.docx", "BROKEN")])
def test_an_attachment_that_cannot_be_read_is_a_warning(name: str, code: str) -> None:
    made = mail()
    made.add_attachment(b"PK\x03\x04 no archive", maintype="application", subtype="octet-stream", filename=name)
    document = read(made)
    assert texts(document)[1:] == ["Send it back."]
    assert name in document.warnings[0]
    assert code in document.warnings[0]


def test_an_attachment_that_only_some_may_read_does_not_go_in_with_the_mail() -> None:
    made = mail()
    secret = b"---\naudience: internal\n---\n\nOur margin is 40 %.\n"
    made.add_attachment(secret, maintype="text", subtype="markdown", filename="margins.md")
    document = read(made)
    assert texts(document)[1:] == ["Send it back."]
    assert "OWN_FIELDS" in document.warnings[0]


def test_an_encrypted_mail_is_refused() -> None:
    raw = headed("application/pkcs7-mime; name=smime.p7m", base64.b64encode(bytes(range(200))), "base64")
    assert refusal(raw, "a.eml").code == "ENCRYPTED"


def test_a_picture_attached_follows_the_text() -> None:
    made = mail()
    made.add_attachment(png_file(), maintype="image", subtype="png", filename="lamp.png")
    document = read(made)
    assert [block.kind for block in document.blocks[2:4]] == ["heading", "picture"]
    assert document.blocks[3].picture in document.pictures


def test_a_picture_of_the_html_stands_where_it_is_shown() -> None:
    made = mail()
    made.add_alternative('<p>Look:</p><img src="cid:lamp" alt="A lamp"><p>Bye.</p>', subtype="html")
    html = made.get_body(["html"])
    assert isinstance(html, EmailMessage)
    html.add_related(png_file(), maintype="image", subtype="png", cid="<lamp>")
    document = read(made)
    assert [(block.kind, block.text) for block in document.blocks[1:]] == [
        ("text", "Look:"),
        ("picture", "A lamp"),
        ("text", "Bye."),
    ]
    assert document.blocks[2].picture in document.pictures


def test_calendars_are_left_out_with_a_warning() -> None:
    made = mail()
    made.add_attachment("BEGIN:VCALENDAR", subtype="calendar")
    document = read(made)
    assert texts(document)[1:] == ["Send it back."]
    assert "text/calendar" in document.warnings[0]


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("gb2312", "gb18030", "您好，退货运费由谁承担？請問能開發票嗎？镕"),
        ("big5", "big5", "您好，請問退貨的運費由誰負擔？"),
        ("gb2312", "big5", "您好，請問退貨的運費由誰負擔？"),
        ("iso-8859-1", "gb18030", "您好，请问退货的运费由谁承担？"),
        ("iso-2022-jp", "iso2022_jp", "返品の方法を教えてください。"),
        ("us-ascii", "utf-8", "Grüße"),
        ("no-such-charset", "cp1252", "Größe und Länge"),
    ],
)
def test_bodies_in_the_encoding_they_are_in(charset: str, encoding: str, text: str) -> None:
    plain = headed(f"text/plain; charset={charset}", base64.b64encode(text.encode(encoding)), "base64")
    html = headed(f"text/html; charset={charset}", f"<p>{text}</p>".encode(encoding))
    assert texts(load(plain, "a.eml"))[-1] == texts(load(html, "a.eml"))[-1] == text


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: =?gb2312?B?" + base64.b64encode("退货运费說明".encode("gb18030")) + b"?=",
        "Subject: 退货运费說明".encode("gb18030"),
        "subject:  退货运费\r\n 說明".encode(),
    ],
)
def test_subjects_in_the_encoding_they_are_in(header: bytes) -> None:
    assert load(header + b"\r\n\r\nHello there.", "a.eml").title.replace(" ", "") == "退货运费說明"


def test_a_line_end_in_a_subject_makes_no_header() -> None:
    document = load(b"Subject: =?utf-8?Q?Hi=0D=0ATo:_eve@evil.example?=\r\n\r\nHello there.", "a.eml")
    assert document.title == "Hi To: eve@evil.example"
    assert document.blocks[0].text == "Subject: Hi To: eve@evil.example"


def test_mails_within_mails_are_read_three_deep() -> None:
    made = mail("level 3", "Body 3.")
    for level in (2, 1, 0):
        outer = mail(f"level {level}", f"Body {level}.")
        outer.add_attachment(made)
        made = outer
    document = read(made)
    assert [text for text in texts(document) if text.startswith("Body")] == ["Body 0.", "Body 1.", "Body 2."]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]
    assert "TOO_DEEP" in document.warnings[0]


def test_of_a_thousand_attachments_some_are_read() -> None:
    made = mail()
    for number in range(1000):
        made.add_attachment(f"File {number} speaks.", filename=f"{number}.txt")
    document = read(made)
    assert sum(block.text.endswith("speaks.") for block in document.blocks) == MAX_ATTACHMENTS
    assert f"{1000 - MAX_ATTACHMENTS} attachments were left out (TOO_MANY)" in document.warnings[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: s\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello there.\r\n",
        b"Subject: s\r\nContent-Type: multipart/mixed\r\n\r\nHello there.",
        b"Subject: s\r\nContent-Type: text/plain; charset=\xff\xfe\r\n\r\nHello there.",
        b"Subject: s\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\nSGVsbG8gdGhlcmUu=\xff",
        b"From bob Mon Jun  1\r\nSubject: s\r\nDate: =?x?y?z\r\nContent-Type: ;;;\r\n\r\nHello there.",
    ],
)
def test_malformed_mails_keep_their_words(raw: bytes) -> None:
    assert "Hello there." in " ".join(texts(load(raw, "a.eml")))


def test_parts_nested_without_end_are_left_out() -> None:
    raw = b"Subject: s\r\n"
    for level in range(3000):
        raw += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode()
    raw += b"\r\ninner"
    assert outcome(raw) in ("read", "BROKEN")


def outcome(raw: bytes) -> str:
    try:
        return "read" if load(raw, "a.eml").title else ""
    except Refused as refused:
        return refused.code


@pytest.mark.parametrize("raw", [b"Hello there, this is no mail.", b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_what_is_no_mail(raw: bytes) -> None:
    assert refusal(raw, "a.eml").code == "TYPE_MISMATCH"
    assert refusal(raw, "a.msg").code == "TYPE_MISMATCH"


@given(
    st.binary(max_size=200), st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=x", "image/png"])
)
def test_any_body_is_read(body: bytes, kind: str) -> None:
    assert load(headed(kind, body), "a.eml").title == "s"


# --- Outlook -----------------------------------------------------------------------------------------------


def test_an_outlook_mail() -> None:
    raw = outlook("Returns", body="Send it back.", files={"..\\..\\p.md": b"# Policy\n\nThirty days.", "x.bin": b"x"})
    document = load(raw, "a.msg")
    assert document.title == "Returns"
    assert texts(document) == [
        'From: "Ann" <ann@shop.example>\nTo: Bob <bob@home.example>\nSubject: Returns',
        "Send it back.",
        "p.md",
        "Policy",
        "Thirty days.",
    ]
    assert "x.bin" in document.warnings[0]


def test_the_html_of_an_outlook_mail_in_its_code_page() -> None:
    raw = outlook("退货", html="<p>请把商品<b>寄回</b>。</p>".encode("gb18030"), body="plain", codepage=936)
    assert load(raw, "a.msg").blocks[1:] == (Block("text", "请把商品寄回。"),)


def test_an_outlook_mail_within_a_mail() -> None:
    made = mail()
    made.add_attachment(outlook("Inner", body="Inner words."), maintype="a", subtype="b", filename="inner.msg")
    assert texts(read(made))[-1] == "Inner words."


def test_damaged_and_other_compound_files() -> None:
    assert refusal(compound({"WordDocument": b"x" * 100}), "a.msg").code == "TYPE_MISMATCH"
    raw = outlook("Returns", body="Send it back.")
    assert refusal(raw[: len(raw) // 2], "a.msg").code == "BROKEN"
    assert refusal(outlook("Returns", body="Send it back.", codepage=1), "a.msg").code == "BROKEN"
    assert refusal(compound({"__properties_version1.0": b""}), "a.msg").code in ("BROKEN", "NO_TEXT")
