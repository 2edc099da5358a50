"""Spans to an OpenTelemetry collector, by OTLP over HTTP. Never waits for the collector: what it does not take is lost.

Two kinds come in. Replies come as finished spans. Steps of tickets come as notifications, which the outbox sends after
their transaction, each once or more often; all steps of a ticket are in one trace, whose number is made from the ticket's
and from `traces.service`. Nothing that was said comes here but in a reply's attributes, which whoever made them has masked.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from rag.config import Traces
from rag.ports import Attribute, Span

TOLD = (
    "ticket",
    "event",
    "state",
    "before",
    "rule",
    "priority",
    "team",
    "language",
)  # of a step; no words, nobody's name


class Telemetry:
    """A Spans, which is a Notifier, too: for the steps of tickets. `key`: sent as a bearer token; empty: none is."""

    def __init__(self, settings: Traces, key: str) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        exporter = OTLPSpanExporter(endpoint=settings.endpoint, headers=headers, timeout=settings.seconds)
        resource = Resource({"service.name": settings.service})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer, self._service = self._provider.get_tracer("vouch"), settings.service

    def finished(self, span: Span) -> None:
        """Send it, with what happened in it."""
        self._write(span, trace.set_span_in_context(trace.INVALID_SPAN))

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """A step of a ticket: the time it spent as it was before."""
        ended = _nanoseconds(str(payload["at"]))
        began = _nanoseconds(str(payload.get("since", payload["at"])))
        found: dict[str, Attribute] = {
            f"vouch.ticket.{name}": value for name in TOLD if isinstance(value := payload.get(name), (str, int))
        }
        found["vouch.ticket.key"] = key  # the same where the same step comes again
        digest = hashlib.sha256(f"{self._service} {payload['ticket']}".encode()).digest()
        number, first = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
        ticket = NonRecordingSpan(
            SpanContext(number, first, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        )
        span = Span(f"ticket {payload['event']}", min(began, ended), ended, found)
        self._write(span, trace.set_span_in_context(ticket))

    def run(self, stop: threading.Event) -> None:
        """Until told to stop; then what is left is sent, or given up after a while."""
        stop.wait()
        self._provider.shutdown()

    def _write(self, span: Span, within: Context) -> None:
        made = self._tracer.start_span(span.name, within, start_time=span.began, attributes=dict(span.attributes))
        for child in span.children:
            self._write(child, trace.set_span_in_context(made))
        if span.problem:
            made.set_status(Status(StatusCode.ERROR, span.problem))
        made.end(span.ended)


def _nanoseconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp() * 1e6) * 1000
