"""From bytes to text: which encoding is it? Knows bytes and characters, no format.

UTF-8 and UTF-16 prove themselves. GB18030, Big5, Shift JIS and Windows-1252 accept almost anything, so the text
each of them gives is judged by how many of its characters are ones people write; what none of them explains is
left to charset-normalizer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.errors import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_JUDGED = 200_000  # bytes: enough to know an encoding by
_PLAUSIBLE = 0.7
_WHOLE = 10  # characters for each wrong one
# What editors' programs have written outside of the encodings judged here; left to itself the guess falls on
# those of long gone machines.
_OTHERS = (
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8_r",
    "euc_kr",
    "euc_jp",
    "cp1252",
)
_CHINESE_MARKS = frozenset("，。？！、：；“”‘’（）《》【】「」『』…—　～·％＋－／")
_LATIN_MARKS = frozenset("’‘“”–—…€£¥©®™°§·«»±²³½¼¾¿¡•×÷ºª´`\xa0")


def decode(raw: bytes, declared: str = "") -> str:
    """The text; `declared` is the encoding that the file itself names. Raises Refused ENCODING if none fits."""
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace").removeprefix("\ufeff")
    for name in filter(None, ("utf-8", _utf16_by_zeros(raw), declared)):
        text = _decoded(raw, name)
        if text is not None:
            return text
    if (text := _damaged_utf8(raw)) is not None:
        return text
    name = _most_plausible(raw[:_JUDGED]) or _by_statistics(raw[:_JUDGED])
    text = _decoded(raw, name) if name else None
    if text is None:
        raise Refused(
            "ENCODING", "No known encoding fits the text of this file.", "Save it again as UTF-8 and put that in."
        )
    return text


def looks_binary(raw: bytes) -> bool:
    """Whether these bytes are no text in any encoding: control bytes that no text has, beyond a stray few."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return False
    if raw.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf")):
        return True
    head = raw[:_JUDGED]
    return not _utf16_by_zeros(raw) and len(_CONTROL.findall(head)) > max(2, len(head) // 100)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _damaged_utf8(raw: bytes) -> str | None:
    """UTF-8 in which a few bytes are wrong: far more characters come out whole than not."""
    text = raw.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - wrong
    return text if whole >= _WHOLE * wrong else None


def _utf16_by_zeros(raw: bytes) -> str:
    """UTF-16 without a mark: in Latin text and in line ends every other byte is zero."""
    head = raw[:4096]
    if len(head) < 4 or len(raw) % 2:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) > len(head) // 100:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _most_plausible(head: bytes) -> str:
    """The legacy encoding whose text reads best, or nothing if none reads well."""
    scores = {}
    for encoding, plausible in _JUDGES.items():
        text = _decoded_head(head, encoding)
        if text is not None:
            high = [at for at, character in enumerate(text) if character > "\x7f"]
            scores[encoding] = sum(plausible(text, at) for at in high) / max(len(high), 1)
    best = max(scores, key=lambda encoding: scores[encoding], default="")
    return best if best and scores[best] >= _PLAUSIBLE else ""


def _decoded_head(head: bytes, encoding: str) -> str | None:
    # The cut may go through a character of up to four bytes.
    for cut in range(4 if len(head) == _JUDGED else 1):
        text = _decoded(head[: len(head) - cut], encoding)
        if text is not None:
            return text
    return None


def _by_statistics(head: bytes) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(head, threshold=0.3, cp_isolation=list(_OTHERS)).best()
    return best.encoding if best else ""


def _lead(character: str, encoding: str) -> int:
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _simplified(text: str, at: int) -> bool:
    # Rows B0–D7 of GB 2312 hold the 3,755 characters in daily use.
    return text[at] in _CHINESE_MARKS or 0xB0 <= _lead(text[at], "gb2312") <= 0xD7


def _traditional(text: str, at: int) -> bool:
    # Rows A4–C6 of Big5 hold the 5,401 characters in daily use.
    return text[at] in _CHINESE_MARKS or 0xA4 <= _lead(text[at], "big5") <= 0xC6


def _japanese(text: str, at: int) -> bool:
    # Kana, or the kanji of level 1 (rows 88–97 of Shift JIS). Half-width kana are what other text turns into.
    return text[at] in _CHINESE_MARKS or "\u3041" <= text[at] <= "\u30fe" or 0x88 <= _lead(text[at], "cp932") <= 0x97


def _western(text: str, at: int) -> bool:
    """An accented letter belongs to a word of plain letters: é in café, not É in a run of such."""
    if text[at] in _LATIN_MARKS:
        return True
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return text[at].isalpha() and any(letter.isascii() and letter.isalpha() for letter in around)


_JUDGES: dict[str, Callable[[str, int], bool]] = {
    "gb18030": _simplified,
    "big5": _traditional,
    "cp932": _japanese,
    "cp1252": _western,
}
