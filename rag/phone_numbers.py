"""Whether a row of groups of digits is a phone number: international, Chinese mobile, or as countries write their own.

Public hotlines (400 and 800) are nobody's own number and do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_SAID = re.compile(
    r"(?:(?<!\[)\b(?:tele?phone|phone|tel|mobile|cell|whatsapp|call|ring|reach|fax|text)\b(?!\])"
    r"(?:[\s:.,#-]|\b(?:number|no|nr|is|me|us|on|at|my|under|back|please)\b){0,8}"
    r"|(?:电话|電話|手机|手機|致电|致電|来电|來電|打给|打給|回电|回電|联系方式|聯絡)[^0-9A-Za-z\n\[]{0,10})$",
    re.I,
)
# Digits of a whole number with the country's code, where they are fixed; at most 15 elsewhere (E.164).
_FIXED = {"1": 11, "31": 11, "33": 11, "34": 11, "44": 12, "45": 10, "48": 11, "852": 11, "853": 11, "886": 12}
_FIXED |= {"86": 13, "351": 12, "353": 12, "420": 12, "40": 11}
_HOTLINE = re.compile("[48]00")


def is_phone(plain: str, groups: Sequence[tuple[int, int]], digits: str, at: int) -> int | None:
    """Where the number begins, with its + or bracket, if `groups` of `plain` are one; `at` is where their row begins."""
    start, sizes = groups[0][0], tuple(two - one for one, two in groups)
    lead = plain[at:start] if start - at <= 3 else ""
    if lead.startswith("+"):
        return at if _international(digits, plain[at : groups[-1][1]]) else None
    if digits.startswith("00") and digits[2] != "0" and 10 <= len(digits) <= 17 and sizes[0] >= 2:
        return start if _international(digits[2:], plain[start : groups[-1][1]]) else None
    joints = [plain[one[1] : two[0]] for one, two in pairwise(groups)]
    if _national(digits, sizes, joints) or _announced(plain, start, digits, sizes):
        return start - 1 if plain[start - 1 : start] == "(" else start
    return None


def _international(digits: str, written: str) -> bool:
    most = next((length for code, length in _FIXED.items() if digits.startswith(code)), 15)
    return 7 <= len(digits) <= most + ("(0)" in written)


def _national(digits: str, sizes: tuple[int, ...], joints: Sequence[str]) -> bool:
    even = len(set(joints[1:])) <= 1
    if re.fullmatch(r"(?:86)?1[3-9][0-9]{9}", digits):  # a Chinese mobile
        return len(sizes) <= 4 and (sizes[0] >= 3 or digits.startswith("86")) and even
    if digits[0] == "0" and digits[1] != "0":  # with the national prefix, 0
        return 9 <= len(digits) <= 12 and sizes[0] >= 2 and len(sizes) <= 5 and even
    if sizes == (3, 3, 4):  # North America
        return digits[0] in "23456789" and not _HOTLINE.match(digits) and "/" not in joints
    return False


def _announced(plain: str, start: int, digits: str, sizes: tuple[int, ...]) -> bool:
    """As a word before it says: "call me on 5550 0208"."""
    if not 7 <= len(digits) <= 12 or min(sizes) < 2 or len(sizes) > 5 or _HOTLINE.match(digits):
        return False
    return _SAID.search(plain[max(0, start - 40) : start]) is not None
