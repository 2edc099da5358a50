"""What editors say about a document: front matter, a side file, folder defaults, in that order of strength.

`NAME.EXT.meta.yaml` speaks for one file, `_folder.yaml` for a folder and those below it. A field nobody
knows is refused with the nearest valid name, so that a typo never silently makes a document public.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from ingest.loaders.blocks import clean
from ingest.loaders.encoding import decode
from ingest.loaders.fields import Unreadable, read_fields
from ingest.recordings import SUBTITLES, is_recording
from rag.config_base import nearest
from rag.errors import Refused
from rag.types import DocumentMeta

SIDE_FILE = ".meta.yaml"
FOLDER_FILE = "_folder.yaml"
AUDIENCES = ("public", "internal")  # and the segments of config.yaml
MAX_BYTES = 64_000  # of a side file

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_LANGUAGES = {
    "english": "en",
    "英文": "en",
    "英语": "en",
    "chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
    "简体中文": "zh",
}


def _text(value: object) -> object:
    """Numbers are words as well, and a name without a value says nothing."""
    return "" if value is None else str(value) if isinstance(value, int | float) else value


def _day(value: object) -> object:
    """A date, the year first, with any of the usual signs between. Raises ValueError."""
    if value is None or isinstance(value, date):
        return value
    if not (found := _DAY.fullmatch(str(value).strip())):
        raise ValueError(f"{str(value)!r} is no date; write the year first, as in 2026-12-31")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError(f"there is no {value}; write the year first, as in 2026-12-31") from None


def _audience(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value.strip().lower()):
        raise ValueError(
            f"{'' if value is None else value!r} is no audience; write public, internal or a segment's name"
        )
    return value.strip().lower()


def _language(value: object) -> object:
    """en for en-US and English, zh for zh-CN and 中文. Raises ValueError for others."""
    said = str(value or "").strip().lower()
    found = _LANGUAGES.get(said, re.split("[-_]", said)[0])
    if found not in ("", "en", "zh"):
        raise ValueError(f"{value!r} is no language here; write en or zh")
    return found


Text = Annotated[str, BeforeValidator(_text)]
Day = Annotated[date | None, BeforeValidator(_day)]


class _Fields(BaseModel):
    """The fields and what they may hold."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Text = ""
    category: Text = ""
    audience: Annotated[str, BeforeValidator(_audience)] = "public"
    language: Annotated[str, BeforeValidator(_language)] = ""
    product: Text = ""
    region: Text = ""
    valid_from: Day = None
    valid_until: Day = None
    review_by: Day = None
    owner: Text = ""
    supersedes: Text = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Fields:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from ({self.valid_from}) is later than valid_until ({self.valid_until})")
        return self


def companions(path: Path, root: Path) -> list[Path]:
    """The files that say something about `path`, weakest first; those that exist."""
    named = (*_folder_files(path.parent, root), f"{path}{SIDE_FILE}")
    return [Path(each) for each in named if os.path.isfile(each)]


@lru_cache(4096)
def _folder_files(folder: Path, root: Path) -> tuple[str, ...]:
    """Where FOLDER_FILE may stand for files in `folder`, weakest first."""
    inside = [each for each in (folder, *folder.parents) if each == root or root in each.parents]
    return tuple(str(each / FOLDER_FILE) for each in reversed(inside))


def spoken_of(path: Path) -> Path:
    """The file or folder whose documents may change when `path` does: `companions` read backwards."""
    if path.name == FOLDER_FILE or is_recording(path.name) or path.suffix.lower() in SUBTITLES:
        return path.parent  # subtitles are documents or not, by what stands beside them
    return path.with_name(path.name.removesuffix(SIDE_FILE)) if path.name != SIDE_FILE else path


def combine(said: list[tuple[str, bytes]], front_matter: Mapping[str, object]) -> DocumentMeta:
    """One checked DocumentMeta from (file name, its bytes), weakest first, and front matter. Raises Refused."""
    merged: dict[str, object] = {}
    for name, raw in said:
        merged.update(_checked(name, _read(name, raw)))
    merged.update(_checked("its front matter", front_matter))
    final = _checked("its fields together", merged)
    return DocumentMeta(**{each.name: final[each.name] for each in fields(DocumentMeta) if each.name in final})  # type: ignore[arg-type]


def doubts(meta: DocumentMeta) -> Iterator[str]:
    """What may be a slip, though it is allowed: segments are named freely, so "intern" hides a document from all."""
    if meta.audience not in AUDIENCES and (close := get_close_matches(meta.audience, AUDIENCES, 1, cutoff=0.75)):
        yield f"Its audience is {meta.audience!r}: only customers of a segment of that name hear of it. {close[0]!r} is meant?"


def _read(name: str, raw: bytes) -> Mapping[str, object]:
    if len(raw) > MAX_BYTES:
        raise Refused("BAD_METADATA", f"{name} has {len(raw):,} bytes; {MAX_BYTES:,} are the most.", "Shorten it.")
    why = "it holds no fields"
    try:
        if (found := read_fields(clean(decode(raw)))) is not None:
            return found
    except Unreadable as problem:
        why = str(problem)
    raise Refused("BAD_METADATA", f"{name} cannot be read: {why}.", "Write lines such as 'title: Returns'.")


def _checked(name: str, said: Mapping[str, object]) -> dict[str, object]:
    try:
        return _Fields.model_validate(dict(said)).model_dump(exclude_unset=True)
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0]) if problem["loc"] else "validity"
        if problem["type"] == "extra_forbidden":
            hint = nearest(field, list(_Fields.model_fields))
            raise Refused("BAD_METADATA", f"{name} has an unknown field {field!r}.", hint.strip()) from None
        raise Refused(
            "BAD_METADATA",
            f"{name}: {field}: {problem['msg'].removeprefix('Value error, ')}.",
            "Correct it and save again.",
        ) from None
