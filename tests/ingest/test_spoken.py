"""Recordings in a knowledge folder: where their words come from, and what happens when these come later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest import sound
from ingest.deposit import keep_file, original
from ingest.pipeline import Outcome, Pipeline
from ingest.sandbox import Sandbox
from rag.config import Ingest
from rag.errors import ModelError, Refused
from rag.ports import Transcriber
from rag.types import Access, Segment
from tests.doubles.shelf import Shelf, count_words, parse
from tests.ingest.following import Following, wait_for
from tests.ingest.recordings import recorded, subtitled

pytest.importorskip("av")
LID = "1\n00:00:05,000 --> 00:00:07,000\nOpen the lid of the kettle.\n"
DECKEL = "1\n00:00:05,000 --> 00:00:07,000\n打开水壶的盖子。\n"
QUESTION = "How do I open the lid of the kettle?"


class Ear:
    """Hears what it was told, or fails; remembers which files it was given."""

    def __init__(self, *segments: Segment, max_bytes: int = 1_000_000) -> None:
        self.segments, self.max_bytes = segments, max_bytes
        self.given: list[tuple[str, int]] = []
        self.fails = False

    def transcribe(self, path: Path, name: str) -> Sequence[Segment]:
        self.given.append((name, path.stat().st_size))
        if self.fails:
            raise ModelError("The transcription model ear-1 failed: no.")
        return self.segments


def outcomes(shelf: Shelf, ear: Transcriber | None, settings: Ingest | None = None) -> dict[str, Outcome]:
    pipeline = Pipeline(shelf.store, parse, count_words, settings or Ingest(), ear)
    return {each.source: each for each in pipeline.sync(shelf.folder)[1]}


def tone(shelf: Shelf, source: str, seconds: float = 0.3) -> Path:
    path = shelf.write(source, b"")
    return recorded(path, {"mp3": "mp3", "mp4": "mp4", "wav": "wav"}[source.rsplit(".", 1)[1]], seconds)


def second(shelf: Shelf, text: str) -> float | None:
    (chunk_id,) = shelf.store.ledger.live_ids()
    chunk = shelf.knowledge().chunk(chunk_id, Access())
    assert chunk is not None
    return next(each.second for each in chunk.sentences if chunk.text[each.start : each.end] == text)


# --- subtitles beside it -----------------------------------------------------------------------------------


def test_subtitles_beside_a_film_are_its_words(shelf: Shelf) -> None:
    film = shelf.write("films/lid.mp4", b"a film")
    shelf.write("films/lid.en.srt", LID)
    assert shelf.sync() == {"films/lid.mp4": "published"}
    assert shelf.texts(QUESTION) == {"Open the lid of the kettle."}
    assert second(shelf, "Open the lid of the kettle.") == 5.0
    assert shelf.sync() == {"films/lid.mp4": "unchanged"}
    (chunk_id,) = shelf.store.ledger.live_ids()
    found = shelf.knowledge().original_of(chunk_id, Access())
    assert found is not None
    assert original(shelf.data, found[1]).read_bytes() == film.read_bytes()


def test_subtitles_that_come_later_and_change_are_taken_by_the_next_sync(shelf: Shelf) -> None:
    tone(shelf, "lid.mp3")
    (refused,) = outcomes(shelf, None).values()
    assert refused.detail.startswith("NEEDS_TRANSCRIPT: ")
    path = shelf.write("lid.srt", LID)
    assert shelf.sync() == {"lid.mp3": "published"}
    assert shelf.status("lid.mp3").refusal == ""
    path.write_text(LID.replace("kettle", "toaster"))
    assert shelf.sync() == {"lid.mp3": "published"}
    assert shelf.texts(QUESTION) == {"Open the lid of the toaster."}


def test_subtitles_without_their_film_are_a_document_of_their_own(shelf: Shelf) -> None:
    film = shelf.write("lid.mp4", b"a film")
    shelf.write("lid.srt", LID)
    shelf.sync()
    film.unlink()
    assert shelf.sync() == {"lid.mp4": "withdrawn", "lid.srt": "published"}
    assert shelf.texts(QUESTION) == {"Open the lid of the kettle."}


@pytest.mark.parametrize(("said", "text"), [("", "Open the lid of the kettle."), ("language: zh", "打开水壶的盖子。")])
def test_of_several_subtitles_the_documents_language_is_used_and_the_rest_mentioned(
    shelf: Shelf, said: str, text: str
) -> None:
    shelf.write("lid.mp4", b"a film")
    shelf.write("lid.en.srt", LID)
    shelf.write("lid.zh.vtt", DECKEL.replace(",", "."))
    shelf.write("_folder.yaml", said)
    assert shelf.sync() == {"lid.mp4": "published"}
    assert second(shelf, text) == 5.0
    (warning,) = shelf.status("lid.mp4").warnings
    assert warning.startswith("Several subtitle files stand beside it (lid.zh.vtt, lid.en.srt); lid.")


def test_broken_subtitles_are_named(shelf: Shelf) -> None:
    shelf.write("lid.mp4", b"a film")
    shelf.write("lid.srt", "no cues here")
    (refused,) = outcomes(shelf, None).values()
    assert "lid.srt: There are no subtitles in it." in refused.detail


def test_films_have_a_limit_of_their_own(shelf: Shelf) -> None:
    shelf.write("lid.mp4", b"0" * 1_500_000)
    shelf.write("lid.srt", LID)
    assert outcomes(shelf, None, Ingest(max_file_mb=1))["lid.mp4"].result == "published"
    shelf.write("lid.mp4", b"1" * 1_500_000)
    refused = outcomes(shelf, None, Ingest(max_media_mb=1))["lid.mp4"]
    assert refused.detail.startswith("TOO_LARGE: lid.mp4 has 2 MB; 1 MB is the limit.")
    assert "ingest.max_media_mb" in refused.detail


def test_a_track_in_the_documents_language_is_used(shelf: Shelf) -> None:
    cues = {"eng": [(1.0, 2.0, "Open the lid.")], "chi": [(1.0, 2.0, "打开盖子。")]}
    shelf.write("lid.mkv", subtitled("matroska", "subrip", cues))
    shelf.write("lid.mkv.meta.yaml", "language: zh")
    assert shelf.sync() == {"lid.mkv": "published"}
    assert second(shelf, "打开盖子。") == 1.0
    assert shelf.status("lid.mkv").title == "lid"


# --- transcripts -------------------------------------------------------------------------------------------


def test_a_transcript_is_made_once(shelf: Shelf) -> None:
    ear = Ear(Segment(0, 2, "Hello there."), Segment(12.5, 15, "Open the lid of the kettle."))
    path = tone(shelf, "lid.mp4")
    assert outcomes(shelf, ear)["lid.mp4"].result == "published"
    assert second(shelf, "Open the lid of the kettle.") == 12.5
    shelf.write("lid.mp4.meta.yaml", "title: Opening the lid")
    path.rename(path.with_name("again.mp4"))
    assert outcomes(shelf, ear)["again.mp4"].result == "published"
    shelf.write("again.mp4.meta.yaml", "title: Opening the lid")
    assert outcomes(shelf, None)["again.mp4"].result == "published"
    assert [name for name, _ in ear.given] == ["0.mp3"]


def test_long_sound_goes_in_pieces_whose_seconds_are_added(shelf: Shelf) -> None:
    ear = Ear(Segment(0, 1, "A piece begins."), max_bytes=36_000)
    tone(shelf, "long.wav", 20)
    assert outcomes(shelf, ear)["long.wav"].result == "published"
    assert len(ear.given) == 3
    assert all(size <= ear.max_bytes for _, size in ear.given)
    (chunk_id,) = shelf.store.ledger.live_ids()
    chunk = shelf.knowledge().chunk(chunk_id, Access())
    assert chunk is not None
    assert [each.second for each in chunk.sentences] == pytest.approx([0, 8.1, 16.2], abs=0.3)


def test_a_failing_endpoint_is_asked_again_by_the_next_sync(shelf: Shelf) -> None:
    ear = Ear(Segment(0, 1, "Open the lid of the kettle."))
    ear.fails = True
    tone(shelf, "lid.mp3")
    detail = outcomes(shelf, ear)["lid.mp3"].detail
    assert detail.startswith("TRANSCRIPTION_FAILED: The transcription model ear-1 failed: no.")
    ear.fails = False
    assert outcomes(shelf, ear)["lid.mp3"].result == "published"
    assert shelf.status("lid.mp3").refusal == ""


def test_text_without_times_cites_no_second(shelf: Shelf) -> None:
    tone(shelf, "lid.mp3")
    outcomes(shelf, Ear(Segment(None, None, "Open the lid of the kettle.")))
    assert second(shelf, "Open the lid of the kettle.") is None


def test_silence_is_refused(shelf: Shelf) -> None:
    tone(shelf, "lid.mp3")
    assert outcomes(shelf, Ear())["lid.mp3"].detail.startswith("NO_TEXT: Nothing is said in it.")


def test_a_film_without_sound_is_refused(shelf: Shelf) -> None:
    recorded(shelf.write("lid.mp4", b""), "mp4", 0.3, film=True, sound=False)
    ear = Ear(Segment(0, 1, "Never heard."))
    assert outcomes(shelf, ear)["lid.mp4"].detail.startswith("NO_TEXT: ")
    assert ear.given == []


@pytest.mark.parametrize(("max_bytes", "result"), [(1_000_000, "published"), (100, "refused")])
def test_without_pyav_the_recording_itself_is_sent_if_it_is_small_enough(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, max_bytes: int, result: str
) -> None:
    path = tone(shelf, "lid.mp3")
    monkeypatch.setattr(sound, "find_spec", lambda _name: None)
    ear = Ear(Segment(0, 1, "Open the lid of the kettle."), max_bytes=max_bytes)
    assert outcomes(shelf, ear)["lid.mp3"].result == result
    assert ear.given == ([("recording.mp3", path.stat().st_size)] if result == "published" else [])


def test_a_film_that_changes_while_it_is_read_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    film, kept = tmp_path / "lid.mp4", tmp_path / "originals" / "ab" / "abc"
    film.write_bytes(b"half of it")
    for _ in range(2):
        with pytest.raises(Refused, match="CHANGED"):
            keep_file(kept, film, hashlib.sha256(b"all of it").hexdigest())
        assert list(kept.parent.iterdir()) == []
        film.unlink(missing_ok=True)


def test_a_track_is_read_within_the_limits_of_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(subtitled("mp4", "mov_text", {"eng": [(1.0, 2.0, "Open the lid.")]}))
    with Sandbox(1) as sandbox:
        assert sandbox.parse(path, "lid.mp4").blocks[0].text == "Open the lid."


def test_a_followed_folder_takes_subtitles_that_come_later_and_a_film_that_comes_to_its_subtitles(shelf: Shelf) -> None:
    tone(shelf, "lid.mp3")
    shelf.write("toaster.srt", LID.replace("kettle", "toaster"))
    outcomes(shelf, None)
    with Following(shelf) as following:
        following.ready()
        shelf.write("lid.srt", LID)
        wait_for(lambda: "Open the lid of the kettle." in shelf.texts(QUESTION))
        shelf.write("toaster.mp4", b"a film")
        wait_for(lambda: shelf.store.ledger.live_sources() >= {"lid.mp3", "toaster.mp4"})
        wait_for(lambda: not shelf.store.ledger.live_sources() & {"toaster.srt", "lid.srt"})
