"""python -m eval.escalating DATA NUMBER: what `python -m eval kill --escalations` starts and kills."""

from __future__ import annotations

import sys
from pathlib import Path

from backends.database import open_database
from eval.escalating import serve


def say(line: str) -> None:
    """In one write, so that a kill leaves no half of a number."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(open_database(Path(sys.argv[1])), int(sys.argv[2]), say)
