"""Rows of a table: those that a question asks for, also in passages of the table that were not found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.focus import asked_terms, models, names_row, rarity
from rag.regions import regions_in
from rag.text import tokens
from rag.types import Query, Span

FITS_BETTER = 0.15  # share of what is asked that a row must hold beyond the row that was found, to take its place


def is_row(span: Span) -> bool:
    """Whether a span is a row of a table."""
    return span.chunk.sentences[span.first].kind == "row"


def asked_for(spans: Sequence[Span], asked: str) -> list[Span]:
    """The spans without the rows of which the question names others: by model, by first cell or by region."""
    rows = [span for span in spans if is_row(span)]
    wanted, regions = models(asked), set(regions_in(asked))
    for named in (
        [row for row in rows if wanted and wanted <= models(row.text)],
        [row for row in rows if names_row(row.text, asked)],
        [row for row in rows if regions.intersection(regions_in(row.text.partition(";")[0]))],
    ):
        if named and len(named) < len(rows):
            return [span for span in spans if span in named or not is_row(span)]
    return list(spans)


def better_rows(query: Query, best: Span, table: Sequence[Span]) -> list[Span]:
    """Rows of the same table that hold clearly more of what is asked than `best`, the fullest first."""
    rows = [span for span in table if is_row(span)]
    said = [set(tokens(row.text)) for row in rows]
    weights, wanted = rarity(asked_terms(query), [tuple(words) for words in said]), models(query.text)
    held = {row: sum(weights[term] for term in weights.keys() & words) for row, words in zip(rows, said, strict=True)}
    least = held.get(best, 1.0) + FITS_BETTER
    better = [row for row in rows if held[row] >= least and wanted <= models(row.text)]
    most = max((held[row] for row in better), default=0.0)
    return [row for row in better if held[row] == most]
