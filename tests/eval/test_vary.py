"""Variants ask the same: figures, units and names survive every rule, and the same seed makes the same ones."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.altered_words import NAMES
from eval.cases import Case, read_cases
from eval.results import Answered, Cited, Result, Sentence
from eval.vary import RULES, put, variants
from eval.vary_results import compare, shares
from eval.vary_words import CONFUSED
from rag.config import ROOT
from rag.text import normalise
from rag.types import Language

UNITS = {
    "en": r"(?<![a-z])(?:days?|hours?|weeks?|months?|years?|minutes?|seconds?|kg|ml|mm|cm|w)(?![a-z])|[£€%]",
    "zh": r"[£€%元秒]|个月|分钟|小时|工作日|毫升|毫米|公斤",
}
PIECES = [
    *NAMES,
    "300s",
    "30 days",
    "5.6 kg",
    "£8.95",
    "12个月",
    "2–4 working days",
    "E2",
    "3 個工作天",
    "20 %",
    "AH-UK-204518",
]
WORDS = [*"how long is the wait for your new filter , and would it break ? If then . my your".split()]
HAN = [*"怎么更换滤芯多少钱，退货运费谁出？电池能用多久。充电在做濾網除垢"]


def messages() -> st.SearchStrategy[str]:
    """Messages of words, names and figures, in either language, and now and then of anything at all."""
    english = st.lists(st.sampled_from(WORDS + PIECES), min_size=1, max_size=14).map(" ".join)
    chinese = st.lists(st.sampled_from(HAN + PIECES), min_size=1, max_size=24).map("".join)
    return st.one_of(english, chinese, st.text(min_size=1, max_size=40)).filter(str.strip)


def some_cases() -> st.SearchStrategy[list[Case]]:
    ids = st.text("ab~typos'", min_size=1, max_size=9)
    made = st.builds(
        lambda id, turns, language: Case(id=id, turns=tuple(turns), expect="decline", language=language),
        ids,
        st.lists(messages(), min_size=1, max_size=3),
        st.sampled_from(["en", "zh"]),
    )
    return st.lists(made, max_size=6, unique_by=lambda case: case.id)


@cache
def demo() -> list[Case]:
    return read_cases([ROOT / "eval" / "cases" / "knowledge.cases.jsonl"])


def _names(text: str) -> list[int]:
    """How often each product is named."""
    return [len(re.findall(rf"(?<![a-z\d]){re.escape(normalise(name))}(?![a-z\d])", text)) for name in NAMES]


@given(messages(), st.sampled_from(["en", "zh"]), st.sampled_from(sorted(RULES)), st.integers(0, 99))
@settings(max_examples=400, deadline=None)
def test_no_rule_touches_figures_units_or_names(text: str, language: Language, rule: str, seed: int) -> None:
    made = put(text, language, RULES[rule], random.Random(seed))
    before, after = normalise(text), normalise(made)
    assert Counter(re.findall(r"\d+", after)) == Counter(re.findall(r"\d+", before))
    assert _names(after) == _names(before)
    for units in UNITS.values():
        assert Counter(re.findall(units, after)) == Counter(re.findall(units, before))
    assert made.strip()


@given(some_cases(), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_ids_are_new_and_the_same_seed_makes_the_same_variants(cases: list[Case], seed: int) -> None:
    made = variants(cases, seed)
    ids = [each.case.id for each in made] + [each.id for each in cases]
    assert len(set(ids)) == len(ids)
    assert variants(cases, seed) == made
    by_id = {each.id: each for each in cases}
    for each in made:
        assert each.case.turns != by_id[each.of].turns
        assert len(each.case.turns) == len(by_id[each.of].turns)


def test_a_variant_does_not_depend_on_the_cases_around_it() -> None:
    every = {each.case.id: each for each in variants(demo(), 7)}
    assert all(every[each.case.id] == each for each in variants(demo()[3:9], 7))


def test_another_seed_makes_other_variants() -> None:
    one, other = ({each.case.turns for each in variants(demo()[:40], seed)} for seed in (1, 2))
    assert len(one - other) > 20


def test_each_rule_fits_cases_of_the_demo_in_the_languages_it_is_for() -> None:
    made = Counter[tuple[str, str]]((each.rule, each.case.language) for each in variants(demo(), 0))
    languages = {(rule, language) for rule in RULES for language in ("en", "zh")} - {("script", "en")}
    assert {place for place in languages if made[place] < 20} == set()
    assert made["script", "en"] == 0


@pytest.mark.parametrize(
    ("rule", "language", "text", "wanted"),
    [
        ("order", "en", "My parcel is back. When do you pay?", "When do you pay? My parcel is back."),
        ("order", "en", "If it is cheaper, do I get money?", "Do I get money, if it is cheaper?"),
        ("order", "en", "How long is the cord on the 300S?", "On the 300S, how long is the cord?"),
        ("order", "en", "How do I turn on the child lock?", "How do I turn on the child lock?"),
        ("order", "zh", "300S 最大功率是多少瓦？", "最大功率是多少瓦，300S？"),
        ("order", "zh", "货寄回去以后，钱几天能到？", "钱几天能到，货寄回去以后？"),
        ("script", "zh", "滤网怎么洗", "濾網怎麼洗"),
        ("script", "zh", "濾網怎麼洗", "滤网怎么洗"),
        ("script", "en", "Is it washable?", "Is it washable?"),
        ("homophones", "en", "Is it witty?", "Is it witty?"),
        ("homophones", "zh", "退貨", "退或"),
    ],
)
def test_what_a_rule_makes(rule: str, language: Language, text: str, wanted: str) -> None:
    assert put(text, language, RULES[rule], random.Random(1)) == wanted


def test_words_are_confused_with_other_words() -> None:
    for table in CONFUSED.values():
        assert all(old != new for old, new in table)
        assert len({old for old, _ in table}) == len(table)


def _result(case: Case, outcome: str, *sources: str) -> Result:
    citations = tuple(Cited(source=each, quote="", supported=True) for each in sources)
    reply = Answered(
        outcome=outcome,
        language=case.language,
        writer="extractive",
        confidence=1.0,
        sentences=(Sentence(text="", citations=citations),),
        first_ms=0,
        total_ms=0,
    )
    return Result(case=case, turns=(reply,))


def test_the_share_counts_outcomes_and_documents_that_stay_and_leaves_out_what_failed() -> None:
    case = Case(
        id="a", turns=("How long is the cord on the 300S?",), expect="answer", facts=(("1.8 m",),), cite=(("b",),)
    )
    made = variants([case], 0, ["typos", "punctuation", "politeness", "order"])
    answers = [("answer", "b"), ("answer", "b", "c"), ("decline",)]
    results = [_result(case, "answer", "b")]
    results += [_result(each.case, *answer) for each, answer in zip(made, answers, strict=False)]
    results.append(Result(case=made[3].case, error="the endpoint was away"))
    figures = shares(compare(made, results))
    assert {rule: figures[rule]["en"]["share"] for rule in ("typos", "punctuation", "politeness")} == {
        "typos": 1.0,
        "punctuation": 0.0,
        "politeness": 0.0,
    }
    every = figures["all"]["all"]
    assert (every["same"], every["same_outcome"], every["scored"], every["unscored"]) == (1, 2, 3, 1)
    assert every["low"] < 1 / 3 < every["high"]
