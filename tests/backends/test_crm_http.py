"""A company's CRM over HTTP: mapped, bounded, cached; and whatever it does, no wrong record and no long wait."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from backends.crm_http import HTTPDirectory
from rag.config import CRM
from rag.errors import RecordsError
from rag.people import Complaint, Customer, Order, Visit

Answer = Callable[[BaseHTTPRequestHandler], None]
CUSTOMER = {"id": "C-1", "name": "Anna", "email": "a@example.org", "since": "2020-02-29T10:00:00Z", "tier": None}
ORDERS = [
    {"number": 17, "placed_on": "2026-01-05", "status": "delivered", "items": ["Kettle"], "total": 9.5},
    {"number": "A-2", "placed_on": "2026-03-01", "status": "shipped", "items": [{"name": "Cup"}], "customer": "C-1"},
]


class Server:
    """A CRM whose answers are set by path."""

    def __init__(self) -> None:
        self.answers: dict[str, object | Answer] = {"/customers/C-1": CUSTOMER, "/customers/C-1/orders": ORDERS}
        self.asked: list[str] = []
        self.keys: list[str | None] = []
        self.over = Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.keys.append(self.headers["Authorization"])
                answer = server.answers.get(self.path)
                if callable(answer):
                    answer(self)
                else:
                    send(self, 404 if answer is None else 200, json.dumps(answer).encode())

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def crm() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def directory(crm: Server, clock: Callable[[], float] = time.monotonic, **settings: object) -> HTTPDirectory:
    return HTTPDirectory(CRM.model_validate({"base_url": crm.url, "seconds": 0.5, **settings}), "key", clock)


def test_a_customer_is_read_with_their_orders_newest_first(crm: Server) -> None:
    assert directory(crm).customer("C-1") == Customer(
        "C-1",
        "Anna",
        "a@example.org",
        since=date(2020, 2, 29),
        orders=(
            Order("A-2", date(2026, 3, 1), "shipped", ("Cup",)),
            Order("17", date(2026, 1, 5), "delivered", ("Kettle",), "9.5"),
        ),
    )
    assert crm.keys == ["Bearer key"] * 2


def test_routes_and_fields_are_the_companys(crm: Server) -> None:
    lines = [{"product": {"title": "Kettle"}}]
    order = {"id": "17", "state": "sent", "ordered": "2026-01-05", "lines": lines, "ship": {"by": "Parcelway"}}
    case = {"number": "P-1", "opened_on": "2026-01-06", "subject": "late", "open": True}
    found = {
        "ref": "C-1",
        "person": {"full": "Anna"},
        "cases": [case],
        "data": {"seen": [{"on": "2026-01-07", "url": "/x"}]},
    }
    crm.answers = {"/v2/c?key=C-1": found, "/v2/o/C-1": {"results": [order]}}
    mapped = directory(
        crm,
        routes={"customer": "/v2/c?key={id}", "orders": "/v2/o/{id}"},
        lists={"orders": "results", "complaints": "cases", "visits": "data.seen"},
        fields={
            "customer": {"id": "ref", "name": "person.full"},
            "orders": {
                "number": "id", "status": "state", "placed_on": "ordered", "items": "lines", "item": "product.title",
                "carrier": "ship.by",
            },
            "visits": {"what": "url"},
        },
    )  # fmt: skip
    assert mapped.customer("C-1") == Customer(
        "C-1",
        "Anna",
        orders=(Order("17", date(2026, 1, 5), "sent", ("Kettle",), carrier="Parcelway"),),
        complaints=(Complaint("P-1", date(2026, 1, 6), "late", True),),
        visits=(Visit(date(2026, 1, 7), "/x"),),
    )


def test_an_unknown_customer_is_none_and_an_id_cannot_lead_elsewhere(crm: Server) -> None:
    found = directory(crm)
    for each in ("C-9", "../admin", "C-1/orders", "C-1?x=1", "C-1#", "..", "."):
        assert found.customer(each) is None
    assert all(path.startswith("/customers/") and "/" not in path[11:] and "?" not in path for path in crm.asked)


def test_a_customer_is_kept_for_a_while_each_their_own(crm: Server) -> None:
    crm.answers["/customers/C-2"] = {**CUSTOMER, "id": "C-2", "name": "Ben"}
    now = [0.0]
    found = directory(crm, lambda: now[0], cache_seconds=60, routes={"orders": ""})
    names = [each.name for _ in range(3) for id in ("C-1", "C-2") if (each := found.customer(id))]
    assert names == ["Anna", "Ben"] * 3
    assert len(crm.asked) == 2
    now[0] = 61.0
    found.customer("C-1")
    assert len(crm.asked) == 3


def dribble(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        Event().wait(0.05)


WRONG: dict[str, tuple[object, str]] = {
    "500": (lambda handler: send(handler, 500, b"Customer C-1 <canary>"), "answers 500"),
    "403": (lambda handler: send(handler, 403, b""), "answers 403"),
    "redirect": (lambda handler: send(handler, 302, b"", Location="/customers/C-2"), "answers 302"),
    "html": (lambda handler: send(handler, 200, b"<html>canary"), "no JSON"),
    "deep": (lambda handler: send(handler, 200, b"[" * 100_000), "no JSON"),
    "large": (lambda handler: send(handler, 200, b'"' + b"x" * 2_000_000 + b'"'), "larger than 512 kB"),
    "list": ([CUSTOMER], "an object was expected"),
    "other": ({**CUSTOMER, "id": "C-2"}, "another customer"),
    "nobody": ({"name": "Anna"}, "id is missing"),
    "name": ({**CUSTOMER, "name": {"canary": 1}}, "name is no text"),
    "since": ({**CUSTOMER, "since": "canary"}, "since is no date"),
    "dribbles": (dribble, "no answer within"),
    "hangs": (lambda handler: Event().wait(1.5), "no answer within"),
}


@pytest.mark.parametrize("name", WRONG)
def test_whatever_it_does_there_is_an_error_in_time_that_tells_nothing_of_anybody(crm: Server, name: str) -> None:
    crm.answers["/customers/C-2"] = {**CUSTOMER, "id": "C-2", "name": "canary"}
    crm.answers["/customers/C-1"], said = WRONG[name]
    began = time.monotonic()
    with pytest.raises(RecordsError, match=said) as refused:
        directory(crm).customer("C-1")
    assert time.monotonic() - began < 1.4
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([{**ORDERS[1], "customer": "C-2"}], "belongs to another customer"),
        ([{"number": "A-1"}], "placed_on is missing"),
        ([{**ORDERS[1], "status": ""}], "status is missing"),
        ({"data": ORDERS}, "a list of at most"),
        ([ORDERS[1]] * 1001, "a list of at most"),
        (["A-1"], "an object was expected"),
        (lambda handler: send(handler, 500, b""), "answers 500"),
    ],
)
def test_half_a_record_is_none(crm: Server, orders: object, said: str) -> None:
    crm.answers["/customers/C-1/orders"] = orders
    with pytest.raises(RecordsError, match=said):
        directory(crm).customer("C-1")


def test_one_that_fails_on_end_is_left_alone_for_a_while(crm: Server) -> None:
    now = [0.0]
    good, crm.answers["/customers/C-1"] = crm.answers["/customers/C-1"], WRONG["500"][0]
    found = directory(crm, lambda: now[0], routes={"orders": ""})
    for _ in range(5):
        with pytest.raises(RecordsError):
            found.customer("C-1")
    assert len(crm.asked) == 3
    crm.answers["/customers/C-1"], now[0] = good, 31.0
    assert found.customer("C-1") is not None


def test_nobody_there(crm: Server) -> None:
    crm.close()
    with pytest.raises(RecordsError, match="cannot be seen"):
        directory(crm).customer("C-1")
