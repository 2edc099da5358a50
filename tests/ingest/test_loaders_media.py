"""Subtitle files and subtitle tracks: every word once, each near the second at which it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loaders import load, load_file
from ingest.loaders.cues import NEAR, Cue, blocks
from ingest.recordings import language_in, preferred, subtitles_beside
from rag.errors import Refused
from tests.ingest.recordings import recorded, subtitled

LID = [(1.0, 3.0, "Open the lid."), (9.0, 11.0, "Take out the\\Nfilter.")]


def said(text: str | bytes, name: str) -> list[tuple[float | None, str]]:
    raw = text if isinstance(text, bytes) else text.encode()
    return [(block.second, block.text) for block in load(raw, name).blocks]


def srt(*cues: tuple[str, str, str]) -> str:
    return "\n".join(f"{n}\n{start} --> {end}\n{text}\n" for n, (start, end, text) in enumerate(cues, 1))


# --- files -------------------------------------------------------------------------------------------------


def test_cues_become_sentences_with_their_seconds() -> None:
    text = srt(
        ("00:01:00,000", "00:01:02,000", "First open the lid"),
        ("00:01:02,000", "00:01:08,500", "on the back. Then take out"),
        ("00:01:08,500", "00:01:10,000", "the filter."),
        ("01:00:00,250", "01:00:02,000", "Close it."),
    )
    assert said(text, "clip.srt") == [
        (60.0, "First open the lid on the back. Then take out the filter."),
        (3600.25, "Close it."),
    ]


def test_a_sentence_that_begins_later_has_a_second_of_its_own() -> None:
    cues = [Cue(4.0 * n, 4.0 * n + 4, f"This is sentence number {n}.") for n in range(20)]
    found = blocks(cues)
    for block in found:
        numbers = [int(word) for word in block.text.replace(".", "").split() if word.isdigit()]
        assert block.second == 4.0 * numbers[0]
        assert 4.0 * numbers[-1] - block.second <= NEAR
    assert " ".join(block.text for block in found) == " ".join(cue.text for cue in cues)


def test_words_without_a_sentence_end_are_cut_at_cues() -> None:
    found = blocks([Cue(3.0 * n, 3.0 * n + 3, f"and then step {n}") for n in range(20)])
    assert [block.second for block in found] == [0, 15, 30, 45]
    assert found[1].text == "and then step 5 and then step 6 and then step 7 and then step 8 and then step 9"


def test_chinese_lines_are_joined_without_spaces_and_cues_with_one() -> None:
    text = srt(
        ("00:00:01,000", "00:00:03,000", "按住按钮\n三秒"), ("00:00:03,000", "00:00:05,000", "直到灯闪烁。松开即可。")
    )
    assert said(text.encode("gb18030"), "clip.srt") == [(1.0, "按住按钮三秒 直到灯闪烁。松开即可。")]


def test_vtt_without_its_header_notes_styles_names_and_settings() -> None:
    text = """WEBVTT - A title
Kind: captions

STYLE
::cue { color: red }

REGION
id:bottom

NOTE
00:01.000 --> 00:02.000 is not a cue

chapter one
00:01.000 --> 00:04.000 align:start position:0%
<v.loud Mary Ann>Press <i>and</i> hold &amp; wait &lt; 5 s.

00:04.000 --> 00:06.000
<v Mary Ann>Then let go.
<v Bob>Thank you!
"""
    assert said(text, "clip.vtt") == [
        (1.0, "Mary Ann: Press and hold & wait < 5 s. Then let go."),
        (4.0, "Bob: Thank you!"),
    ]


def test_captions_that_roll_up_are_said_once() -> None:
    text = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.500 align:start position:0%
 
hold<00:00:00.500><c> the</c><00:00:01.000><c> button</c>

00:00:02.500 --> 00:00:02.510 align:start position:0%
hold the button
 

00:00:02.510 --> 00:00:05.000 align:start position:0%
hold the button
for<00:00:03.000><c> three</c><00:00:03.500><c> seconds</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
for three seconds
 

00:00:05.010 --> 00:00:07.000 align:start position:0%
for three seconds
and let it go
"""  # noqa: W293 – the captions hold these spaces
    assert said(text, "clip.vtt") == [(0.0, "hold the button for three seconds and let it go")]


def test_words_that_are_said_twice_stay_two() -> None:
    text = srt(("00:00:01,000", "00:00:02,000", "Never."), ("00:00:03,000", "00:00:04,000", "Never."))
    assert said(text, "clip.srt") == [(1.0, "Never. Never.")]


def test_sounds_dashes_and_marks_of_position_are_left_out() -> None:
    text = srt(
        ("00:00:01,000", "00:00:02,000", "[Music]"),
        ("00:00:02,000", "00:00:04,000", "{\\an8}- <b>Is x < 5?</b>\n- No [only {ten}]."),
    )
    assert said(text, "clip.srt") == [(2.0, "Is x < 5? No [only {ten}].")]


