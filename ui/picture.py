"""python -m ui.picture FILE PAGE: one page of a PDF as PNG on standard output. A process for one picture."""

from __future__ import annotations

import resource
import sys

import pypdfium2

WIDTH = 1000  # pixels
LONGEST = 3000
MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 12


def main(file: str, number: int) -> int:
    """Write the picture; 1 if there is no such page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    document = pypdfium2.PdfDocument(file)
    if not 1 <= number <= len(document):
        return 1
    page = document[number - 1]
    scale = min(WIDTH / page.get_width(), LONGEST / page.get_height())
    page.render(scale=scale).to_pil().save(sys.stdout.buffer, "PNG", optimize=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
