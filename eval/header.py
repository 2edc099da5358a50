"""What a run is made with, written down so that two runs can be told apart, and a resumed one belongs together."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime

from eval.cases import Case
from eval.knowledge_under_test import UnderTest
from eval.results import Choice, Header
from prompts import FOLDER
from rag.config import ROOT, Settings
from rag.errors import ConfigError

_OF_ONE_RUN = ("knowledge", "release", "state", "writer", "models", "prompts", "commit", "cases", "repeat", "judge")


def header(run_id: str, chosen: Choice, cases: Sequence[Case], found: UnderTest, settings: Settings) -> Header:
    """The header of a run that begins now."""
    backend = settings.writer.backend
    return Header(
        id=run_id,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        knowledge=chosen.knowledge or chosen.release,
        release=found.release,
        state=found.state,
        writer=backend,
        models=() if backend == "extractive" else tuple(each.model for each in settings.writer.endpoints),
        prompts={file.stem: _hash(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.md"))},
        commit=_commit(),
        cases=_hash("\n".join(each.model_dump_json() for each in cases)),
        repeat=chosen.repeat,
        chosen=chosen,
    )


def check_same(begun: Header, now: Header) -> None:
    """Raise ConfigError where a run would go on with something else than it was begun with."""
    other = [name for name in _OF_ONE_RUN if getattr(begun, name) != getattr(now, name)]
    if other:
        raise ConfigError(
            f"Run {begun.id} was begun with another {', '.join(other)}; its results would not belong together. "
            "Restore that, or begin a new run."
        )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _commit() -> str:
    """The commit of this program, with -dirty where files differ from it; empty without git."""
    try:
        command = ("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
