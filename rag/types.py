"""The domain in one sitting: a document, a passage, a question, an answer. Values; knows no store, model or page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.expressions import OtherWords

Vector = NDArray[np.float32]  # [dimensions], unit length
Vectors = NDArray[np.float32]  # [n, dimensions], rows of unit length
Language = Literal["en", "zh"]

# --- documents ---------------------------------------------------------------------------------------------

BlockKind = Literal["heading", "question", "text", "item", "table", "code", "picture"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document as its author meant it.

    heading   level 1–6
    question  a heading that a customer could ask; what follows it is the answer
    text      one paragraph; code: one listing, line breaks kept
    item      one list entry; level is its depth from 0, marker what stands before it ("1.", "•")
    table     rows of cells, the header first (empty strings where the table has none)
    picture   text is what its author says about it or what is written in it, if anything
    """

    kind: BlockKind
    text: str = ""
    level: int = 0
    marker: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    page: int | None = None  # or slide, counted from 1
    second: float | None = None  # of the recording, where these words begin
    picture: str = ""  # its name among the document's pictures


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What editors say about a document. An empty string or None means they did not say."""

    title: str = ""
    category: str = ""
    audience: str = "public"
    language: str = ""
    product: str = ""
    region: str = ""
    valid_from: date | None = None
    valid_until: date | None = None  # the last day on which it still answers
    review_by: date | None = None
    owner: str = ""
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a loader makes of a file. `fields` is front matter as it stood there, not yet checked.

    `pictures`: PNG, JPEG or WebP by name, as `ingest/loaders/pictures.py` made them safe to show.
    """

    title: str
    blocks: tuple[Block, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a transcript, in seconds; None where the endpoint does not say when."""

    start: float | None
    end: float | None
    text: str


SentenceKind = Literal["text", "item", "row", "code"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is scored, quoted and cited: `chunk.text[start:end]`."""

    start: int
    end: int
    kind: SentenceKind = "text"
    page: int | None = None  # or slide
    second: float | None = None  # of the recording
    pictures: tuple[str, ...] = ()  # that stand beside it, by name


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of whole sentences under one heading; what retrieval finds and a citation opens."""

    id: int  # the same content at the same place has the same id
    source: str  # path of the document below the knowledge folder
    version: int
    ordinal: int  # place within the document
    title: str  # of the document
    heading: tuple[str, ...]  # from the outermost to the innermost
    question: str  # what this passage answers, where its author said so
    text: str
    sentences: tuple[Sentence, ...]
    language: str
    meta: DocumentMeta = DocumentMeta()

    def quote(self, sentence: int) -> str:
        span = self.sentences[sentence]
        return self.text[span.start : span.end]

    @property
    def label(self) -> str:
        return label_of(self.title, self.heading, self.question)


def label_of(title: str, heading: tuple[str, ...], question: str) -> str:
    """The question, or where the passage stands: what is embedded beside its sentences and shown as its title."""
    return question or " › ".join(dict.fromkeys((title, *heading)))


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vector of the whole passage, of its label [dimensions], and of each sentence [n, dimensions]."""

    passage: Vector
    label: Vector
    sentences: Vectors


# --- questions, and what is found for them ------------------------------------------------------------------

Role = Literal["customer", "assistant", "agent"]


@dataclass(frozen=True, slots=True)
class Turn:
    role: Role
    text: str
    options: tuple[str, ...] = ()  # the assistant's: it asked back which of these was meant
    outcome: str = ""  # the assistant's: of the Outcomes below, where it is known


Wish = Literal[  # order: of the customer's own; others: of other customers; identity: who the assistant is; chat: jokes
    "question", "person", "order", "complaint", "others", "greeting", "thanks", "identity", "chat", "off_topic", "empty"
]


@dataclass(frozen=True, slots=True)
class Query:
    """A customer's message, understood."""

    text: str  # as written
    language: Language
    wish: Wish
    tokens: tuple[str, ...]  # of this message, as indexed
    history: tuple[str, ...] = ()  # the customer's earlier messages, oldest first
    history_tokens: tuple[str, ...] = ()
    corrected: str = ""  # the text with misspelt words corrected; empty where there are none
    leans: bool = False  # it says little without the message before it: "And the 300S?"
    named: tuple[str, ...] = ()  # products it is about: those it names, else the last that were named before
    name_tokens: tuple[str, ...] = ()  # from which names are told: of this message, and of a product it still is about
    asked_back: bool = False  # the assistant asked back about this question before
    other_words: tuple[OtherWords, ...] = ()  # what says the same as expressions of it


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks and when: nothing outside it ever leaves the store."""

    audiences: frozenset[str] = frozenset({"public"})
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with the score of each signal and of each of its sentences."""

    chunk: Chunk
    score: float
    signals: Mapping[str, float]
    sentence_scores: tuple[float, ...]


# --- answers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a passage, by sentence numbers: `first` … `last`, both included."""

    chunk: Chunk
    first: int
    last: int

    @property
    def text(self) -> str:
        return self.chunk.text[self.chunk.sentences[self.first].start : self.chunk.sentences[self.last].end]


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence a writer proposes, with the spans it says it rests on. Not yet checked."""

    text: str
    spans: tuple[Span, ...]
    kind: SentenceKind = "text"


@dataclass(frozen=True, slots=True)
class Verdict:
    supported: bool
    score: float  # 0 … 1
    reason: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a shown sentence comes from, exact to the character. Offsets count within the passage's text."""

    number: int  # [1], [2] … in order of appearance; one number a passage
    chunk_id: int
    source: str  # of a customer's record "record:orders/NUMBER": no passage, chunk_id and version are 0
    title: str
    version: int
    heading: tuple[str, ...]
    page: int | None
    start: int
    end: int
    quote: str
    second: float | None = None  # of the recording


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence that passed the check. Without citations only the assistant's own words (greetings, offers)."""

    text: str
    citations: tuple[Citation, ...] = ()
    kind: SentenceKind = "text"


Outcome = Literal["answer", "clarify", "decline", "hand_off", "small_talk"]


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    confidence: float  # 0 … 1, that the best passage answers the question
    reasons: tuple[str, ...]
    options: tuple[str, ...] = ()  # of a question back: texts that each complete the customer's question
    about: tuple[str, ...] = ()  # what a declined question was understood to be about, in words of the documents
    rule: str = ""  # the name of the rule of escalation that hands off


@dataclass(frozen=True, slots=True)
class Usage:
    """What models were paid for, failed attempts included. Nothing where no model was asked."""

    model: str = ""  # names, in the order asked
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0  # in the currency of the configured prices
    estimated: bool = False  # counted here, because an endpoint did not say


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer, once it is complete."""

    decision: Decision
    sentences: tuple[AnswerSentence, ...]
    language: Language
    writer: str  # "extractive", "record", the model's name, or "fixed" for the assistant's own words
    note: str = ""  # shown with the answer, e.g. that the model was out of reach
    trace: tuple[Step, ...] = ()
    usage: Usage = Usage()

    @property
    def options(self) -> tuple[str, ...]:
        """What the customer is asked to choose from; each is sent as it stands."""
        return self.decision.options

    @property
    def text(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)


# --- events, in the order reply() yields them --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A named step is done. `detail` is for the trace: plain values only."""

    name: str
    milliseconds: float
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Said:
    """This sentence may be shown now."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Forget the sentences said so far: the writer failed half-way and another begins anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    reply: Reply


Event = Step | Said | Withdrawn | Done
