"""Ready replies for agents, read from a YAML file: a list of {name, en, zh}, of which one language may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from rag.errors import ConfigError
from rag.types import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Canned:
    """A ready reply."""

    name: str
    texts: Mapping[Language, str]


def read_canned(file: Path) -> tuple[Canned, ...]:
    """The file's replies in order; none where there is no file. Raises ConfigError."""
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"The ready replies in {file} cannot be read: {error}. Correct the file.") from None
    if not isinstance(read, list):
        raise ConfigError(
            f"{file} holds no list. Write one entry '- name: …' a reply, with its text as 'en:' and 'zh:'."
        )
    return tuple(_canned(file, number, each) for number, each in enumerate(read, 1))


def _canned(file: Path, number: int, entry: object) -> Canned:
    known = {"name", *LANGUAGES}
    if not isinstance(entry, dict) or set(entry) - known or not all(isinstance(each, str) for each in entry.values()):
        raise ConfigError(
            f"{file}, reply {number}: write it as 'name:', 'en:' and 'zh:', each a text, and nothing else."
        )
    texts: dict[Language, str] = {language: entry[language].strip() for language in LANGUAGES if entry.get(language)}
    if not entry.get("name") or not texts:
        raise ConfigError(f"{file}, reply {number} has no name or no text. Add 'name:' and 'en:' or 'zh:'.")
    return Canned(entry["name"], texts)
