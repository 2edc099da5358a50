"""A sync as a person watches it: which part of the store a folder is, progress with an ETA, a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ingest.chunk import CountTokens
from ingest.ledger import Ledger
from ingest.pipeline import Outcome, Pipeline
from ingest.sandbox import Sandbox
from ingest.scan import Scan, check_folder, scan
from ingest.seen import Seen
from ingest.store import Store
from rag.config import Ingest
from rag.errors import StoreError
from rag.ports import Transcriber


def run_sync(
    store: Store,
    settings: Ingest,
    count: CountTokens,
    folder: Path,
    console: Console,
    transcriber: Transcriber | None = None,
    *,
    thorough: bool = False,
) -> list[Outcome]:
    """Bring the store in step with `folder`, showing progress; what became of each file."""
    outcomes = []
    with sandbox_for(settings) as sandbox, _bar(console) as bar:
        pipeline = Pipeline(store, sandbox.parse, count, settings, transcriber)
        scan = begin(store.ledger, pipeline, folder, thorough=thorough)
        passed = [*passed_over(pipeline.seen, scan)]
        total, running = pipeline.bring_in(scan)
        task, passages = bar.add_task("Reading documents", total=total, passages=0, rate=0.0), 0
        for each in running:
            outcomes.append(each)
            passages += each.passages
            rate, advance = (
                passages / (bar.tasks[task].elapsed or 1),
                each.result not in ("withdrawn", "withdrawal staged"),
            )
            bar.update(task, advance=advance, passages=passages, rate=rate)
    for line in (*passed, *told(outcomes)):
        console.print(line, style="red" if line.startswith("refused") else None, soft_wrap=True, markup=False)
    return outcomes


def sandbox_for(settings: Ingest) -> Sandbox:
    """The pool of parsing processes as the settings want it."""
    return Sandbox(
        settings.workers,
        settings.parse_seconds,
        settings.parse_memory_mb,
        ocr_pages=settings.ocr_pages,
        comments=settings.comments,
    )


def begin(ledger: Ledger, pipeline: Pipeline, folder: Path, *, thorough: bool) -> Scan:
    """What is to be brought in for `folder`. Raises StoreError if the store holds another folder's documents."""
    root, scope = root_and_scope(ledger, folder)
    check_folder(scope)
    found = scan(root, [scope])
    remember_root(ledger, root)
    if thorough:
        pipeline.seen.forget()
    return found


def passed_over(seen: Seen, scan: Scan) -> Iterator[str]:
    """Files and folders that are no documents, each named once."""
    yield from (f"passed over: {source} {why}" for source, why in sorted(seen.news(scan.passed_over).items()))


def told(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The end of a sync in lines: how many of what, and each refusal."""
    outcomes = list(outcomes)
    counts = Counter(each.result for each in outcomes)
    yield ", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "No documents."
    yield from (f"refused {each.source}: {each.detail}" for each in outcomes if each.result == "refused")


def root_and_scope(ledger: Ledger, folder: Path) -> tuple[Path, Path]:
    """The store's own folder and the part of it to sync: another folder must not withdraw the first one's documents."""
    known, folder = ledger.fact("knowledge"), folder.resolve()
    root = Path(known or folder)
    if root in folder.parents:
        return root, folder
    if folder != root and root.is_dir() and ledger.live_sources():
        raise StoreError(
            f"This store holds the documents of {root}, not of {folder}. Name another store with --data, or sync {root}."
        )
    return folder, folder  # the same folder, or the one it was moved to


def remember_root(ledger: Ledger, root: Path) -> None:
    """Note whose documents the store holds."""
    if ledger.fact("knowledge") != str(root):
        ledger.record("knowledge", str(root))


def _bar(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[passages]} passages, {task.fields[rate]:.0f}/s"),
    )
    return Progress(*columns, TimeElapsedColumn(), TextColumn("· left"), TimeRemainingColumn(), console=console)
