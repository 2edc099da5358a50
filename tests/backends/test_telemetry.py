"""Spans as a collector gets them, and what happens without one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pytest_httpserver import HTTPServer

from backends import build
from backends.telemetry import Telemetry
from rag.config import Settings, Traces
from rag.ports import Span

PATH = "/v1/traces"
OPENED = {
    "event": "opened", "ticket": 7, "state": "waiting", "before": "assistant", "rule": "anger", "reason": "said so",
    "priority": 3, "team": "eu", "agent": "emma", "actor": "agent:emma", "language": "en",
    "since": "2026-01-02T10:00:00.000Z", "at": "2026-01-02T10:03:00.500Z",
}  # fmt: skip


def ended(telemetry: Telemetry) -> None:
    stop = threading.Event()
    stop.set()
    telemetry.run(stop)


def received(httpserver: HTTPServer) -> list[Any]:
    sent = [ExportTraceServiceRequest.FromString(request.data) for request, _ in httpserver.log]
    return [span for each in sent for one in each.resource_spans for scope in one.scope_spans for span in scope.spans]


def made(httpserver: HTTPServer, service: str = "vouch", key: str = "") -> Telemetry:
    httpserver.expect_request(PATH, method="POST").respond_with_data(b"", content_type="application/x-protobuf")
    return Telemetry(Traces(endpoint=httpserver.url_for(PATH), service=service), key)


def test_a_span_arrives_with_its_children_times_and_problem(httpserver: HTTPServer) -> None:
    telemetry = made(httpserver, key="secret")
    child = Span("decide", 1_000_000_100, 1_000_000_200, {"vouch.confidence": 0.5})
    telemetry.finished(Span("reply", 1_000_000_000, 1_000_000_900, {"vouch.outcome": "answer"}, (child,), "ValueError"))
    ended(telemetry)
    reply, step = sorted(received(httpserver), key=lambda each: each.start_time_unix_nano)
    assert (reply.name, reply.start_time_unix_nano, reply.end_time_unix_nano) == ("reply", 1_000_000_000, 1_000_000_900)
    assert (reply.parent_span_id, reply.status.message) == (b"", "ValueError")
    assert (step.name, step.parent_span_id, step.trace_id) == ("decide", reply.span_id, reply.trace_id)
    assert {request.headers["authorization"] for request, _ in httpserver.log} == {"Bearer secret"}


def test_steps_of_a_ticket_are_one_trace_and_name_nobody(httpserver: HTTPServer) -> None:
    telemetry, other = made(httpserver), made(httpserver, service="vouch-cn")
    telemetry.send("k1", OPENED)
    telemetry.send("k2", OPENED | {"event": "claimed", "state": "claimed", "before": "waiting"})
    telemetry.send("k3", OPENED | {"ticket": 8})
    other.send("k4", OPENED)
    ended(telemetry)
    ended(other)
    spans = {
        value.value.string_value: each
        for each in received(httpserver)
        for value in each.attributes
        if value.key.endswith(".key")
    }
    traces = {key: each.trace_id for key, each in spans.items()}
    assert traces["k1"] == traces["k2"]
    assert len(set(traces.values())) == 3
    assert spans["k1"].name == "ticket opened"
    assert spans["k1"].end_time_unix_nano - spans["k1"].start_time_unix_nano == 180_500_000_000
    everything = b"".join(request.data for request, _ in httpserver.log)
    assert b"emma" not in everything
    assert b"said so" not in everything


def test_without_a_collector_nothing_fails() -> None:
    telemetry = Telemetry(Traces(endpoint="http://127.0.0.1:9/v1/traces", seconds=0.2), "")
    telemetry.finished(Span("reply", 0, 1, {}))
    telemetry.send("k", OPENED)
    ended(telemetry)


def test_it_is_there_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")  # by the settings alone
    assert build.spans(Settings()) is None
    with pytest.raises(ValueError, match="is no address"):
        Traces(endpoint="collector:4318")
