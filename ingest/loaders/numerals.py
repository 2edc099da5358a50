"""Numbers as lists write them: letters, Roman and Chinese numerals. Pure."""

from __future__ import annotations

from collections.abc import Callable


def written(number: int, form: str) -> str:
    """The number in a format by its name in Office files: "lowerLetter", "upperRoman"; plain digits by default."""
    writer = _WRITERS.get(form)
    return writer(number) if writer and number > 0 else f"{number:02d}" if form == "decimalZero" else str(number)


def letters(number: int) -> str:
    """a … z, aa, bb, … as Word does it."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)


def roman(number: int) -> str:
    """i, ii, iii, iv …"""
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    ):
        text += sign * (number // value)
        number %= value
    return text


def chinese(number: int) -> str:
    """一 … 九十九; digits from a hundred on."""
    digits = "零一二三四五六七八九"
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else str(number)


_WRITERS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
}
