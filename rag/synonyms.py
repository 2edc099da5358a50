"""The question in other words: expressions that mean the same, from a small list of ours and from editors' own.

Editors keep `_synonyms.yaml` in the knowledge folder: a list of groups, each a list of expressions. Knows no index.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from rag.errors import ConfigError
from rag.text import is_han, normalise

NAME = "_synonyms.yaml"
OURS = Path(__file__).with_name("synonyms.yaml")
VARIANTS = 4  # of one question; each is scored against every candidate
GAP = "..."  # within an expression, also as "…": other words may stand there
Groups = tuple[tuple[str, ...], ...]
log = logging.getLogger(__name__)


def variants(text: str, groups: Groups) -> list[str]:
    """`text` with one expression exchanged for another of its group, at most VARIANTS of them; without `text` itself."""
    plain = normalise(text)
    return list(dict.fromkeys(each for each in _exchanged(plain, groups) if each != plain))[:VARIANTS]


def _exchanged(plain: str, groups: Groups) -> Iterator[str]:
    for group in groups:
        # The longest first: "how much does it cost" is one expression, not "cost" in a question.
        found = next((each for each in sorted(group, key=len, reverse=True) if _pattern(each).search(plain)), None)
        if found:
            match = next(_pattern(found).finditer(plain))
            between = "".join(match.groups()).strip()
            others = [each for each in group if each != found and GAP not in each]
            yield from (
                _put(plain, match, each + ("" if is_han(each[0]) or not between else " ") + between) for each in others
            )


def _put(plain: str, match: re.Match[str], words: str) -> str:
    return plain[: match.start()] + words + plain[match.end() :]


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    """A gap takes up to three words, or characters of Chinese: "send … back" is in "send a lamp back"."""
    chinese = is_han(expression[0])
    gap = r"(\w{0,3})" if chinese else r"((?:\W+\w+){1,3})\s+"
    words = gap.join(re.escape(part.strip()) for part in expression.split(GAP))
    return re.compile(words if chinese else rf"(?<!\w){words}(?!\w)")


def read(file: Path) -> Groups:
    """The groups in a file, in the form in which texts are compared. Raises ConfigError, naming the place."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{file} cannot be read as YAML in UTF-8: {' '.join(str(error).split())}.") from None
    if not isinstance(found, list):
        raise ConfigError(f"{file} is not a list. Write one group a line, such as '- [refund, money back]'.")
    return tuple(_group(file, number, each) for number, each in enumerate(found, 1))


def _group(file: Path, number: int, group: object) -> tuple[str, ...]:
    if (
        not isinstance(group, list)
        or len(group) < 2
        or not all(isinstance(each, str) and each.strip() for each in group)
    ):
        raise ConfigError(
            f"{file}: group {number} is not a list of two or more expressions. Write '- [refund, money back]'."
        )
    return tuple(dict.fromkeys(normalise(each).strip() for each in group))


@cache
def ours() -> Groups:
    """The list that comes with the assistant: words every customer service shares."""
    return read(OURS)


class SynonymFile:
    """Ours and the editors' file, read again when it changes. A faulty file is named in the log; the last good one stays."""

    def __init__(self, file: Path) -> None:
        self._file, self._seen = file, 0
        self._theirs: Groups = ()

    def groups(self) -> Groups:
        """All groups, the editors' first."""
        changed = self._changed_at()
        if changed != self._seen:
            self._seen = changed
            try:
                self._theirs = read(self._file) if changed else ()
            except ConfigError as error:
                log.warning("%s The synonyms stay as they were.", error)
        return (*self._theirs, *ours())

    def _changed_at(self) -> int:
        """In nanoseconds; 0 where there is no file."""
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return 0