def test_substation_with_speakers_comments_and_drawings() -> None:
    text = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.00,Default,Anna,0,0,0,,{\\i1}Open{\\i0} the lid,\\Nthen wait.
Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}
"""
    assert said(text, "clip.ass") == [(1.0, "Anna: Open the lid, then wait.")]


@pytest.mark.parametrize("name", ["clip.srt", "clip.vtt", "clip.ass"])
@pytest.mark.parametrize(
    "text", ["Just some words.", "WEBVTT\n\nNOTE nothing\n", "[Script Info]\n", "1\n00:00 --> x\n"]
)
def test_what_holds_no_cues_is_refused(name: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        load(text.encode(), name)
    assert caught.value.code in ("NO_TEXT", "BROKEN")


def test_the_title_is_the_name_without_the_language() -> None:
    text = srt(("00:00:01,000", "00:00:02,000", "Hello."))
    assert load(text.encode(), "films/brew_one.zh-Hans.srt").title == "brew one"


# --- names -------------------------------------------------------------------------------------------------


def test_which_subtitles_belong_to_a_recording() -> None:
    names = [
        "clip.srt",
        "Clip.srt",
        "clip.en.vtt",
        "clip.zh-Hans.ass",
        "clip.mp4.srt",
        "clip2.srt",
        "clip.txt",
        "x.srt",
    ]
    assert subtitles_beside("clip.mp4", names) == ["clip.en.vtt", "clip.mp4.srt", "clip.srt", "clip.zh-Hans.ass"]


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.en.srt", "en"), ("a.zh-Hant.vtt", "zh"), ("a.chi.srt", "zh"), ("a.srt", ""), ("a.1.srt", "")],
)
def test_languages_in_names(name: str, language: str) -> None:
    assert language_in(name) == language


def test_which_language_is_preferred() -> None:
    assert preferred(["de", "zh", "en"], "") == 2
    assert preferred(["de", "zh", "en"], "zh") == 1
    assert preferred(["fr", "", "zh"], "en") == 2
    assert preferred(["fr", "de"], "en") == 0


# --- tracks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "codec", "name"),
    [
        ("matroska", "subrip", "a.mkv"),
        ("matroska", "ass", "a.mkv"),
        ("mp4", "mov_text", "a.mp4"),
        ("webm", "webvtt", "a.webm"),
    ],
)
def test_a_subtitle_track_is_read(tmp_path: Path, format_: str, codec: str, name: str) -> None:
    pytest.importorskip("av")
    path = tmp_path / "bytes"
    path.write_bytes(subtitled(format_, codec, {"eng": LID}))
    found = load_file(path, name)
    assert [(block.second, block.text) for block in found.blocks] == [
        (1.0, "Open the lid."),
        (9.0, "Take out the filter."),
    ]


def test_of_several_tracks_the_language_told_is_used_and_the_rest_mentioned(tmp_path: Path) -> None:
    pytest.importorskip("av")
    path = tmp_path / "bytes"
    path.write_bytes(
        subtitled("matroska", "subrip", {"fre": [(1, 2, "Bonjour.")], "chi": [(1, 2, "您好。")], "eng": LID})
    )
    assert load_file(path, "a.mkv").blocks[0].text == "Open the lid."
    found = load_file(path, "a.zh.mkv")
    assert found.blocks[0].text == "您好。"
    assert found.warnings == ("It holds 3 subtitle tracks; zh is used.",)


def test_a_recording_without_words_says_what_to_do(tmp_path: Path) -> None:
    pytest.importorskip("av")
    path = recorded(tmp_path / "tone.mp3", "mp3", 0.2)
    with pytest.raises(Refused) as caught:
        load_file(path, "films/tone.mp3")
    assert caught.value.code == "NEEDS_TRANSCRIPT"
    assert "Put tone.srt beside it, or configure transcription" in caught.value.advice


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mp3", "a.ogg", "a.wav"])
@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"", ("EMPTY",)),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", ("BROKEN", "NEEDS_TRANSCRIPT")),
        (b"no sound " * 9000, ("BROKEN", "NEEDS_TRANSCRIPT")),
    ],
)
def test_other_files_named_like_recordings_are_refused(
    tmp_path: Path, name: str, raw: bytes, codes: tuple[str]
) -> None:
    pytest.importorskip("av")
    path = tmp_path / "bytes"
    path.write_bytes(raw)
    with pytest.raises(Refused) as caught:
        load_file(path, name)
    assert caught.value.code in codes


def test_without_pyav_the_advice_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    path = tmp_path / "bytes"
    path.write_bytes(b"film")
    with pytest.raises(Refused, match=r"install requirements/media\.txt") as caught:
        load_file(path, "a.mp4")
    assert caught.value.code == "NEEDS_TRANSCRIPT"
