"""Expressions that mean the same, in groups: a list of ours and editors' own.

Editors keep `_synonyms.yaml` in the knowledge folder: a list of groups, each a list of expressions. Knows no index.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import yaml

from rag.errors import ConfigError
from rag.text import normalise

NAME = "_synonyms.yaml"
OURS = Path(__file__).with_name("synonyms.yaml")
GAP = "..."  # within an expression, also as "…": other words may stand there
Groups = tuple[tuple[str, ...], ...]
log = logging.getLogger(__name__)


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
