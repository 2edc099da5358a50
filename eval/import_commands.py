"""`python -m eval import`, `accept` and `reject`: cases from life, by way of drafts that a person reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from eval.cases import CasesError
from eval.drafts import SUFFIX, accept, reject
from eval.imports import gather
from eval.parts import console
from rag.cli import DataOption
from rag.config import load

CASES = Path(__file__).parent / "cases"
FileArgument = Annotated[Path, typer.Argument(help=f"The file of drafts, NAME{SUFFIX}.")]
IdsArgument = Annotated[list[str], typer.Argument(help="Their ids.")]


def importing(open_database: Callable[[Path], Engine]) -> Callable[..., None]:
    """The command over this kind of database."""

    def import_cases(
        file: Annotated[Path | None, typer.Argument(help=f"Default: drafts/life{SUFFIX} in the data folder.")] = None,
        data: DataOption = None,
    ) -> None:
        """Draft cases from stored conversations that were rated down, handed off or reopened; each only once."""
        folder = load(data=data).paths.data
        file = file or folder / "drafts" / f"life{SUFFIX}"  # where desk/erasure.py looks
        if not file.name.endswith(SUFFIX):
            raise CasesError(f"{file} is to hold drafts, not cases. Give it a name that ends with {SUFFIX}.")
        engine = open_database(folder)
        try:
            added = gather(engine, file, sorted(CASES.glob("*.cases.jsonl")))
        finally:
            engine.dispose()
        console.print(
            f"{len(added)} new drafts in {file}. Numbers and addresses are masked, names are not.", soft_wrap=True
        )
        for draft in added:
            console.print(f"{draft.id}  {', '.join(draft.why)}", markup=False, highlight=False)

    return import_cases


def accept_drafts(
    file: FileArgument,
    ids: IdsArgument,
    into: Annotated[Path, typer.Option(help="The file of cases that takes them.")] = CASES / "life.cases.jsonl",
) -> None:
    """Move drafts that a person has read and put right into a file of cases."""
    knowledge = load().paths.knowledge
    documents = [path.relative_to(knowledge).as_posix() for path in knowledge.rglob("*") if path.is_file()]
    moved = accept(file, ids, into, documents)
    console.print(f"{len(moved)} cases moved into {into}", soft_wrap=True, highlight=False)


def reject_drafts(file: FileArgument, ids: IdsArgument) -> None:
    """Throw drafts away; their conversations are not drafted again."""
    reject(file, ids)
    console.print(f"{len(ids)} drafts thrown away", highlight=False)
