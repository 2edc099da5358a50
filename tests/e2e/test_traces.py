"""Traces of a running app, as a collector on this machine gets them by OTLP over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.e2e.server import Server, make_home
from tests.ingest.following import wait_for

pytestmark = pytest.mark.slow
MAIL, CARD = "anna.meyer@example.org", "4111 1111 1111 1111"
QUESTION = f"How long is the warranty on the AirPure 300? I am {MAIL} and paid with {CARD}."
KEY = "k" * 40


class Collector:
    """Takes what is sent, and answers as collectors do."""

    def __init__(self) -> None:
        self.bodies, self.keys = list[bytes](), set[str]()
        collector = self

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.bodies.append(self.rfile.read(int(self.headers["content-length"])))
                collector.keys.add(self.headers.get("authorization", ""))
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1/traces"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def spans(self) -> list[Any]:
        sent = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span for each in sent for one in each.resource_spans for scope in one.scope_spans for span in scope.spans
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def collected(home: Path, monkeypatch: pytest.MonkeyPatch, **traces: object) -> Iterator[Collector]:
    """A collector, and the app that was asked one question and for a person, and has ended."""
    collector = Collector()
    settings = yaml.safe_load((make_home(home) / "config.yaml").read_text())
    settings["traces"] = {name: collector.url if value is ... else value for name, value in traces.items()}
    (home / "config.yaml").write_text(yaml.safe_dump(settings))
    monkeypatch.setenv("VOUCH_API_KEY", KEY)
    monkeypatch.setenv("VOUCH_TRACES_KEY", "from-the-environment")
    server = Server(home).start()
    headers = {"authorization": f"Bearer {KEY}", "vouch-guest": "sms:1"}
    for text in (QUESTION, "I want to talk to a person"):
        sent = httpx.post(f"{server.url}/api/v1/messages", json={"text": text}, headers=headers, timeout=30)
        assert sent.status_code == 200, sent.text
    if "endpoint" in traces:
        wait_for(
            lambda: any(each.name == "ticket opened" for each in collector.spans()), "the ticket's span never came"
        )
    server.stop()
    assert "Traceback" not in "".join(server.output)
    try:
        yield collector
    finally:
        collector.close()


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def test_by_default_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collected(tmp_path / "home", monkeypatch, service="vouch") as collector:
        assert collector.bodies == []


def test_replies_and_tickets_without_what_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collected(tmp_path / "home", monkeypatch, endpoint=...) as collector:
        spans = collector.spans()
        raw = b" ".join(collector.bodies).decode("utf-8", "replace")
        assert collector.keys == {"Bearer from-the-environment"}
    answered, handed = [each for each in spans if each.name == "reply"]
    assert attributes(answered)["vouch.outcome"] == "answer"
    assert attributes(answered)["vouch.citations"] >= 1
    assert attributes(handed)["vouch.rule"] == "asked_for_person"
    steps = [each for each in spans if each.parent_span_id == answered.span_id]
    assert [each.name for each in steps] == ["understand", "mood", "retrieve", "decide", "write and check"]
    assert all(
        answered.start_time_unix_nano <= each.end_time_unix_nano <= answered.end_time_unix_nano for each in steps
    )
    assert {each.trace_id for each in steps} == {answered.trace_id} != {handed.trace_id}
    (opened,) = [each for each in spans if each.name == "ticket opened"]
    assert attributes(opened)["vouch.ticket.rule"] == "asked_for_person"
    for word in ("AirPure", "warranty", "months", "talk to a person", "sms:1", MAIL, "4111"):
        assert word not in raw


def test_with_content_what_was_said_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collected(tmp_path / "home", monkeypatch, endpoint=..., content=True) as collector:
        spans = collector.spans()
        raw = b" ".join(collector.bodies).decode("utf-8", "replace")
    answered = next(each for each in spans if each.name == "reply")
    assert attributes(answered)["vouch.question"] == QUESTION.replace(MAIL, "[e-mail]").replace(CARD, "[card]")
    assert "24 months" in attributes(answered)["vouch.answer"]
    found = next(
        attributes(each) for each in spans if each.name == "retrieve" and each.parent_span_id == answered.span_id
    )
    assert json.loads(found["vouch.detail"])["hits"][0]["source"] == "warranty.pdf"
    assert MAIL not in raw
    assert "4111" not in raw
    assert "anna.meyer" not in raw
