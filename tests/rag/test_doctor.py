"""`python -m rag doctor`: what is said of endpoints that work, half work and do not work at all."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from rag.__main__ import app
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange, Mode

pytestmark = pytest.mark.timeout(60)


def skilled(exchange: Exchange, **extra: Any) -> None:
    """Answers from the passages in the question's language, and keeps its limit."""
    asked = exchange.server.requests[-1]
    chinese = "灯" in json.dumps(asked["messages"][1], ensure_ascii=False).split("Orion 7 的")[-1]
    if asked["max_tokens"] < 50:
        return server.good("The lamp of the", finish="length", **extra)(exchange)
    words = ("Orion 7 的灯", "可以用 900 小时[1]。") if chinese else ("The lamp lasts ", "900 hours [1].")
    return server.good(*words, **extra)(exchange)


def examine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *urls: str, backend: str = "openai", **sections: object
) -> Result:
    endpoints = [{"base_url": url, "model": f"model-{number}"} for number, url in enumerate(urls, 1)]
    writer = {"backend": backend, "endpoints": endpoints, "first_token_seconds": 0.5, "total_seconds": 1, "attempts": 1}
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"writer": writer, **sections}), encoding="utf-8")
    monkeypatch.setenv("VOUCH_CONFIG", str(file))
    monkeypatch.setenv("COLUMNS", "300")
    return CliRunner().invoke(app, ["doctor"])


def said(result: Result, what: str) -> str:
    """The verdict on one thing: yes or no."""
    found = re.search(rf"{re.escape(what)} +(yes|no)\b", result.output)
    assert found, result.output
    return found[1]


def test_without_an_endpoint_everything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = examine(tmp_path, monkeypatch, backend="extractive")
    assert result.exit_code == 0
    assert "No endpoint is configured, and none is needed" in result.output


def test_an_endpoint_that_can_do_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer(lambda exchange: skilled(exchange, usage=(100, 10))) as endpoint:
        result = examine(tmp_path, monkeypatch, endpoint.url, backend="extractive")
    assert result.exit_code == 0
    assert re.search(r"first word after 0\.\d\d s, all after 0\.\d\d s", result.output)
    assert not re.search(r" no +\S", result.output.replace("no such", "")), result.output
    assert "→" not in result.output
    for what in ("streams", "sends usage", "marks its sources (zh)", "finds the answer (en)", "keeps max_tokens"):
        assert said(result, what) == "yes"


@pytest.mark.parametrize(
    ("mode", "what", "advice"),
    [
        (skilled, "sends usage", "include_usage"),
        (server.good("The lamp lasts 900 hours [1].", finish="stop"), "streams", "all at once"),
        (server.good("The lamp ", "lasts 900 hours."), "marks its sources (en)", "Sentences without a mark"),
        (server.good("It lasts ", "8 months [1]."), "finds the answer (en)", "stronger model"),
        (server.good("The lamp lasts ", "for 900 hours and it is bright [1]."), "answers in zh", "withdrawn"),
        (server.good("The lamp lasts ", "900 hours and so on. " * 20), "keeps max_tokens", "paid for"),
    ],
    ids="usage stream marks answer language limit".split(),
)
def test_what_an_endpoint_cannot_do_is_named_with_advice(
    mode: Mode, what: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatServer(mode) as endpoint:
        result = examine(tmp_path, monkeypatch, endpoint.url)
    assert (said(result, what), result.exit_code) == ("no", 0)
    assert advice in result.output


@pytest.mark.parametrize(
    ("mode", "advice"),
    [
        (server.error(401), "api_key_env"),
        (server.error(404), "the model's name"),
        (server.error(429), "quota"),
        (server.error(400), "It refused the request"),
        (server.error(500), "Chat Completions"),
        (server.web_page, "Chat Completions|no web page"),
        (server.hang, "first_token_seconds"),
    ],
    ids="key model quota refused error web-page silence".split(),
)
def test_an_endpoint_that_is_of_no_use_is_named_with_advice(
    mode: Mode, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatServer(mode) as bad, ChatServer(skilled) as good:
        result = examine(tmp_path, monkeypatch, bad.url, good.url)
    assert result.exit_code == 1
    assert re.search(advice, result.output)
    assert re.search(r"model model-2 +reachable, authorised, known +yes", result.output)


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = examine(tmp_path, monkeypatch, server.refused_url())
    assert result.exit_code == 1
    assert "Check base_url" in result.output


@pytest.mark.parametrize("section", ["embedding", "transcription"])
def test_other_endpoints_are_examined_too(section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = {"backend": "openai", "base_url": "http://127.0.0.1:9/v1", "model": "other"}
    monkeypatch.setattr("backends.embeddings.ATTEMPTS", 1)
    result = examine(tmp_path, monkeypatch, backend="extractive", **{section: where})
    assert result.exit_code == 1
    assert re.search(rf"{section} other .* no ", result.output)
