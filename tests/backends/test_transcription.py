"""A transcription endpoint: its segments, its plain text, and every way in which it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from backends.transcription import OpenAITranscriber, segments
from rag.config import Transcription
from rag.errors import ModelError
from rag.types import Segment

pytestmark = pytest.mark.timeout(20)
PATH = "/v1/audio/transcriptions"
VERBOSE = {
    "task": "transcribe",
    "text": "Open the lid. Wait.",
    "segments": [
        {"id": 0, "start": 0.0, "end": 2.5, "text": " Open the lid."},
        {"id": 1, "start": 4, "end": 5.0, "text": " Wait.", "tokens": [1]},
    ],
}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "0.mp3"
    path.write_bytes(b"the sound")
    return path


@pytest.fixture
def endpoint() -> Iterator[HTTPServer]:
    with HTTPServer() as server:
        yield server


def transcriber(server: HTTPServer, seconds: float = 5) -> OpenAITranscriber:
    settings = Transcription(backend="openai", base_url=server.url_for("/v1"), model="ear-1", seconds=seconds)
    return OpenAITranscriber(settings, "secret-key")


def failure(server: HTTPServer, sound: Path, seconds: float = 5) -> str:
    with pytest.raises(ModelError) as caught:
        transcriber(server, seconds).transcribe(sound, "0.mp3")
    assert str(caught.value).startswith("The transcription model ear-1 at http://")
    assert "secret-key" not in str(caught.value)
    return str(caught.value)


def test_segments_with_their_times(endpoint: HTTPServer, sound: Path) -> None:
    endpoint.expect_request(PATH, method="POST").respond_with_json(VERBOSE)
    found = transcriber(endpoint).transcribe(sound, "0.mp3")
    assert found == [Segment(0.0, 2.5, "Open the lid."), Segment(4.0, 5.0, "Wait.")]
    with endpoint.log[0][0] as asked:
        assert (asked.form["model"], asked.form["response_format"]) == ("ear-1", "verbose_json")
        assert (asked.files["file"].filename, asked.headers["Authorization"]) == ("0.mp3", "Bearer secret-key")


def test_an_endpoint_that_knows_no_times_is_asked_for_text(endpoint: HTTPServer, sound: Path) -> None:
    def answer(request: Request) -> Response:
        with request:  # closes the file that came with it
            form = request.form["response_format"]
        if form != "json":
            return Response('{"error": {"message": "unsupported response_format"}}', 400, mimetype="application/json")
        return Response('{"text": "Open the lid."}', mimetype="application/json")

    endpoint.expect_request(PATH).respond_with_handler(answer)
    assert transcriber(endpoint).transcribe(sound, "0.mp3") == [Segment(None, None, "Open the lid.")]


def test_a_passing_failure_is_tried_again(endpoint: HTTPServer, sound: Path) -> None:
    endpoint.expect_ordered_request(PATH).respond_with_data("busy", 503)
    endpoint.expect_ordered_request(PATH).respond_with_json(VERBOSE)
    assert len(transcriber(endpoint).transcribe(sound, "0.mp3")) == 2


@pytest.mark.parametrize(("code", "times"), [(500, 2), (429, 2), (401, 1), (404, 1), (413, 1)])
def test_a_lasting_failure_is_said(endpoint: HTTPServer, sound: Path, code: int, times: int) -> None:
    endpoint.expect_request(PATH).respond_with_json({"error": {"message": f"refused {code}"}}, status=code)
    assert str(code) in failure(endpoint, sound)
    assert len(endpoint.log) == times


def test_silence_ends_with_the_patience(endpoint: HTTPServer, sound: Path) -> None:
    closing = threading.Event()

    def hang(_request: Request) -> Response:
        closing.wait(10)
        return Response("")

    endpoint.expect_request(PATH).respond_with_handler(hang)
    said = failure(endpoint, sound, 0.5)
    assert "longer than 0.5 seconds" in said or "timed out" in said
    closing.set()


@pytest.mark.parametrize(
    "nonsense",
    [
        "<html>Sign in</html>",
        "",
        "[]",
        "null",
        '{"text": 5}',
        '{"words": []}',
        '{"segments": [{"start": "soon", "end": 1, "text": "x"}]}',
        '{"segments": [{"start": NaN, "end": 1, "text": "x"}]}',
        '{"segments": [{"end": 1, "text": "x"}]}',
        '{"segments": 5}',
        '{"segments": ["x"]}',
    ],
)
def test_nonsense_is_said(endpoint: HTTPServer, sound: Path, nonsense: str) -> None:
    endpoint.expect_request(PATH).respond_with_data(nonsense, content_type="application/json")
    assert "unreadable" in failure(endpoint, sound)


def test_an_endpoint_that_is_not_there(endpoint: HTTPServer, sound: Path) -> None:
    gone = transcriber(endpoint)
    endpoint.stop()
    with pytest.raises(ModelError, match="ear-1"):
        gone.transcribe(sound, "0.mp3")


def test_times_never_lie_before_the_beginning() -> None:
    assert segments({"segments": [{"start": -0.4, "end": 1, "text": " x "}]}) == [Segment(0.0, 1.0, "x")]
