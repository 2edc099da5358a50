"""Check digits: whether a number is one of its kind or only looks like one. Pure; plain ASCII digits and capitals."""

from __future__ import annotations

# Lengths by country, of the SWIFT registry of IBAN formats.
_IBAN_LENGTHS = {
    each[:2]: int(each[2:])
    for each in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 "
        "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 "
        "YE30"
    ).split()
}
# What a card's number may begin with (ISO/IEC 7812), and how many digits it then has.
_CARDS = (
    ("4", {13, 16, 19}),
    ("34 37", {15}),
    ("30 36 38 39", {14}),
    ("35 22 23 24 25 26 27 50 51 52 53 54 55 56 57 58", {16}),
    ("6 9", {16, 17, 18, 19}),  # UnionPay, Discover, Maestro; 9: issued by Chinese banks before UnionPay
)
_CARD_LENGTHS = {start: lengths for starts, lengths in _CARDS for start in starts.split()}


def iban_length(country: str) -> int:
    """Characters of this country's IBANs; 0 where it has none."""
    return _IBAN_LENGTHS.get(country, 0)


def is_iban(text: str) -> bool:
    """ISO 13616: the remainder by 97 is 1. `text` without blanks, in capitals."""
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def is_card(digits: str) -> bool:
    """A payment card: an issuer's first digits, the length that goes with them, and Luhn's check digit."""
    lengths = _CARD_LENGTHS.get(digits[:2]) or _CARD_LENGTHS.get(digits[:1])
    return lengths is not None and len(digits) in lengths and luhn(digits)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B. A row of one and the same digit is nobody's number."""
    total = sum(int(each) for each in digits[::-2])
    total += sum(sum(divmod(2 * int(each), 10)) for each in digits[-2::-2])
    return total % 10 == 0 and len(set(digits)) > 1


def is_chinese_id(text: str) -> bool:
    """GB 11643: 17 digits with a birthday within, and a check digit modulo 11, which may be X."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    month, day = int(text[10:12]), int(text[12:14])
    if text[6:8] not in ("18", "19", "20") or not 1 <= month <= 12 or not 1 <= day <= 31:
        return False
    weighed = sum(int(each) * pow(2, 17 - place, 11) for place, each in enumerate(text[:17]))
    return "10X98765432"[weighed % 11] == text[17]


def is_hong_kong_id(text: str) -> bool:
    """One or two letters, six digits and a check digit, which may be A; without brackets."""
    values = [36] * (9 - len(text)) + [int(each, 36) for each in text]
    return sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def is_taiwanese_id(text: str) -> bool:
    """A letter for the county, and nine digits of which the last is the check digit."""
    county = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    values = (county // 10, county % 10, *map(int, text[1:]))
    return sum(map(int.__mul__, values, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def is_spanish_id(text: str) -> bool:
    """DNI and NIE: eight digits, the first of which may be X, Y or Z, and a letter modulo 23."""
    number = text[0].translate(str.maketrans("XYZ", "012")) + text[1:8]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[8]


def is_french_id(digits: str) -> bool:
    """The social security number: sex, year, month, place, and a key modulo 97."""
    months = (*range(1, 13), *range(20, 43))
    proper = len(digits) == 15 and digits[0] in "12" and int(digits[3:5]) in months
    return proper and 97 - int(digits[:13]) % 97 == int(digits[13:])
