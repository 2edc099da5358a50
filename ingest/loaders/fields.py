"""What editors write about a document, as `name: value` lines: front matter, side files, folder files.

YAML, read with patience for what people type: a Chinese colon, a tab, a colon or an @ within a value. What says who
may read a document must never be taken for text, so whatever cannot be read raises Unreadable. Knows no field.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

_NAME = r"[A-Za-z][\w-]*"
_WIDE_COLON = re.compile(rf"(?m)^({_NAME})[ \t]*：[ \t]*")
_LEADING_TABS = re.compile(rf"(?m)^\t+(?={_NAME}[ \t]*:)")
_TAB_AFTER = re.compile(rf"(?m)^({_NAME}:)[ \t]+")
_PLAIN = re.compile(rf"({_NAME}):[ \t]+([^\s\"'\[{{|>#&*!].*?)\s*(?:\s#.*)?$")
_ANCHOR = re.compile(r"(?m)^[^#\n]*:\s+[&*]\w")


class Unreadable(ValueError):
    """The lines are no fields; says which line and why."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """A name that stands twice is an error: nobody can tell which of the two was meant."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key.value, str)]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise Unreadable(f"{twice!r} stands in it twice")
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


# A date that does not exist stays as it was written: who checks the fields says what is wrong with it.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in some if tag != "tag:yaml.org,2002:timestamp"]
    for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_fields(source: str) -> dict[str, object] | None:
    """The fields by name, None where the source is no mapping at all; dates stay text. Raises Unreadable."""
    if _ANCHOR.search(source):
        raise Unreadable("it uses anchors (& or *), which are not allowed")
    source = _LEADING_TABS.sub("", _WIDE_COLON.sub(r"\1: ", source))
    source = _TAB_AFTER.sub(r"\1 ", source)
    try:
        found = _parsed(source)
    except yaml.YAMLError as problem:
        try:
            found = _parsed("\n".join(map(_quoted, source.split("\n"))))
        except yaml.YAMLError:
            raise Unreadable(_said(problem, source)) from problem
    if found is None:
        return {}
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else None


def _parsed(source: str) -> object:
    try:
        return yaml.load(source, _Loader)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as problem:  # lists within lists
        raise Unreadable(" ".join(str(problem).split())) from problem


def _quoted(line: str) -> str:
    """The line with its value in quotes: a colon or an @ in it means nothing then."""
    found = _PLAIN.fullmatch(line)
    return f"{found[1]}: {json.dumps(found[2], ensure_ascii=False)}" if found else line


def _said(problem: yaml.YAMLError, source: str) -> str:
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return " ".join(str(problem).split())
    lines = source.split("\n")
    at = min(mark.line, len(lines) - 1)
    return f"line {at + 1} of it, “{lines[at].strip()[:60]}”: {getattr(problem, 'problem', None) or 'no such line'}"
