"""An expression that stands for one of a question's. A value; knows nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OtherWords:
    """An expression that means the same as one of the question's, in index terms."""

    terms: tuple[str, ...]  # of the question
    said: tuple[str, ...]  # as they follow one another where it is said otherwise
