"""The learned numbers of retrieval and decision, read once from `weights.json`. `eval/learn.py` and
`eval/calibrate.py` find them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("weights.json")
Weights = dict[str, dict[str, dict[str, float]]]


@cache
def weights() -> Weights:
    """purpose → language → signal → weight."""
    read: Weights = json.loads(FILE.read_text(encoding="utf-8"))
    return read
