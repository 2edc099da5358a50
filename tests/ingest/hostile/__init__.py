"""Files that mean harm, each with what is to become of it."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.hostile import archives, opendocuments, pdfs, pictures, places, texts
from tests.ingest.hostile.trap import Trap

TRAPS: tuple[Trap, ...] = tuple(
    trap for family in (archives, opendocuments, pdfs, pictures, texts, places) for trap in family.traps()
)


def write_all(folder: Path) -> list[Trap]:
    """Write every trap that this system lets us make."""
    return [trap for trap in TRAPS if trap.write(folder)]
