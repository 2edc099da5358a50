"""Prompts are files: `NAME.LANGUAGE.md` with a version and the variables they take, checked when they are read.

Knows the files' form; knows nothing of what is put into them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from rag.errors import ConfigError

FOLDER = Path(__file__).parent
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as its file holds it. `hash` goes into every trace."""

    name: str
    version: str
    variables: frozenset[str]
    system: str
    user: str
    hash: str

    @property
    def text(self) -> str:
        return f"{self.system}\n{self.user}"

    def fill(self, **values: str) -> tuple[str, str]:
        """(system, user) with every variable replaced. Raises ConfigError when one is missing or unknown."""
        if set(values) != self.variables:
            wrong = ", ".join(sorted(set(values) ^ self.variables))
            raise ConfigError(f"prompts/{self.name}.md and the code disagree about: {wrong}. Correct one of them.")

        def put(match: re.Match[str]) -> str:
            return values[match.group(1)]

        # One pass: what a customer or a document says is never itself searched for variables.
        return _VARIABLE.sub(put, self.system), _VARIABLE.sub(put, self.user)


@cache
def load_prompt(name: str, language: str) -> Prompt:
    """The prompt `name` in a language. Raises ConfigError if its file is missing or malformed."""
    path = FOLDER / f"{name}.{language}.md"
    try:
        text = path.read_text(encoding="utf-8")
        _, front, body = text.split("---\n", 2)
        fields = yaml.safe_load(front)
        system, user = re.split(r"^# User\n", body.replace("# System\n", "", 1), maxsplit=1, flags=re.MULTILINE)
        version, declared = str(fields["version"]), frozenset(fields["variables"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} is not a prompt ({error}). See the others for the form.") from None
    used = frozenset(_VARIABLE.findall(body))
    if used != declared:
        wrong = ", ".join(sorted(used ^ declared))
        raise ConfigError(f"{path}: declared and used variables differ: {wrong}. Correct its front matter.")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(f"{name}.{language}", version, declared, system.strip(), user.strip(), digest)
