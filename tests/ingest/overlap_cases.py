"""Staged passages beside the company's documents: what contradicts them, what repeats them, what does neither.

The cases are made from `knowledge/` by changing a figure, a unit, a negation or an opposite in a copy of a passage, by
saying the same in other words, or by saying it of another product, region or time; and some are restated by hand.
Documents are split into a tuning and a reporting half. `python -m tests.ingest.overlap_cases` prints the figures.
"""

from __future__ import annotations

import random
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from backends import build
from backends.database import open_database
from ingest.knowledge import read_candidates
from ingest.overlap import Overlap, overlaps
from ingest.pipeline import Pipeline
from ingest.similar import Neighbours
from ingest.store import Store
from rag.config import ROOT, Ingest, load
from rag.facts import negated, without_marker
from rag.ports import Candidate, Embedder
from rag.quantities import quantities
from rag.text import tokens
from rag.types import Chunk, Sentence
from tests.doubles.shelf import parse

TODAY = date(2026, 11, 22)
Edit = Callable[[str], str | None]


@dataclass(frozen=True)
class Case:
    """A staged passage. `original`: the sentence (passage id, number) that sentence `edited` contradicts, if any."""

    kind: str
    half: str
    chunk: Chunk
    edited: int
    original: tuple[int, int]
    contradicts: bool


# Said anew by hand: document → words of the sentence meant, statement, whether it contradicts that sentence.
RESTATED: dict[str, list[tuple[str, str, bool]]] = {
    "policies/returns-2026.md": [
        ("within 30 days", "Items may be returned within 14 days of delivery.", True),
        ("leaves us within", "The refund leaves us 14 working days after the parcel arrives.", True),
        ("label is valid", "The return label is valid for 28 days.", True),
        ("within 30 days", "Customers can return any item within 30 days of delivery.", False),
        ("Keep the proof", "Proof of posting should be kept until the money has arrived.", False),
    ],
    "delivery/delivery-uk.md": [
        ("tries again", "A missed parcel is kept at the parcel shop for 14 days.", True),
        ("BFPO", "We deliver to BFPO addresses.", True),
        ("Standard: orders", "Standard orders placed by 18:00 leave the same day.", True),
        ("Standard: orders", "A standard order placed by 16:00 leaves the same day.", False),
    ],
    "products/kettle-k1-spec.md": [
        ("panel is locked", "Hold Keep warm for 5 seconds to lock or unlock the panel.", True),
        ("After a dry run", "After a dry run let the kettle cool for 10 minutes before you fill it.", False),
        ("Descale monthly", "Descale every month with 20 g of citric acid to 1 L of water.", False),
        ("dishwasher", "The kettle may be put in the dishwasher.", True),
    ],
    "accounts/payment-methods.md": [
        ("gift card is valid", "Gift cards are valid for 12 months.", True),
        ("price in our shop", "If the price drops within 30 days of your order, we refund the difference.", True),
        ("Diners Club", "We accept Diners Club and cheques.", True),
        ("After three failed", "After three failed attempts wait 1 hour.", False),
        ("reservation lapses", "A reservation on your card lapses after 10 days at most.", True),
    ],
    "safety/battery-safety.md": [
        ("more than one month", "For storage charge the battery to 80 per cent and switch it off.", True),
        ("Do not cover", "The robot may be covered while charging.", True),
        ("household waste", "Batteries do not belong in the household waste bin.", False),
    ],
    "spare-parts/ordering-parts.md": [
        ("We supply", "Functional parts are supplied for at least 10 years after the last unit was made.", True),
        ("Letter post", "Letter post in the UK takes 2–4 working days and has no tracking.", False),
    ],
    "contact/contact-hours.md": [
        ("call-back is normally", "A call-back is normally possible within 4 hours.", True),
        ("first reply", "Complaints get a first reply within 5 working days.", True),
        ("Closed on Sundays", "We are open on Sundays and on bank holidays in England.", True),
    ],
    "policies/returns-2026.zh.md": [
        ("验收合格后", "商品验收合格后 7 个工作日内原路退款。", True),
        ("无理由退货。", "自签收次日起 7 天内可以申请无理由退货。", True),
        ("24 小时内审核", "退货申请由客服在 24 小时内审核。", False),
    ],
    "policies/price-protection.zh.md": [
        ("自签收之日起", "自签收之日起 15 天内同一商品降价，可以申请退还差价。", True),
        ("自签收之日起", "签收之日起 30 天内，同一商品降价的可以申请退差价。", False),
    ],
    "policies/membership-points.zh.md": [
        ("积分自到账", "积分自到账之日起 12 个月有效。", True),
        ("100 分抵 1 元", "积分 100 分抵 1 元，单笔最多抵实付金额的 20 %。", True),
        ("积分不能转让", "积分可以转让，也可以提现。", True),
        ("注册设备", "注册一台设备得 100 分，同一台设备只计一次。", False),
    ],
    "accounts/delete-account.zh.md": [
        ("冷静期", "提交注销后进入 30 天冷静期，期间重新登录视为撤销。", True),
        ("密码连续输错", "密码连续输错 5 次，账号会锁定 15 分钟。", True),
        ("全部保存在杭州", "大陆用户的信息保存在杭州的服务器，不会出境。", False),
    ],
    "delivery/order-changes.zh.md": [
        ("少件在", "破损请在签收后 24 小时内联系。", True),
        ("已付款的订单不能加商品", "已付款的订单可以加商品。", True),
    ],
}

