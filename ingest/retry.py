"""Looking again at files that were refused, when what was in their way is gone: a limit, a right, a missing program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.pipeline import Outcome, Pipeline
from ingest.publishing import require_known
from ingest.scan import scan
from ingest.store import Store
from rag.errors import StoreError


def retry(store: Store, pipeline: Pipeline, sources: Sequence[str] = ()) -> Iterator[Outcome]:
    """Forget the refusals of these files, or all of them, and take the files in again; what became of each.

    Raises StoreError for an unknown name, one that was not refused, and a store that no folder was synced into.
    """
    ledger = store.ledger
    require_known(ledger, sources)
    refused = {source for source, _, _ in ledger.refused()}
    if well := [each for each in sources if each not in refused]:
        raise StoreError(f"{', '.join(well)} was not refused. See 'python -m ingest status'.")
    chosen = set(sources or refused)
    root = ledger.fact("knowledge")
    if chosen and not root:
        raise StoreError("It is not known which folder the documents lie in. Run 'python -m ingest sync FOLDER' first.")
    found = [each for each in scan(Path(root)).found if each.source in chosen] if chosen else []
    ledger.accept(sorted(chosen))
    yield from pipeline.look(Path(root), found)
