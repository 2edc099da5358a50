"""What the benchmarks' commands share: the parts that `eval/__main__.py` puts together, options, and where figures go."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.workbench import Workbench
from ingest.rehearsal import State
from ingest.store import Store
from rag.assistant import Assistant
from rag.config import Settings
from rag.ports import ChatModel, CustomerDirectory, Embedder, Reranker

console = Console()
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file as well.")]
SetsArgument = Annotated[
    list[str] | None, typer.Argument(help="NAME DIR …: public data sets as published, beside the demo knowledge's.")
]
EveryOption = Annotated[int, typer.Option(min=1, help="Ask only every n-th question of the public sets.")]


@dataclass(frozen=True, slots=True)
class Parts:
    """Builders of what is configured; a typer context carries them."""

    workbench: Callable[[Settings], Workbench]
    chat_models: Callable[[Settings], list[ChatModel]]
    embedder: Callable[[Settings], Embedder]
    rehearsal: Callable[[Workbench, State], AbstractContextManager[Store]]  # of the configured store
    reranker: Callable[[Settings], Reranker | None]
    assistant: Callable[[Workbench, Store, Sequence[ChatModel], Reranker | None], Assistant]
    directory: Callable[[Settings, Store], CustomerDirectory | None]  # the company's records, where there are any


def parts_of(context: typer.Context) -> Parts:
    """The parts a command was given."""
    parts: Parts = context.obj
    return parts


def write_json(file: Path | None, figures: object) -> None:
    """Write the figures where --json says, if it was given."""
    if file:
        file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
