"""Would a person accept the quoted answer? Questions over the demo company, with the facts that an answer must hold,
those that it must not, and how many sentences are enough. The decision whether to answer at all is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.bench.answers import words
from eval.workbench import Workbench
from rag.answer import extract
from rag.readings import meant
from rag.types import Access, Turn
from rag.understand import understand

CASES = Path(__file__).parents[1] / "cases" / "extracts.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """`must`: each with alternatives separated by "|". `most`: sentences beyond are too many. `set`: when it was written
    ("first" before the writer was changed, "second" and "third" each after what came before was done)."""

    set: str
    question: str
    kind: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a quoted answer lacks, what it should not say, and how many sentences it has too many."""

    case: Case
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    too_many: int


def read(file: Path = CASES) -> list[Case]:
    """The cases of a JSONL file."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Case(**{**row, "must": tuple(row["must"]), "must_not": tuple(row["must_not"])}) for row in rows]


def run(bench: Workbench, cases: Sequence[Case]) -> list[Judged]:
    """Each case asked of the configured store."""
    store = bench.open_beside(bench.settings.paths.data)
    knowledge, retriever, judged = bench.knowledge(store), bench.retriever(store), list[Judged]()
    neighbours, products = partial(knowledge.neighbours, access=Access()), knowledge.products(Access())
    for case in cases:
        query = understand([Turn("customer", case.question)], products)
        hits = meant(retriever.retrieve(query, Access(), bench.settings.retrieval.passages))
        said = (
            [draft.text for draft in extract(query, hits, bench.settings.writer.sentences, neighbours)] if hits else []
        )
        judged.append(judge(case, said))
    store.close()
    return judged


def judge(case: Case, said: Sequence[str]) -> Judged:
    """How these sentences answer the case."""
    text = " ".join(said)
    missing = tuple(fact for fact in case.must if not any(_stands(each, text) for each in fact.split("|")))
    wrong = tuple(fact for fact in case.must_not if _stands(fact, text))
    return Judged(case, missing, wrong, max(0, len(said) - case.most))


def _stands(fact: str, text: str) -> bool:
    return " ".join(words(fact)) in " ".join(words(text))
