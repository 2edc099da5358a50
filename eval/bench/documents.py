"""Loaders on real files: how much of the expected text arrives, by format, beside markitdown on the same files.

The folder holds manifest.json ([{"file", "expected_text": [paths]}]) and, where there are any, files named
expected_strings.jsonl ({"filename", "must_include"}) beside theirs. Markitdown is run by another Python, in
an environment of its own: it is no dependency. Words are compared as a multiset; Markdown's marks are no words.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from ingest.run import sandbox_for
from ingest.sandbox import Sandbox
from rag.config import Ingest
from rag.errors import Refused, SetupError, VouchError
from rag.text import HAN
from rag.types import Block, Document

SYSTEMS = ("ours", "markitdown")
_WORD = re.compile(rf"[{HAN}\u3040-\u30ff]|[^\W_]+")
_NO_WORDS = re.compile(
    r"<!--.*?-->|<[^<>]{1,200}>|!\[(?P<alt>[^\]]*)\]\([^)]*\)|(?<=\])\([^)\s]*(?:\s\"[^\"]*\")?\)", re.DOTALL
)
_BESIDE = """
import json, sys
from markitdown import MarkItDown
reader, found = MarkItDown(), {}
for path in json.load(sys.stdin):
    try:
        found[path] = reader.convert(path).text_content
    except Exception as problem:
        found[path] = None
json.dump(found, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file with what should be found in it."""

    path: Path
    expected: str  # "" where nothing is known
    strings: tuple[str, ...]

    @property
    def format(self) -> str:
        return self.path.suffix.lower().lstrip(".")


@dataclass(frozen=True, slots=True)
class Score:
    """One system on one file. `recall` is None where no text is expected; `said` is a refusal's line."""

    file: File
    system: str
    recall: float | None
    included: int
    said: str = ""


def run(folder: Path, python: str, settings: Ingest, step: Callable[[], None]) -> list[Score]:
    """Every file by both systems; by ours alone if `python` is empty."""
    every = files(folder)
    scores = []
    with sandbox_for(settings) as sandbox:
        for file in every:
            scores.append(_ours(sandbox, file))
            step()
    if python:
        texts = _beside(python, every)
        scores += [score(file, "markitdown", texts.get(str(file.path)) or "") for file in every]
    return scores


def table(scores: Iterable[Score], system: str) -> dict[str, dict[str, float]]:
    """Format → files, with expected text, mean recall, lowest recall, strings wanted and found, refused."""
    grouped = defaultdict[str, list[Score]](list)
    for each in scores:
        if each.system == system:
            grouped[each.file.format].append(each)
    return {name: _row(some) for name, some in sorted(grouped.items())}


def _row(some: list[Score]) -> dict[str, float]:
    recalls = [each.recall for each in some if each.recall is not None]
    return {
        "files": len(some),
        "expected": len(recalls),
        "recall": fmean(recalls) if recalls else float("nan"),
        "lowest": min(recalls, default=float("nan")),
        "strings": sum(len(each.file.strings) for each in some),
        "found": sum(each.included for each in some),
        "refused": sum(bool(each.said) for each in some),
    }


def files(folder: Path) -> list[File]:
    """The manifest's files. Raises SetupError where there is none."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise SetupError(f"{manifest} is not there. Name the folder that holds the documents and their manifest.")
    strings = _strings(folder)
    found = []
    for entry in json.loads(manifest.read_text(encoding="utf-8")):
        path = folder / entry["file"]
        # The first is the text itself; others repeat it in another notation.
        expected = "".join((folder / each).read_text(encoding="utf-8") for each in entry["expected_text"][:1])
        found.append(File(path, expected, tuple(strings.get(path, ()))))
    return found


def _strings(folder: Path) -> dict[Path, list[str]]:
    """What must be included, by file; the same string is counted once."""
    found = defaultdict[Path, list[str]](list)
    for file in folder.rglob("expected_strings.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            # Encoded pictures are no words of the document.
            wanted = [each for each in entry["must_include"] if not each.startswith("data:") and words(each)]
            path = file.parent / entry["filename"]
            found[path] += [each for each in wanted if each not in found[path]]
    return found


def score(file: File, system: str, text: str, said: str = "") -> Score:
    """How much of what is expected stands in `text`."""
    got = words(text)
    joined = f" {' '.join(got)} "
    included = sum(f" {' '.join(words(each))} " in joined for each in file.strings)
    return Score(file, system, recall(words(file.expected), got) if file.expected else None, included, said)


def recall(expected: list[str], got: list[str]) -> float:
    """The share of the expected words that arrived, each as often as it is expected."""
    wanted = Counter(expected)
    return (wanted & Counter(got)).total() / wanted.total() if wanted else 1.0


def words(text: str) -> list[str]:
    """Words in lower case, Chinese and Japanese by character; addresses of links and pictures are none."""
    bare = html.unescape(_NO_WORDS.sub(lambda match: match["alt"] or " ", text)).replace("\\", "")
    return _WORD.findall(bare.lower())


def _ours(sandbox: Sandbox, file: File) -> Score:
    try:
        document = sandbox.parse(file.path, file.path.name)
    except Refused as refused:
        return score(file, "ours", "", f"{refused.code}: {refused.reason}")
    return score(file, "ours", text_of(document))


def text_of(document: Document) -> str:
    """All that a reader could find of it."""
    return "\n".join([document.title, *map(_block_text, document.blocks)])


def _block_text(block: Block) -> str:
    rows = "\n".join(" | ".join(row) for row in block.rows)
    return f"{block.marker} {block.text}\n{rows}"


def _beside(python: str, every: list[File]) -> Mapping[str, str | None]:
    paths = json.dumps([str(file.path) for file in every])
    try:
        done = subprocess.run([python, "-c", _BESIDE], input=paths, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SetupError(f"{python} cannot be run: {error.strerror}. Name a Python that has markitdown.") from error
    if done.returncode:
        raise VouchError(f"markitdown failed: {done.stderr.strip()[-300:]}. Name a Python that has it with --beside.")
    found: Mapping[str, str | None] = json.loads(done.stdout)
    return found