_FIGURE = re.compile(r"(?<![A-Za-z\d.,:/–-])(\d{1,4})(?![\d.,:/]*\d|[A-Za-z])")
_UNITS = [
    (r"(?<=\d )days", "weeks"),
    ("hours", "minutes"),
    ("months", "years"),
    ("minutes", "hours"),
    ("seconds", "minutes"),
]
_UNITS += [("天", "周"), ("小时", "分钟"), ("个月", "年"), ("分钟", "小时")]
_DENIED = [
    (" may ", " may not "),
    (" can ", " cannot "),
    (" is ", " is not "),
    (" are ", " are not "),
    (" must ", " must not "),
]
_DENIED += [("可以", "不可以"), ("支持", "不支持"), ("需要", "不需要"), ("能", "不能"), ("会", "不会")]
_TURNED = [
    ("before", "after"),
    ("after", "before"),
    ("at least", "at most"),
    ("at most", "at least"),
    ("open", "close"),
    ("left", "right"),
]
_TURNED += [("以上", "以下"), ("以下", "以上"), ("之前", "之后"), ("之后", "之前"), ("免费", "收费"), ("打开", "关闭")]
_REWORDED = [
    ("must ", "have to "),
    (" may ", " can "),
    (" and ", " as well as "),
    ("£", "GBP "),
    (" days", " consecutive days"),
    ("please ", ""),
]
_REWORDED += [
    ("You can", "Customers can"),
    ("It is", "This is"),
    ("可以", "可"),
    ("需要", "需"),
    ("请", ""),
    ("以及", "和"),
    ("并", "同时"),
]


def _figure(text: str) -> str | None:
    for match in _FIGURE.finditer(text, len(text) - len(without_marker(text))):
        new = text[: match.start()] + str(2 * int(match[1]) + 1) + text[match.end() :]
        if len(quantities(new) - quantities(text)) == len(quantities(text) - quantities(new)) == 1:
            return new
    return None


def _swap(pairs: Sequence[tuple[str, str]], held: Callable[[str, str], bool]) -> Edit:
    def edit(text: str) -> str | None:
        new = (re.sub(_whole(old), by, text, count=1) for old, by in pairs if re.search(_whole(old), text))
        return next((each for each in new if held(text, each)), None)

    return edit


