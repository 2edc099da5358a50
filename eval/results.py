"""What a run of cases is made of, as it is stored: turns as they were answered, scores with their reasons."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from eval.cases import Case


class Stored(BaseModel):
    """Common to all: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Stored):
    """One citation of a shown sentence, and whether the cited text, looked up anew, supports the sentence."""

    source: str  # "record:orders/AH-1001" for a customer's own record
    quote: str
    supported: bool
    why: str = ""  # it does not


class Sentence(Stored):
    """A shown sentence."""

    text: str
    citations: tuple[Cited, ...] = ()


class Answered(Stored):
    """One turn's reply."""

    outcome: str
    rule: str = ""  # of a hand_off
    language: str
    writer: str
    confidence: float
    sentences: tuple[Sentence, ...]
    options: tuple[str, ...] = ()
    note: str = ""
    retrieved: tuple[str, ...] = ()  # sources as found, best first, each once
    first_ms: float  # until the first sentence could be shown
    total_ms: float
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    trace: tuple[dict[str, Any], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.sentences)

    @property
    def shown(self) -> str:
        """All that the customer reads: also the note and what is offered to choose from."""
        return "\n".join(filter(None, (self.text, self.note, *self.options)))


class Score(Stored):
    """A value, and why. None: it does not apply, or could not be scored; `failed` tells which."""

    value: float | None  # 0 … 1
    why: str = ""
    failed: bool = False


class Result(Stored):
    """One case, once. Without `turns` the assistant or an endpoint failed; `error` says how: unscored, never zero."""

    case: Case
    repeat: int = 0
    turns: tuple[Answered, ...] = ()
    scores: dict[str, Score] = {}
    error: str = ""

    @property
    def key(self) -> str:
        return f"{self.case.id}#{self.repeat}"


class Choice(Stored):
    """What a run was asked to play, in the words of its command line; a run that is resumed goes on with it."""

    cases: tuple[str, ...] = ()  # files and folders
    knowledge: str = ""
    release: str = "live"
    tags: tuple[str, ...] = ()
    split: str = ""
    repeat: int = 1
    replay: Literal["record", "replay", "strict"] = "record"


class Header(Stored):
    """What a run was made with: enough to say why two of them differ."""

    id: str
    started_at: str  # ISO 8601, UTC
    finished_at: str = ""  # empty: it was interrupted, and can be resumed
    knowledge: str  # live, staged, a release's number, or the foreign corpus' path
    release: int | None = None
    state: str = ""  # hash of the documents that answered
    writer: str = "extractive"
    models: tuple[str, ...] = ()
    prompts: dict[str, str] = {}  # name → hash
    commit: str = ""
    cases: str = ""  # hash of the cases as read
    seed: int = 0
    repeat: int = 1
    judge: str = "deterministic"
    chosen: Choice = Choice()


class Run(Stored):
    """A finished run. The order of results is that of the cases, then of the repeats."""

    header: Header
    results: tuple[Result, ...]
