"""Makes small recordings: a picture that changes, a tone, subtitle tracks. Needs PyAV."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

Cues = Sequence[tuple[float, float, str]]
_ASS = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name
Style: Default

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
_VIDEO = {"webm": "libvpx", "mp4": "mpeg4", "matroska": "mpeg4"}
_SOUND = {"webm": "libopus", "mp4": "aac", "matroska": "libmp3lame", "mp3": "libmp3lame", "wav": "pcm_s16le"}


def subtitled(format_: str, codec: str, tracks: Mapping[str, Cues]) -> bytes:
    """Tracks by language, and nothing else."""
    import av
    from av.subtitles.subtitle import SubtitleSet

    made = io.BytesIO()
    with av.open(made, "w", format=format_) as out:
        for language in tracks:
            stream = out.add_stream(codec)
            stream.metadata["language"] = language
            stream.codec_context.subtitle_header = _ASS
        for stream, cues in zip(out.streams.subtitles, tracks.values(), strict=True):
            for number, (start, end, text) in enumerate(cues):
                line = f"{number},0,Default,,0,0,0,,{text}".encode()
                shown = SubtitleSet.create(line, 0, round(1000 * (end - start)), int(start * av.time_base))
                packet = stream.codec_context.encode_subtitle(shown)
                packet.stream, packet.time_base = stream, Fraction(1, 1000)
                packet.pts = packet.dts = round(1000 * start)
                packet.duration = round(1000 * (end - start))
                out.mux(packet)
    return made.getvalue()


def recorded(path: Path, format_: str, seconds: float, *, film: bool = False, sound: bool = True) -> Path:
    """A tone, or a film of ten pictures a second that grows brighter, or both."""
    import av

    with av.open(str(path), "w", format=format_) as out:
        video = out.add_stream(_VIDEO[format_], rate=10, width=320, height=180, pix_fmt="yuv420p") if film else None
        audio = out.add_stream(_SOUND[format_], rate=48_000, layout="mono") if sound else None
        for number in range(round(10 * seconds)) if video else ():
            picture = np.full((180, 320, 3), min(255, 2 * number), np.uint8)
            picture[80:100, :, 1] = 200
            out.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))  # type: ignore[union-attr]
        if audio:
            tone = (8000 * np.sin(np.arange(round(48_000 * seconds)) / 20)).astype(np.int16)[None, :]
            frame = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
            frame.rate = 48_000
            resampler = av.AudioResampler(audio.format, audio.layout, audio.rate, frame_size=audio.frame_size or 1024)
            for piece in (*resampler.resample(frame), *resampler.resample(None)):
                out.mux(audio.encode(piece))
        for stream in filter(None, (video, audio)):
            out.mux(stream.encode(None))
    return path