def _whole(word: str) -> str:
    """The word and no part of a longer one; a Chinese one anywhere."""
    latin = word[0].isalpha() and word[0].isascii()
    return rf"\b{word}\b" if latin else word if word.startswith("(?") else re.escape(word)


EDITS: dict[str, Edit] = {
    "figure": _figure,
    "unit": _swap(_UNITS, lambda old, new: quantities(old) != quantities(new)),
    "denied": _swap(_DENIED, lambda old, new: not negated(old) and negated(new)),
    "turned": _swap(_TURNED, lambda old, new: True),
}
REWORD = _swap(_REWORDED, lambda old, new: quantities(old) == quantities(new) and negated(old) == negated(new))


def half_of(source: str) -> str:
    return "tuning" if zlib.crc32(source.encode()) % 2 else "reporting"


def cases(company: Sequence[Chunk], seed: int = 1) -> Iterator[Case]:
    """All cases; from each document at most two of a kind."""
    drawn = random.Random(seed)
    by_source: dict[str, list[tuple[Chunk, int]]] = {}
    for chunk in sorted(company, key=lambda each: (each.source, each.ordinal)):
        if (chunk.meta.valid_until or TODAY) >= TODAY:
            places = [
                (chunk, number) for number in range(len(chunk.sentences)) if len(set(tokens(chunk.quote(number)))) > 6
            ]
            by_source.setdefault(chunk.source, []).extend(places)
    for places in by_source.values():
        for kind, edit in EDITS.items():
            fitting = [(chunk, at, new) for chunk, at in places if (new := edit(chunk.quote(at)))]
            for chunk, at, new in drawn.sample(fitting, min(2, len(fitting))):
                yield _case(kind, chunk, at, new, True)
                if reworded := REWORD(new):
                    yield _case(f"{kind}, reworded", chunk, at, reworded, True)
                if kind == "figure":
                    yield from _elsewhere(chunk, at, new)
        fitting = [(chunk, at, new) for chunk, at in places if (new := REWORD(chunk.quote(at)))]
        for chunk, at, new in drawn.sample(fitting, min(2, len(fitting))):
            yield _case("only reworded", chunk, at, new, False)
    yield from _restated(by_source)


def _elsewhere(chunk: Chunk, at: int, new: str) -> Iterator[Case]:
    """The changed figure, said of something or of a time that cannot meet the original."""
    case, meta = _case("elsewhere", chunk, at, new, False), chunk.meta
    others = [
        replace(meta, product="Sample S9") if meta.product else None,
        replace(meta, region="US") if meta.region else None,
        replace(meta, valid_from=date(2030, 1, 1)) if meta.valid_until else None,
        replace(meta, supersedes=chunk.source),
    ]
    yield from (replace(case, chunk=replace(case.chunk, meta=each)) for each in others if each)


def _restated(by_source: dict[str, list[tuple[Chunk, int]]]) -> Iterator[Case]:
    every = [(source, *each) for source, some in RESTATED.items() for each in some]
    for source, words, statement, contradicts in every:
        meant = [(chunk, at) for chunk, at in by_source[source] if words in chunk.quote(at)]
        if not meant:
            continue
        chunk, at = meant[0]
        case = _case("restated" if contradicts else "restated, agrees", chunk, at, statement, contradicts)
        alone = _chunk(chunk, [statement])
        title = "Questions" if chunk.language == "en" else "问答"
        yield replace(case, chunk=replace(alone, heading=(), title=title), edited=0)


def _case(kind: str, chunk: Chunk, at: int, new: str, contradicts: bool) -> Case:
    said = [new if number == at else chunk.quote(number) for number in range(len(chunk.sentences))]
    return Case(kind, half_of(chunk.source), _chunk(chunk, said), at, (chunk.id, at), contradicts)


