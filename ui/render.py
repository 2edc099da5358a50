"""Domain values to the page's HTML. Every text is escaped: nothing that a customer, a document or a model
wrote becomes markup, and its links stay text. Knows no Gradio and no store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.records import Message
from desk.service import LONGEST_CONTACT, View
from desk.surveys import LONGEST_WORD, SCORES, Ending
from ingest.recordings import AUDIO, CONTENT_TYPES
from rag.labels import places
from rag.place import clock, unit
from rag.types import AnswerSentence, Chunk, Citation
from ui.texts import Texts

Offsets = tuple[int, int]
LONGEST_TAIL = 16  # characters kept on one line with the marks behind them
_MARKER = re.compile(r"([•‣◦▪]\s*|[*–-]\s+|\d{1,3}[.)、．](?!\d)\s*|[a-z][.)]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Player:
    """A recording, from where to play it if that is known, and which citation that is."""

    address: str
    kind: str  # video | audio
    second: float | None
    citation: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a passage: cited or not, and whether it is what was clicked."""

    text: str
    marked: bool = False
    focus: bool = False


def transcript(
    view: View, texts: Texts, *, suggestions: Sequence[str] = (), greeting: str = "", notice: str = "", echo: str = ""
) -> str:
    """The whole conversation, with the answer under way, if any, at its end. `echo` says what it is in reply to,
    `greeting` is this visitor's."""
    shown = {"view": view, "suggestions": suggestions, "greeting": greeting, "busy": view.said is not None}
    return render("transcript.html", t=texts, notice=notice, echo=echo, **shown)


def header(company: str, texts: Texts) -> str:
    """The bar at the top."""
    return render("header.html", t=texts, company=company)


def status(view: View, ending: Ending, wait: str, texts: Texts) -> str:
    """What is known of the request for a person; at the end, the survey; else the way to end."""
    ticket = view.ticket if view.ticket and view.ticket.open else None
    longest = {"longest": LONGEST_CONTACT, "longest_word": LONGEST_WORD, "scores": SCORES}
    return render("status.html", t=texts, ticket=ticket, ending=ending, wait=wait, begun=bool(view.messages), **longest)


def news(conversation: str, mark: str, wait: str) -> str:
    """For the page's script: there is something new in this conversation, or in the queue it waits in."""
    return render("news.html", conversation=conversation, mark=mark, wait=wait)


def composer(texts: Texts) -> str:
    """Where the customer writes."""
    return render("composer.html", t=texts)


def passage(chunk: Chunk, spans: Sequence[Offsets], focus: Offsets, picture: str, texts: Texts) -> str:
    """The panel with a passage, its cited sentences marked. `picture` is the page's, an address of our own, or empty."""
    heading = [each for each in (*chunk.heading, chunk.question) if each]
    return render(
        "panel.html",
        t=texts,
        chunk=chunk,
        lines=(),
        title=chunk.title or chunk.source,
        heading=list(dict.fromkeys(heading)),
        page=page_at(chunk, focus[0]),
        place=place(chunk.source, page_at(chunk, focus[0]), second_at(chunk, focus[0]), texts),
        player=player(chunk, focus),
        pictures=[f"/picture/{chunk.id}/{name}" for name in pictures_beside(chunk, (*spans, focus))],
        pieces=pieces(chunk.text, spans, focus),
        picture=picture,
    )


def passage_gone(texts: Texts) -> str:
    """The panel where the passage answers no longer."""
    return render("panel.html", t=texts, chunk=None, lines=(), title=texts.passage)


def record(citation: Citation, texts: Texts) -> str:
    """The panel with the lines of a customer's own record, as they were when the answer was given."""
    lines = [line.split(": ", 1) for line in citation.quote.splitlines() if ": " in line]
    return render("panel.html", t=texts, chunk=None, lines=lines, title=citation.title)


def of_record(citation: Citation) -> bool:
    """Whether it cites a customer's record: there is no passage to open."""
    return citation.source.startswith("record:")


def cited_record(view: View, source: str) -> Citation | None:
    """The newest citation of this record in a conversation."""
    replies = [message.reply.sentences for message in view.messages if message.reply]
    sentences = [each for said in (*replies, view.said or ()) for each in said]
    cited = [each for sentence in sentences for each in sentence.citations if of_record(each)]
    return next((each for each in reversed(cited) if each.source == source), None)


def page_at(chunk: Chunk, offset: int) -> int | None:
    """The page on which the sentence at this offset stands."""
    pages = [each.page for each in chunk.sentences if each.page and each.start <= offset]
    return pages[-1] if pages else None


def second_at(chunk: Chunk, offset: int) -> float | None:
    """When the sentence at this offset is said in its recording."""
    return next((each.second for each in reversed(chunk.sentences) if each.start <= offset), None)


