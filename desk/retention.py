"""What is older than config.yaml says is deleted: conversations, recordings of runs, log files."""

from __future__ import annotations

import logging
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from desk.erasure import squeeze
from desk.kept import delete, silent_since
from desk.schema import conversations, outbox
from rag.config_customers import Privacy
from rag.errors import VouchError

DAY = 24 * 3600.0  # seconds
log = logging.getLogger(__name__)


def daily(engine: Engine, data: Path, kept_for: Privacy) -> None:
    """Tidy now and every day from then on; never returns. A day on which it fails is made up for by the next."""
    while True:
        try:
            tidy(engine, data, kept_for)
        except (VouchError, OSError) as error:
            log.error("What is due could not be deleted: %s", error)
        time.sleep(DAY)


def tidy(engine: Engine, data: Path, kept_for: Privacy, now: datetime | None = None) -> list[str]:
    """Delete what is due (`now` is UTC without a zone); what was done, a line each."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    with engine.execution_options(writes=True).begin() as connection:
        old = silent_since(connection, now - timedelta(days=kept_for.conversations_days))
        delete(connection, old)
        alerts = (outbox.c.ticket.is_(None), outbox.c.at < now - timedelta(days=kept_for.conversations_days))
        connection.execute(outbox.delete().where(*alerts))
    count = len(old[conversations])
    told = [f"{count} conversations deleted"] if count else []
    for folder, days in (("runs", kept_for.runs_days), ("logs", kept_for.logs_days)):
        gone = _clear(data / folder, now - timedelta(days=days))
        told += [f"{folder}: {gone} deleted"] if gone else []
    return [*told, *(squeeze(engine) if count else [])] or ["nothing was due"]


def _clear(folder: Path, before: datetime) -> int:
    """Entries of the folder in which nothing was changed since `before`."""
    gone = 0
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        within = [entry, *entry.rglob("*")] if entry.is_dir() and not entry.is_symlink() else [entry]
        newest = max(each.lstat().st_mtime for each in within)
        if datetime.fromtimestamp(newest, UTC).replace(tzinfo=None) < before:
            if len(within) > 1 or (entry.is_dir() and not entry.is_symlink()):
                shutil.rmtree(entry)
            else:
                entry.unlink()
            gone += 1
    return gone
