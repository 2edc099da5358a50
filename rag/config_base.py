"""What the files of settings share: the section, the usual bounds, and the nearest valid name for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Price = Annotated[float, Field(ge=0)]  # of a million tokens


class Section(BaseModel):
    """Common to all sections: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def nearest(name: str, valid: Iterable[str]) -> str:
    """ " Did you mean 'x'?" or the list of what is valid, as a sentence to append."""
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else f" Valid here: {', '.join(names)}."
