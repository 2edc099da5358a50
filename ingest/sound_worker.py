"""python -m ingest.sound_worker FILE FORMAT FOLDER SECONDS MEGABYTES: the sound of a recording as small MP3 files.

A process for one recording, limited before it opens anything. Says the second at which each file begins, one a line.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.sandbox_process import within_hard

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container import InputContainer

RATE = 16_000  # per second, one channel: as much as transcribing models use
BITS = 32_000  # per second


def main(file: Path, format_: str, folder: Path, seconds: float, megabytes: int) -> int:
    """Write 0.mp3, 1.mp3 …, each of at most `seconds`; none if there is no sound."""
    _limit(megabytes)
    import av

    with file.open("rb") as opened, av.open(opened, format=format_) as container:
        began, number = 0.0, 0
        frames = _frames(container)
        frame = next(frames, None)
        while frame is not None:
            began = frame.time or 0.0
            print(began, flush=True)
            frame = _write(folder / f"{number}.mp3", frame, frames, began + seconds)
            number += 1
    return 0


def _limit(megabytes: int) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, 1024 * 2**20),
        (resource.RLIMIT_CPU, 1800),
        (resource.RLIMIT_FSIZE, megabytes * 2**20),
        (resource.RLIMIT_CORE, 0),
    ):
        allowed = within_hard(limit, value)
        resource.setrlimit(limit, (allowed, allowed))


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    """The sound as it is decoded; what is damaged in it is passed over."""
    import av

    if not container.streams.audio:
        return
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _write(file: Path, frame: AudioFrame, frames: Iterator[AudioFrame], until: float) -> AudioFrame | None:
    """Write frames up to that second; the first one behind it, or None at the end."""
    import av

    following: AudioFrame | None = frame
    with ExitStack() as stack:
        out = stack.enter_context(av.open(str(file), "w", format="mp3"))
        stream = out.add_stream("libmp3lame", rate=RATE, bit_rate=BITS, layout="mono")
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE, frame_size=1152)
        while following is not None and (following.time or 0.0) < until:
            following.pts = None  # each file counts its own time
            for piece in resampler.resample(following):
                out.mux(stream.encode(piece))
            following = next(frames, None)
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return following


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