def _chunk(chunk: Chunk, said: Sequence[str]) -> Chunk:
    """`chunk` in a new document, with other sentences."""
    spans, start = list[Sentence](), 0
    kinds = [each.kind for each in chunk.sentences] if len(said) == len(chunk.sentences) else ["text"] * len(said)
    for text, kind in zip(said, kinds, strict=True):
        spans.append(Sentence(start, start + len(text), kind))
        start += len(text) + 1
    return replace(chunk, id=-1, source="new/document", text="\n".join(said), sentences=tuple(spans))


def staged(chunks: Sequence[Chunk], embedder: Embedder) -> list[Candidate]:
    """With the vectors and tokens they would have."""
    quotes = [tuple(each.quote(at) for at in range(len(each.sentences))) for each in chunks]
    vectors = embedder.embed_passages([(each.label, some) for each, some in zip(chunks, quotes, strict=True)])
    return [
        Candidate(
            each, one, tokens(each.title), tokens(each.meta.product), tokens(each.label), tuple(map(tokens, some))
        )
        for each, one, some in zip(chunks, vectors, quotes, strict=True)
    ]


def main() -> None:
    """Print, for each half and kind, how many were found; and what was said of sentences that nothing was done to."""
    embedder = build.embedder(load())
    with tempfile.TemporaryDirectory() as base:
        store = Store(open_database(Path(base)), embedder, Path(base), *build.memory_index())
        list(Pipeline(store, parse, build.token_counter(), Ingest()).sync(ROOT / "knowledge")[1])
        with store.engine.connect() as connection:
            company = read_candidates(connection, sa.true(), embedder.dimensions)
        report(company, Neighbours(store.engine, embedder.dimensions, TODAY), embedder)


def report(company: Sequence[Candidate], neighbours: Neighbours, embedder: Embedder) -> None:
    every = list(cases([each.chunk for each in company]))
    passages = staged([each.chunk for each in every], embedder)
    found = Counter[tuple[str, str, str]]()
    for case, passage, near in zip(every, passages, neighbours.of(passages), strict=True):
        all_of_it = overlaps(passage, range(len(passage.chunk.sentences)), near, TODAY)
        for name in _judged(case, all_of_it, {each.chunk.id: each.chunk for each in company}):
            found[case.half, case.kind, name] += 1
    for half in ("tuning", "reporting"):
        print(half)
        for kind in sorted({each.kind for each in every}):
            cells = {name: found[half, kind, name] for name in ("cases", "found", "wrong", "duplicate")}
            print(f"  {kind:20}", cells)
        told = [case.contradicts for case in every if case.half == half]
        right = sum(found[half, each, "found"] for each in {case.kind for case in every})
        wrong = sum(found[half, each, "wrong"] for each in {case.kind for case in every})
        print(f"  recall {right / sum(told):.3f} ({right}/{sum(told)}), precision {right / (right + wrong):.3f}")
    natural = [
        one
        for each, near in zip(company, neighbours.of(company), strict=True)
        for one in overlaps(each, range(len(each.chunk.sentences)), near, TODAY)
        if one.kind == "contradiction"
    ]
    print("between the documents as they are:", Counter(half_of(each.here.source) for each in natural))


def _judged(case: Case, found: Sequence[Overlap], company: dict[int, Chunk]) -> Iterator[str]:
    """Found: the sentence meant is named. Wrong: any other, unless it says what the sentence meant said."""
    yield "cases"
    passage, at = case.original
    gone = quantities(company[passage].quote(at)) - quantities(case.chunk.quote(case.edited))
    told = [(each.pairs[0], each.there) for each in found if each.kind == "contradiction"]
    aimed = [(there, number) for (here, number), there in told if case.contradicts and here == case.edited]
    if any((there.id, number) == case.original for there, number in aimed):
        yield "found"
    right = [
        1 for there, number in aimed if (there.id, number) == case.original or gone & quantities(there.quote(number))
    ]
    if len(right) < len(told):
        yield "wrong"
    if any(each.kind == "duplicate" and each.there.id == passage for each in found):
        yield "duplicate"


if __name__ == "__main__":
    main()
