"""Personal numbers and addresses taken out of text: cards, IBANs, id numbers, phone numbers, e-mail addresses.

A number that has check digits is masked only if they are right. Order numbers, part numbers, prices, dates, times and
codes stay. Knows no language but the words that announce a phone number. Every pattern runs in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rag.check_digits import (
    iban_length,
    is_card,
    is_chinese_id,
    is_french_id,
    is_hong_kong_id,
    is_iban,
    is_spanish_id,
    is_taiwanese_id,
)
from rag.phone_numbers import is_phone

Span = tuple[int, int, str]  # from, to, and what stands there instead
Group = tuple[int, int]  # of digits that stand together

# Full-width letters, digits and signs as their plain ones: one character each, so that places stay the same.
_PLAIN = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F), 0x20)
_PLAIN |= dict.fromkeys((0x2010, 0x2011, 0x2012), ord("-"))
_PLAIN |= {0x660 + value: 0x30 + value for value in range(10)}
_WIDE = re.compile("[\uff01-\uff5e\u3000\xa0\u2009\u202f\u2010-\u2012\u0660-\u0669]")
_DIGITS = re.compile("[0-9]+")
_MANY = re.compile(r"[0-9](?:[^0-9]{0,6}[0-9]){5}")  # no number of any kind has fewer digits, or has them further apart
_AT = re.compile(r"@|[(\[]at[)\]]")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9\xc0-\u024f._%+'-])[A-Za-z0-9\xc0-\u024f._%+'-]{1,64}"
    r"(?:@|\s?[(\[]at[)\]]\s?)(?:[A-Za-z0-9\xc0-\u024f-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
# Each of these patterns begins with a digit: there are few of them in a sentence, and they are found quickly.
_IBAN = re.compile(r"[0-9](?<=[A-Za-z]{2}[0-9])(?<![A-Za-z0-9][A-Za-z]{2}[0-9])[0-9](?=[ .-]?[A-Za-z0-9])")
_SIGNS = re.compile(r"(?:[ .-]?[A-Za-z0-9]){1,34}")
_RUN = re.compile(r"[0-9](?:[ .()/-]{0,2}[0-9]){6,}")
_LEAD = re.compile(r"(?:\+ ?\(?|\()$")
_BITS = re.compile(
    r"[0-9]{2} ?[0-9]{2} ?[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}"  # of ids with letters
)
_DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-./])[0-9]{1,2}\2(?:19|20)[0-9]{2})(?![0-9])"
)
_LETTERED = re.compile(
    r"(?<![A-Za-z0-9-])(?:"
    r"(?P<kong>[A-Za-z]{1,2}[0-9]{6} ?(?:\([0-9Aa]\)|[0-9Aa]))"
    r"|(?P<taiwan>[A-Za-z][1289][0-9]{8})"
    r"|(?P<spain>(?:[0-9]{8}|[XYZxyz]-?[0-9]{7})[ -]?[A-Za-z])"
    r"|(?P<own>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"  # United Kingdom
    r"|[A-Z]{6}[0-9]{2}[A-EHLMPR-T][0-9]{2}[A-Z][0-9]{3}[A-Z]"  # Italy
    r"|(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4})"  # United States
    r")(?![A-Za-z0-9-])"
)
_PASSPORT = re.compile(
    r"(?:passport|护照|護照)[^0-9\n]{0,12}?(?<![A-Za-z0-9])([A-Za-z]{0,2}[0-9]{7,9})(?![A-Za-z0-9])", re.I
)
_CHECKS: dict[str, Callable[[str], bool]] = {
    "kong": is_hong_kong_id,
    "taiwan": is_taiwanese_id,
    "spain": is_spanish_id,
    "own": lambda _: True,  # their form is check enough
}
_JUNCTURE = re.compile(r"[ ().-]")
_JOINED = re.compile("[A-Za-z0-9]")
_POINTED = re.compile("[.-][0-9]")
_CODE = re.compile(r"[A-Za-z0-9_][-_/]?$")
_LABEL = re.compile(r"(?:^|[^A-Za-z])(?:tel|phone|mobile|mob|call|fax|whatsapp|wechat|wx|vx|card|no)\W?$", re.I)


def mask(text: str) -> str:
    """`text` with [card], [iban], [id], [phone] and [e-mail] in place of such numbers and addresses."""
    plain = text.translate(_PLAIN) if _WIDE.search(text) else text
    found = list[Span]()
    if _AT.search(plain):
        found += _mails(plain)
    if _MANY.search(plain):
        found += [*_ibans(plain), *_ids(plain), *_numbers(plain)]
    return _replaced(text, found) if found else text


def _replaced(text: str, found: list[Span]) -> str:
    pieces, done = list[str](), 0
    for start, end, instead in sorted(found):
        if start >= done:
            pieces += (text[done:start], instead)
            done = end
    return "".join((*pieces, text[done:]))


def _mails(plain: str) -> Iterator[Span]:
    for found in _MAIL.finditer(plain):
        yield found.start(), found.end(), "[e-mail]"


def _ibans(plain: str) -> Iterator[Span]:
    for found in _IBAN.finditer(plain):
        begin = found.start() - 2
        signs = _SIGNS.match(plain, begin)
        wanted = iban_length(plain[begin : begin + 2].upper())
        if not signs or not wanted:
            continue
        places = [place for place in range(*signs.span()) if plain[place].isalnum()][:wanted]
        end = places[-1] + 1
        number = "".join(plain[place] for place in places).upper()
        if len(number) == wanted and is_iban(number) and not _JOINED.match(plain, end):
            yield begin, end, "[iban]"


def _ids(plain: str) -> Iterator[Span]:
    """Id numbers with letters before, in or after their digits."""
    for bits in _BITS.finditer(plain):
        for before in (6, 3, 2, 1, 0):
            found = _LETTERED.match(plain, max(0, bits.start() - before))
            if found and _CHECKS[str(found.lastgroup)](_JUNCTURE.sub("", found[0]).upper()):
                yield *found.span(), "[id]"
        if found := _PASSPORT.search(plain, max(0, bits.start() - 30), bits.end() + 6):
            yield *found.span(1), "[id]"


def _numbers(plain: str) -> Iterator[Span]:
    """Cards, id numbers and phone numbers among the rows of digits; what belongs to a code is none of them."""
    for run in _RUN.finditer(plain):
        lead = _LEAD.search(plain, max(0, run.start() - 3), run.start())
        at = lead.start() if lead else run.start()
        for piece in _between(_DATE.finditer(plain, *run.span()), *run.span()):
            groups = [found.span() for found in _DIGITS.finditer(plain, *piece)]
            yield from _windows(plain, groups, at)


def _between(cuts: Iterator[re.Match[str]], start: int, end: int) -> Iterator[Group]:
    for cut in cuts:
        yield start, cut.start()
        start = cut.end()
    yield start, end


def _windows(plain: str, groups: list[Group], at: int) -> Iterator[Span]:
    """From each group of digits on, the longest row of groups that is a number of a kind."""
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + 8), first, -1):
            if found := _kind(plain, groups[first:last], at):
                yield found
                first = last
                break
        else:
            first += 1


def _kind(plain: str, groups: list[Group], at: int) -> Span | None:
    start, end = groups[0][0], groups[-1][1]
    digits = "".join(plain[one:two] for one, two in groups)
    if not 7 <= len(digits) <= 19 or _in_a_code(plain, start) or _cut(plain, start, end):
        return None
    crossed = len(digits) == 17 and plain[end : end + 1] in ("X", "x")
    if is_chinese_id(digits + "X" if crossed else digits):
        return start, end + crossed, "[id]"
    if _JOINED.match(plain, end):
        return None  # 5200mAh
    if is_card(digits) and all(two - one >= 4 for one, two in groups[:-1]):
        return start, end, "[card]"
    if is_french_id(digits):
        return start, end, "[id]"
    begin = is_phone(plain, groups, digits, at)
    return (begin, end, "[phone]") if begin is not None else None


def _cut(plain: str, start: int, end: int) -> bool:
    """Whether the digits go on behind a point or a hyphen: 09.00-13.00."""
    return _POINTED.match(plain, end) is not None or (
        plain[start - 1 : start] in (".", "-") and start >= 2 and plain[start - 2].isdigit()
    )


def _in_a_code(plain: str, start: int) -> bool:
    """Whether letters stand right before: AH-UK-204518, SF1402938475610; "tel07700…" and Chinese do not count."""
    before = plain[max(0, start - 12) : start]
    return _CODE.search(before) is not None and _LABEL.search(before) is None
