"""`python -m rag ask`, as a person at a shell runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.store import Ownership
from rag.config import ROOT
from rag.ports import Embedder
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange
from tests.doubles.shelf import Shelf
from tests.rag.shop import FILTER, PROVEN, open_shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Path:
    made = open_shop(tmp_path_factory.mktemp("shop"), minilm)
    made.close()
    run(FILTER, data=made.data)  # the first owner makes the vector index, and says so
    return made.data


def run(*words: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rag", "ask", *words, "--data", str(data)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def answer(*words: str, data: Path, **environment: str) -> str:
    done = run(*words, data=data, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def plain(*words: str, data: Path, **environment: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer(*words, "--json", data=data, **environment))
    return found


def test_an_answer_with_where_it_comes_from(data: Path) -> None:
    said = answer(FILTER, data=data)
    assert f"{PROVEN} [1]" in said
    assert "[1] AirPure 300S › Filter (airpure.md, version 1)" in said


def test_a_citation_of_a_recording_says_when(tmp_path: Path, minilm: Embedder) -> None:
    shelf = Shelf(tmp_path, minilm)
    shelf.write("lid.mp4", b"a film")
    shelf.write("lid.srt", "1\n00:01:05,500 --> 00:01:09,000\nPress the descaling knob for seven seconds.\n")
    shelf.sync()
    shelf.close()
    said = run("For how many seconds do I press the descaling knob?", data=shelf.data).stdout
    assert "[1] lid (lid.mp4, version 1, at 1:05)" in said


def test_as_json_every_quote_is_exact(data: Path) -> None:
    reply = plain(FILTER, data=data)
    assert reply["text"].startswith(PROVEN)
    assert (reply["decision"]["outcome"], reply["writer"], reply["language"]) == ("answer", "extractive", "en")
    citations = [citation for sentence in reply["sentences"] for citation in sentence["citations"]]
    assert citations
    for citation in citations:
        assert len(citation["quote"]) == citation["end"] - citation["start"]
        assert citation["quote"] in (PROVEN, "It costs £44.90.")
    assert "trace" not in reply


def test_the_trace_shows_every_step(data: Path) -> None:
    said = answer(FILTER, "--trace", data=data)
    for step in ("understand", "retrieve", "decide", "write and check"):
        assert f"── {step} (" in said
    trace = {step["name"]: step["detail"] for step in plain(FILTER, "--trace", data=data)["trace"]}
    best = trace["retrieve"]["hits"][0]
    assert best["source"] == "airpure.md"
    assert best["score"] > 0
    assert {"keyword", "meaning"} <= set(best["signals"])
    assert all(each["supported"] for each in trace["write and check"]["said"])


def with_model(endpoint: ChatServer, folder: Path) -> dict[str, str]:
    """The environment in which `endpoint` writes."""
    config = folder / "config.yaml"
    config.write_text(f"writer: {{backend: openai, endpoints: [{{base_url: '{endpoint.url}', model: m}}]}}")
    return {"VOUCH_CONFIG": str(config), "VOUCH_MODELS": os.environ.get("VOUCH_MODELS", str(ROOT / "models"))}


def test_with_a_model_the_trace_shows_its_prompt(data: Path, tmp_path: Path) -> None:
    with ChatServer(server.good("The filter lasts 12 months [1]. The filter lasts 9 months [1].")) as endpoint:
        reply = plain(FILTER, "--trace", data=data, **with_model(endpoint, tmp_path))
        (asked,) = endpoint.requests
    written = next(step["detail"] for step in reply["trace"] if step["name"] == "write and check")
    assert (reply["writer"], reply["text"]) == ("m", "The filter lasts 12 months.")
    assert written["prompt"]["text"] == "\n\n".join(message["content"] for message in asked["messages"])
    assert (written["prompt"]["name"], written["prompt"]["version"]) == ("answer.en", "3")
    assert len(written["prompt"]["hash"]) == 12
    assert [each["supported"] for each in written["said"]] == [True, False]
    assert "9 month" in written["said"][1]["reason"]


def test_with_what_was_said_before(data: Path, tmp_path: Path) -> None:
    turns = tmp_path / "turns.json"
    turns.write_text(
        '[{"role": "user", "text": "How long does the filter last?"}, {"role": "assistant", "text": "Which?"}]'
    )
    assert PROVEN in answer("300S?", "--history", str(turns), data=data)


@pytest.mark.parametrize(
    "text", ["not json", "{}", '[{"role": "boss", "text": "x"}]', '["x"]', '{"role": "user"}', "5", "null"]
)
def test_a_history_that_is_none_says_so(data: Path, tmp_path: Path, text: str) -> None:
    turns = tmp_path / "turns.json"
    turns.write_text(text)
    done = run("300S?", "--history", str(turns), data=data)
    assert done.returncode == 2
    assert "is not a JSON list" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_history_that_is_not_there(data: Path, tmp_path: Path) -> None:
    done = run("300S?", "--history", str(tmp_path / "nothing.json"), data=data)
    assert (done.returncode, "is not there" in done.stderr) == (2, True)


def test_internal_documents_for_those_inside_only(data: Path) -> None:
    question = "How much goodwill voucher may agents grant?"
    assert "£35" not in answer(question, data=data)
    assert "£35" in answer(question, "--audience", "public", "--audience", "internal", data=data)


def test_no_answer_is_an_answer_too(data: Path) -> None:
    assert "could not find" in answer("What is the boiling point of tungsten?", data=data)


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    done = run("Anything?", data=tmp_path / "nothing-yet")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Run 'python -m ingest sync' first." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_it_answers_beside_the_process_that_owns_the_store(data: Path) -> None:
    owner = Ownership(data)
    owner.take("test")
    try:
        assert f"{PROVEN} [1]" in answer(FILTER, data=data)
    finally:
        owner.release()


def test_it_keeps_the_store_as_long_as_it_reads_it(data: Path, tmp_path: Path) -> None:
    free = []

    def look(exchange: Exchange) -> None:
        free.append(Ownership(data).try_take("test"))
        server.good("The filter lasts 12 months [1].")(exchange)

    with ChatServer(look) as endpoint:
        answer(FILTER, data=data, **with_model(endpoint, tmp_path))
    assert free == [False]
