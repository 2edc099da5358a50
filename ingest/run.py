"""A sync as a person watches it: which part of the store a folder is, progress with an ETA, a summary."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ingest.chunk import CountTokens
from ingest.ledger import Ledger
from ingest.pipeline import Outcome, Pipeline
from ingest.sandbox import Sandbox
from ingest.store import Store
from rag.config import Ingest
from rag.errors import StoreError


def run_sync(store: Store, settings: Ingest, count: CountTokens, folder: Path, console: Console) -> list[Outcome]:
    """Bring the store in step with `folder`, showing progress; what became of each file."""
    root, scope = _root_and_scope(store.ledger, folder)
    outcomes = []
    with sandbox_for(settings) as sandbox, _bar(console) as bar:
        total, running = Pipeline(store, sandbox.parse, count, settings).sync(root, scope)
        store.ledger.record("knowledge", str(root))
        task, passages = bar.add_task("Reading documents", total=total, passages=0), 0
        for each in running:
            outcomes.append(each)
            passages += each.passages
            bar.update(task, advance=each.result not in ("withdrawn", "withdrawal staged"), passages=passages)
    counts = Counter(each.result for each in outcomes)
    console.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "No documents.")
    for each in outcomes:
        if each.result == "refused":
            console.print(f"refused {each.source}: {each.detail}", style="red", soft_wrap=True, markup=False)
    return outcomes


def sandbox_for(settings: Ingest) -> Sandbox:
    """The pool of parsing processes as the settings want it."""
    return Sandbox(settings.workers, settings.parse_seconds, settings.parse_memory_mb, ocr_pages=settings.ocr_pages)


def _root_and_scope(ledger: Ledger, folder: Path) -> tuple[Path, Path]:
    """The store's own folder and the part of it to sync: another folder must not withdraw the first one's documents."""
    known = ledger.fact("knowledge")
    root = Path(known or folder)
    if root in folder.parents:
        return root, folder
    if folder != root and root.is_dir() and ledger.live_sources():
        raise StoreError(
            f"This store holds the documents of {root}, not of {folder}. Name another store with --data, or sync {root}."
        )
    return folder, folder  # the same folder, or the one it was moved to


def _bar(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[passages]} passages"),
    )
    return Progress(*columns, TimeElapsedColumn(), TextColumn("· left"), TimeRemainingColumn(), console=console)
