"""What editors say about a document: front matter, a side file, folder defaults, in that order of strength.

`NAME.EXT.meta.yaml` speaks for one file, `_folder.yaml` for a folder and those below it. A field nobody
knows is refused with the nearest valid name, so that a typo never silently makes a document public.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingest.recordings import SUBTITLES, is_recording
from rag.config_base import nearest
from rag.errors import Refused
from rag.types import DocumentMeta

SIDE_FILE = ".meta.yaml"
FOLDER_FILE = "_folder.yaml"
MAX_BYTES = 64_000  # of a side file

Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, (int, float)) else value)]


class _Fields(BaseModel):
    """The fields and what they may hold."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Text = ""
    category: Text = ""
    audience: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "public"
    language: Literal["", "en", "zh"] = ""
    product: Text = ""
    region: Text = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None
    owner: Text = ""
    supersedes: Text = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Fields:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("valid_from is later than valid_until")
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


def _read(name: str, raw: bytes) -> Mapping[str, object]:
    if len(raw) > MAX_BYTES:
        raise Refused("BAD_METADATA", f"{name} has {len(raw):,} bytes; {MAX_BYTES:,} are the most.", "Shorten it.")
    try:
        found = yaml.safe_load(raw.decode("utf-8")) or {}
    except (yaml.YAMLError, ValueError, RecursionError):  # no such day; lists within lists
        found = None
    if not isinstance(found, dict):
        raise Refused(
            "BAD_METADATA", f"{name} is not a YAML mapping in UTF-8.", "Write lines such as 'title: Returns'."
        )
    return {str(key): value for key, value in found.items()}


def _checked(name: str, said: Mapping[str, object]) -> dict[str, object]:
    try:
        return _Fields.model_validate(dict(said)).model_dump(exclude_unset=True)
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0]) if problem["loc"] else "validity"
        if problem["type"] == "extra_forbidden":
            hint = nearest(field, list(_Fields.model_fields))
            raise Refused("BAD_METADATA", f"{name} has an unknown field {field!r}.", hint.strip()) from None
        raise Refused("BAD_METADATA", f"{name}: {field}: {problem['msg']}.", "Correct it and save again.") from None
