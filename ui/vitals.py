"""For the machines that look after this one: whether it can work, and its counters. Knows no page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ingest.schema import documents
from rag.errors import StoreError

ROOM = 256 * 1024 * 1024  # bytes that must be free on the disk of the store


@dataclass(frozen=True, slots=True)
class Vitals:
    """`problems`: why it cannot work now, if so; `metrics`: the counters as Prometheus reads them."""

    problems: Callable[[], list[str]]
    metrics: Callable[[], bytes]


def problems(engine: Engine, data: Path, room: int = ROOM) -> list[str]:
    """Why customers cannot be answered, or not for long; empty: they can."""
    return list(_problems(engine, data, room))


def _problems(engine: Engine, data: Path, room: int) -> Iterator[str]:
    try:
        with engine.connect() as connection:
            live = sa.select(documents.c.id).where(documents.c.live_version.is_not(None)).limit(1)
            if connection.scalar(live) is None:
                yield "knowledge: no document is live"
    except (StoreError, SQLAlchemyError):
        yield "database: it does not answer"
    try:
        if shutil.disk_usage(data).free < room:
            yield f"disk: less than {room // 1024**2} MB are free"
    except OSError:
        yield "disk: the data folder is gone"


def vitals_routes(app: FastAPI, vitals: Vitals) -> None:
    """/healthz: the process is alive; /readyz: it can work; /metrics."""

    @app.get("/healthz")
    def alive() -> Response:
        return Response("ok", media_type="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        found = vitals.problems()
        return Response("\n".join(found) or "ready", 503 if found else 200, media_type="text/plain")

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(vitals.metrics(), headers={"content-type": CONTENT_TYPE_LATEST})
