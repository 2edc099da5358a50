"""Public data sets brought into the BEIR layout, each from the files it is published as.

`python -m eval dataset NAME SOURCE TARGET`. Copies nothing into the project.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from eval.beir import Benchmark, Entry, Question
from rag.errors import ConfigError


def _lines(path: Path) -> Iterator[dict[str, object]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def stackfaq(source: Path) -> Benchmark:
    """125 FAQs; the text is the question and its answers, the queries are paraphrases of 56 of the questions."""
    corpus = [
        Entry(str(row["faq_id"]), "", "\n\n".join([str(row["question"]), *map(str, row["answers"])]))  # type: ignore[call-overload]
        for row in _lines(source / "faqs.jsonl")
    ]
    rows = list(_lines(source / "queries.jsonl"))
    questions = [Question(str(row["qid"]), str(row["query"])) for row in rows]
    return Benchmark(corpus, questions, {str(row["qid"]): {str(row["faq_id"]): 1.0} for row in rows})


def emanual_tv(source: Path) -> Benchmark:
    """A television's manual in sections, with customers' questions."""
    sections = _lines(source / "smart_tv_remote_sections.jsonl")
    corpus = [Entry(str(row["section"]), str(row["title"]), str(row["text"])) for row in sections]
    rows = [row for row in _lines(source / "smart_tv_remote_qa.jsonl") if row.get("gold_section")]
    questions = [Question(str(row["qid"]), str(row["question"])) for row in rows]
    return Benchmark(corpus, questions, {str(row["qid"]): {str(row["gold_section"]): 1.0} for row in rows})


def cmrc2018(source: Path) -> Benchmark:
    """Simplified Chinese paragraphs, each to be found by the questions asked about it."""
    return _squad_layout(
        source / "cmrc2018_dev.squadstyle.json.gz", lambda number, asked: Question(number, asked["question"])
    )


def squad2(source: Path) -> Benchmark:
    """Wikipedia paragraphs; half of the questions about each look as if it answered them, and it does not."""
    return _squad_layout(
        source / "dev-v2.0.reconstructed.json.gz",
        lambda number, asked: Question(number, asked["question"], answerable=not asked["is_impossible"]),
    )


def xquad_r(source: Path, language: str) -> Benchmark:
    """Passages with questions whose answers are marked in them; the same ones in several languages."""
    return _squad_layout(source / f"{language}.json.gz", _with_answer)


def _with_answer(_number: str, asked: Mapping[str, Any]) -> Question:
    answer = asked["answers"][0]
    span = (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
    return Question(asked["id"], asked["question"], answer=span)


def _squad_layout(file: Path, question: Callable[[str, Mapping[str, Any]], Question]) -> Benchmark:
    """Paragraphs of articles, each with the questions asked about it; `question` is given a number and the entry."""
    corpus, questions, relevant = list[Entry](), list[Question](), dict[str, dict[str, float]]()
    for article in json.loads(gzip.decompress(file.read_bytes()))["data"]:
        for paragraph in article["paragraphs"]:
            entry = Entry(f"p{len(corpus)}", "", paragraph["context"])
            corpus.append(entry)
            for asked in paragraph["qas"]:
                questions.append(question(f"q{len(questions)}", asked))
                relevant[questions[-1].id] = {entry.id: 1.0}
    return Benchmark(corpus, questions, relevant)


DATASETS: dict[str, Callable[[Path], Benchmark]] = {
    "stackfaq": stackfaq,
    "emanual_tv": emanual_tv,
    "cmrc2018": cmrc2018,
    "squad2": squad2,
    "xquad_r_en": partial(xquad_r, language="en"),
    "xquad_r_zh": partial(xquad_r, language="zh"),
}


def load(name: str, source: Path) -> Benchmark:
    """Data set `name` from the files in `source`. Raises ConfigError for an unknown name or a folder that is not there."""
    if name not in DATASETS:
        raise ConfigError(f"There is no data set {name!r}. Known: {', '.join(DATASETS)}.")
    if not source.is_dir():
        raise ConfigError(f"The folder {source} is not there. Name the folder that holds the published files.")
    return DATASETS[name](source)


def convert(name: str, source: Path, target: Path) -> Benchmark:
    """Write data set `name` from `source` into `target` in the BEIR layout. Raises ConfigError as `load` does."""
    made = load(name, source)
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "corpus.jsonl", ({"_id": e.id, "title": e.title, "text": e.text} for e in made.corpus))
    _write(target / "queries.jsonl", map(_row, made.questions))
    rows = [
        f"{query}\t{document}\t{grade:g}" for query, some in made.relevant.items() for document, grade in some.items()
    ]
    (target / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *rows, ""]), encoding="utf-8")
    return made


def _row(question: Question) -> dict[str, object]:
    row: dict[str, object] = {"_id": question.id, "text": question.text}
    row |= {} if question.answerable else {"answerable": False}
    return row | ({"answer": question.answer} if question.answer else {})


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
