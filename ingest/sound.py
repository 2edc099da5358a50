"""The sound of a recording, small enough for an endpoint. Decoded in a process of its own, as every file is."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ingest.sound_worker import BITS
from rag.config import ROOT
from rag.errors import Refused

LONGEST = 1200.0  # seconds; some endpoints take no more than 25 minutes at once
PATIENCE = 1800.0  # seconds for a whole recording


def can_take_out() -> bool:
    """Whether PyAV is installed."""
    return find_spec("av") is not None


def pieces(file: Path, format_: str, folder: Path, max_bytes: int) -> list[tuple[float, Path]]:
    """(second at which it begins, MP3 file in `folder`) in order; none if there is no sound. Raises Refused."""
    seconds = min(LONGEST, 0.9 * max_bytes * 8 / BITS)
    limits = [str(seconds), str(max(1, max_bytes // 2**20 + 1))]
    command = [sys.executable, "-m", "ingest.sound_worker", str(file), format_, str(folder), *limits]
    # Nothing of this process's environment: keys of endpoints are none of a decoder's business.
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(
            "TIMEOUT", f"Its sound could not be decoded within {PATIENCE:g} seconds.", "Split it into shorter files."
        ) from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:300]
        raise Refused(
            "BROKEN", f"Its sound cannot be decoded: {said}.", "Save it again as MP4, WebM or MP3; or add subtitles."
        )
    return [(float(began), folder / f"{number}.mp3") for number, began in enumerate(done.stdout.split())]
