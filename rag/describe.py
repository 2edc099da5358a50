"""What a trace says of each step, as plain values, and the note that goes with an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rag.mask import mask
from rag.model_writer import Request
from rag.people import Customer, Mood
from rag.phrases import phrase
from rag.rewrite import Rewritten
from rag.types import AnswerSentence, Decision, DraftSentence, Hit, Query, Span, Verdict


def query(found: Query, customer: Customer | None = None) -> Mapping[str, object]:
    """How a message was understood; of who asks, only whether the company knows them."""
    return {
        "asker": "customer" if customer else "guest",
        "language": found.language,
        "wish": found.wish,
        "corrected": found.corrected,
        "tokens": mask(" ".join(found.tokens)).split(),  # together, since a card's number is several
        "history": list(found.history),
        "leans": found.leans,
        "named": list(found.named),
        "asked_back": found.asked_back,
    }


def mood(found: Mood) -> Mapping[str, object]:
    """How the customer feels, and what speaks for it."""
    return asdict(found) | {"signs": list(found.signs)}


def rewritten(made: Rewritten) -> Mapping[str, object]:
    """What a model made of a follow-up, and why it is not used."""
    return {"prompt": made.prompt, "text": made.text, "refused": made.refused}


def hits(found: Sequence[Hit]) -> Mapping[str, object]:
    """Each passage with its score, its signals and its best sentence."""
    return {"hits": [_hit(each) for each in found]}


def decision(made: Decision) -> Mapping[str, object]:
    """The outcome and why."""
    return {
        "outcome": made.outcome,
        "confidence": round(made.confidence, 3),
        "reasons": list(made.reasons),
        **({"rule": made.rule} if made.rule else {}),
        **({"options": list(made.options)} if made.options else {}),
    }


def prompt(request: Request) -> Mapping[str, object]:
    """Which prompt was sent, with its version and hash, and its whole text."""
    sent = request.prompt
    text = f"{request.system}\n\n{request.user}"
    return {"prompt": {"name": sent.name, "version": sent.version, "hash": sent.hash, "text": text}}


def verdict(draft: DraftSentence, found: Verdict, spans: Sequence[Span]) -> dict[str, object]:
    """What the check said of one sentence."""
    cited = [f"{span.chunk.source}#{span.chunk.ordinal}:{span.first}-{span.last}" for span in spans]
    return {"text": draft.text, "supported": found.supported, "reason": found.reason, "spans": cited}


def note(asked: Query, said: Sequence[AnswerSentence], found: Sequence[Hit], failed: str) -> str:
    """What the customer should know about an extractive answer; `failed` names the phrase on a model that failed."""
    cited = {citation.chunk_id for sentence in said for citation in sentence.citations}
    languages = {hit.chunk.language for hit in found if hit.chunk.id in cited}
    notes = [phrase(failed, asked.language)] if failed else []
    notes += [phrase("other_language", asked.language)] if languages and asked.language not in languages else []
    return " ".join(notes)


def _hit(each: Hit) -> dict[str, object]:
    best = max(range(len(each.sentence_scores)), key=lambda at: each.sentence_scores[at], default=None)
    return {
        "source": each.chunk.source,
        "version": each.chunk.version,
        "passage": each.chunk.ordinal,
        "label": each.chunk.label,
        "score": round(each.score, 4),
        "signals": {name: round(value, 4) for name, value in each.signals.items()},
        "best sentence": "" if best is None else each.chunk.quote(best),
    }
