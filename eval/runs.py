"""Stored runs: which there are, and one of them read whole. Knows no assistant and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from eval.results import Header, Result, Run
from rag.errors import VouchError

HEADER, RESULTS = "header.json", "results.jsonl"
NEWEST = "newest"


class RunsError(VouchError):
    """A run that is not there, or cannot be read."""


def headers(runs: Path) -> list[Header]:
    """Of all runs below `runs` whose header can be read, the oldest first."""
    found = []
    for file in sorted(runs.glob(f"*/{HEADER}")):
        try:
            found.append(Header.model_validate_json(file.read_bytes()))
        except (ValidationError, OSError):
            continue  # being written, or of another version: read_run says so to who asks for it
    return sorted(found, key=lambda each: (each.started_at, each.id))


def find(runs: Path, name: str = NEWEST) -> Path:
    """The folder of a run by its id, the beginning of its id, its path, or "newest". Raises RunsError."""
    if name == NEWEST:
        known = headers(runs)
        if not known:
            raise RunsError(f"There are no runs in {runs}. Make one with 'python -m eval run'.")
        return runs / known[-1].id
    for folder in (runs / name, Path(name)):
        if (folder / HEADER).is_file():
            return folder
    begun = sorted(file.parent for file in runs.glob(f"*/{HEADER}") if file.parent.name.startswith(name))
    if len(begun) == 1:
        return begun[0]
    said = f"begins the ids of {len(begun)} runs" if begun else f"is no run in {runs}"
    raise RunsError(f"{name!r} {said}. 'python -m eval history' lists them.")


def read_run(folder: Path) -> Run:
    """A finished run from its folder. Raises RunsError with file and line; changes nothing, unlike who writes it."""
    header_file, results_file = folder / HEADER, folder / RESULTS
    try:
        header = Header.model_validate_json(header_file.read_bytes())
        lines = results_file.read_bytes().split(b"\n") if header.finished_at else []
    except ValidationError as error:
        raise RunsError(
            f"{header_file}: {_said(error)}. It was made by another version; run the cases again."
        ) from None
    except OSError as error:
        raise RunsError(f"{error.filename}: {error.strerror}. Name a folder of a run.") from None
    if not header.finished_at:
        raise RunsError(f"Run {header.id} is not finished. Go on with 'python -m eval run --resume {header.id}'.")
    return Run(header=header, results=tuple(_results(results_file, lines)))


def _results(file: Path, lines: Sequence[bytes]) -> Iterator[Result]:
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield Result.model_validate_json(line)
        except ValidationError as error:
            raise RunsError(f"{file}:{number}: {_said(error)}. The file was damaged; run the cases again.") from None


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