def place(source: str, page: int | None, second: float | None, texts: Texts) -> str:
    """ "page 3", "slide 3" or "at 1:05"; empty where there is nothing to say."""
    if second is not None:
        return texts.at.format(clock=clock(second))
    return {"page": texts.page, "slide": texts.slide}[unit(source)].format(page=page) if page else ""


def player(chunk: Chunk, focus: Offsets) -> Player | None:
    """The recording in which the passage is said, if it is said in one."""
    suffix = PurePath(chunk.source).suffix.lower()
    if suffix not in CONTENT_TYPES:
        return None
    second = second_at(chunk, focus[0])
    address = f"/media/{chunk.id}" + (f"#t={second:g}" if second else "")
    return Player(address, "audio" if suffix in AUDIO else "video", second, f"{chunk.id}:{focus[0]}-{focus[1]}")


def pictures_beside(chunk: Chunk, spans: Sequence[Offsets]) -> list[str]:
    """Names of the pictures that stand beside the cited sentences, in order."""
    cited = [each for each in chunk.sentences if any(start < each.end and each.start < end for start, end in spans)]
    return list(dict.fromkeys(name for each in cited for name in each.pictures))


def pieces(text: str, spans: Sequence[Offsets], focus: Offsets) -> list[Piece]:
    """The text cut at the borders of the cited spans, however they overlap or overrun it."""
    edges = {0, len(text), *(min(max(edge, 0), len(text)) for span in (*spans, focus) for edge in span)}
    cuts = sorted(edges)
    found = []
    for start, end in pairwise(cuts):
        marked = any(first <= start and end <= last for first, last in (*spans, focus))
        found.append(Piece(text[start:end], marked, focus[0] <= start and end <= focus[1]))
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring sentences of one kind; `label` says where they stand, where an answer quotes several places."""

    kind: str
    label: str
    sentences: list[AnswerSentence]


def groups(sentences: Sequence[AnswerSentence]) -> list[Group]:
    """Neighbouring sentences of one kind and place together, so that items make one list and rows one table."""
    found = list[Group]()
    for label, each in zip(places(sentences), sentences, strict=True):
        if label or not found or found[-1].kind != each.kind:
            found.append(Group(each.kind, label, []))
        found[-1].sentences.append(each)
    return found


def sources(sentences: Iterable[AnswerSentence]) -> list[Citation]:
    """The first citation of each passage, by number."""
    first: dict[int, Citation] = {}
    for each in sentences:
        for citation in each.citations:
            first.setdefault(citation.number, citation)
    return [first[number] for number in sorted(first)]


def span_lists(sentences: Iterable[AnswerSentence]) -> dict[int, str]:
    """For each passage, all that is cited of it, as "start-end,start-end"."""
    found: dict[int, dict[str, None]] = {}
    for each in sentences:
        for citation in each.citations:
            found.setdefault(citation.chunk_id, {})[f"{citation.start}-{citation.end}"] = None
    return {chunk: ",".join(spans) for chunk, spans in found.items()}


def cells(row: str) -> list[tuple[str, str]]:
    """A table row, "name: cell; name: cell", as pairs. What has no name belongs to the cell before it."""
    found: list[tuple[str, str]] = []
    for part in row.split("; "):
        name, colon, cell = part.partition(": ")
        if colon:
            found.append((name, cell))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}; {part}")
        else:
            found.append(("", part))
    return found


def columns(rows: Sequence[AnswerSentence]) -> list[str]:
    """The names of the columns, where the rows all have the same and there are several rows; else none."""
    names = [[name for name, _ in cells(row.text)] for row in rows]
    return names[0] if len(names) > 1 and all(each == names[0] for each in names) else []


def item(text: str) -> tuple[str, str]:
    """A list entry's marker, a bullet unless it is numbered, and what it says."""
    found = _MARKER.match(text)
    if found is None:
        return "•", text
    marker = found[1].strip()
    return marker if marker[0].isalnum() else "•", text[found.end() :]


def tailed(text: str) -> tuple[str, str]:
    """The text and its last word (in Chinese, its last two characters), which shall not part from its marks."""
    head, space, tail = text.rpartition(" ")
    if space and len(tail) <= LONGEST_TAIL:
        return head + space, tail
    return text[:-2], text[-2:]


def _offers_person(message: Message) -> bool:
    return message.reply is not None and message.reply.decision.outcome in ("decline", "hand_off")


def _rateable(message: Message) -> bool:
    return message.reply is not None and message.reply.decision.outcome in ("answer", "clarify", "decline")


def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(groups=groups, sources=sources, spans=span_lists, cells=cells, columns=columns)
    made.globals.update(item=item, tailed=tailed, place_of=place, of_record=of_record)
    made.globals.update(offers_person=_offers_person, rateable=_rateable)
    return made


_ENVIRONMENT = _environment()


def render(template: str, **values: object) -> str:
    """A template of ours, filled in; every value is escaped."""
    return _ENVIRONMENT.get_template(template).render(**values)
