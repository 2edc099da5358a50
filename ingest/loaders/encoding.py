"""From bytes to text: which encoding is it? Knows bytes and characters, no format.

UTF-8 and UTF-16 with line ends prove themselves. GB18030, Big5, Shift JIS, EUC-JP and Windows-1252 accept almost
anything, so the text each of them gives is judged by how many of its characters are ones people write; what none of
them explains is left to charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from rag.errors import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_JUDGED = 200_000  # bytes: enough to know an encoding by
_PLAUSIBLE = 0.7
_CLOSE = 0.05
_SURELY = 0.9
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
_LARGER = {
    "ascii": "cp1252",
    "big5": "cp950",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
}
_CHINESE_MARKS = frozenset("，。？！、：；“”‘’（）《》【】「」『』…—–　～·％＋－／")
_LATIN_MARKS = frozenset("’‘“”–—…€£¥©®™°§·«»±²³½¼¾¿¡•×÷ºª´`\xa0")


def decode(raw: bytes, declared: str = "") -> str:
    """The text; `declared` is the encoding that the file itself names. Raises Refused ENCODING if none fits."""
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace").removeprefix("\ufeff")
    declared = _known(declared)
    for name in filter(None, (_utf16(raw), _seven_bit(raw, declared), "utf-8")):
        text = _decoded(raw, name)
        if text is not None:
            return text
    # A wrong declaration is common: software writes the same one whatever the text is.
    best = _most_plausible(raw[:_JUDGED], declared)
    if declared and (declared not in _JUDGES or not best):
        text = _decoded(raw, declared)
        if text is not None:
            return text
    if (text := _damaged_utf8(raw)) is not None:
        return text
    name = best or _by_statistics(raw[:_JUDGED])
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
    return not _utf16(raw) and len(_CONTROL.findall(head)) > max(2, len(head) // 100)


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


def _known(declared: str) -> str:
    """The codec for a declared name; where software means more than the name says, the larger set.

    That it is UTF-16 or UTF-32 a file cannot say in letters of one byte: it shows, or is not so.
    """
    try:
        name = codecs.lookup(declared).name if declared else ""
    except (LookupError, ValueError):  # unknown, or no name at all
        return ""
    return "" if name.startswith(("utf-16", "utf-32")) else _LARGER.get(name, name)


def _seven_bit(raw: bytes, declared: str) -> str:
    """The declared encoding if it is one that writes everything in ASCII bytes, and does so here."""
    shifts = b"\x1b" in raw or b"~{" in raw
    return declared if shifts and raw.isascii() and declared.startswith(("iso2022", "hz")) else ""


def _utf16(raw: bytes) -> str:
    """UTF-16 without a mark: text in other encodings has no control bytes, and this reads well in one byte order."""
    head = raw[:4096]
    if len(raw) % 2 or not _CONTROL.search(head):
        return ""
    best = max(("utf-16-le", "utf-16-be"), key=lambda order: _share_written(head, order))
    return best if _share_written(head, best) >= _SURELY else ""


def _share_written(head: bytes, encoding: str) -> float:
    """How much of the text is characters that people write in some language."""
    text = head.decode(encoding, errors="replace")
    return sum(_is_written(text, at) for at in range(len(text))) / max(len(text), 1)


def _is_written(text: str, at: int) -> bool:
    character = text[at]
    if character < "\x7f":
        return character >= " " or character in "\t\n\r"
    if character in _LATIN_MARKS or (character < "\u0700" and character.isalpha()):
        return True
    korean = "\uac00" <= character <= "\ud7a3"
    return korean or _east_asian(text, at) > 0


def _most_plausible(head: bytes, declared: str) -> str:
    """The legacy encoding whose text reads best, or nothing if none reads well; the declared one wins if close."""
    scores = {}
    for encoding, plausible in _JUDGES.items():
        text = _decoded_head(head, encoding)
        if text is not None:
            high = [at for at, character in enumerate(text) if character > "\x7f"]
            scores[encoding] = sum(plausible(text, at) for at in high) / max(len(high), 1)
    best = max(scores, key=lambda each: scores[each] + (_CLOSE if each == declared != "cp1252" else 0), default="")
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


def _simplified(text: str, at: int) -> float:
    # Rows B0–D7 of GB 2312 hold the 3,755 characters in daily use, A1–A3 its marks. Its extension holds the
    # traditional ones; they count for less, as other encodings turn into a few of them.
    lead = _lead(text[at], "gb2312")
    return (
        1.0
        if text[at] in _CHINESE_MARKS or 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7
        else 0.8 * _traditional(text, at)
    )


def _traditional(text: str, at: int) -> float:
    # Rows A4–C6 of Big5 hold the 5,401 characters in daily use, A1–A3 its marks.
    return text[at] in _CHINESE_MARKS or 0xA1 <= _lead(text[at], "big5") <= 0xC6


def _japanese(text: str, at: int) -> float:
    # Kana, or the kanji of level 1 (rows 88–97 of Shift JIS). Half-width kana are what other text turns into.
    return text[at] in _CHINESE_MARKS or "\u3041" <= text[at] <= "\u30fe" or 0x88 <= _lead(text[at], "cp932") <= 0x97


def _east_asian(text: str, at: int) -> float:
    return _japanese(text, at) or _simplified(text, at)


def _western(text: str, at: int) -> float:
    """An accented letter belongs to a word of plain letters: é in café, not É in a run of such."""
    if text[at] in _LATIN_MARKS:
        return True
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return text[at].isalpha() and any(letter.isascii() and letter.isalpha() for letter in around)


_JUDGES: dict[str, Callable[[str, int], float]] = {
    "gb18030": _simplified,
    "euc_jp": _japanese,
    "cp950": _traditional,
    "big5hkscs": _traditional,
    "cp932": _japanese,
    "cp1252": _western,
    "utf-16-le": _east_asian,
    "utf-16-be": _east_asian,
}
