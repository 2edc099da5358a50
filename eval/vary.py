"""Variants of cases: the same questions as other customers type them, by rules and seeded.

Each rule takes a message and gives it as somebody else would send it, asking the same; figures, units, codes and names
of products stay as they are. What a case expects of the answer therefore holds for its variants. Plays nothing.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import opencc

from eval.altered_words import NAMES, UNITS
from eval.cases import Case
from eval.typos import misspelt
from eval.vary_words import CONFUSED, POLITE
from rag.text import HAN, normalise
from rag.types import Language

Rule = Callable[[str, Language, random.Random], str]  # the same text: the rule does not fit it


def _pattern() -> re.Pattern[str]:
    """What no rule touches: names, whatever holds a digit, and units also where their number is a word."""
    units = {old for table in UNITS.values() for old, _ in table}
    latin = sorted((each for each in units if each[0].isascii()), key=len, reverse=True)
    han = sorted((each for each in units if not each[0].isascii()), key=len, reverse=True)
    names = sorted((re.escape(normalise(each)) for each in NAMES), key=len, reverse=True)
    coded = r"[£€¥$]?[a-z]*-?\d[a-z\d]*(?:[-–.,:/][a-z\d]+)*"
    return re.compile(rf"(?<![a-z])(?:{'|'.join([*names, *latin]).lower()})(?![a-z])|{coded}|{'|'.join(han)}", re.I)


_KEPT = _pattern()
_END = re.compile(r"[?!.？！。]+\s*$")
_ASKS = "how|what|which|where|when|who|can|could|may|do|does|did|is|are|am|will|would"
_LEADING = re.compile(rf"((?:If|When|After|Before|My|Our|The|I) [^,.?!]{{4,}}), ((?:{_ASKS}) [^,.?!]{{4,}})\?", re.I)
_PLACE = r"(?:on|in|for|with|from|after|if|when) (?:the|a|an|my|your|our|I) "
_NO_VERB = rf"(?![^,.?!]*\b(?:{_ASKS}|mean|have|for|say)\b)"  # "What does C1 on my Brew One mean?"
_TRAILING = re.compile(
    rf"((?:{_ASKS}) [^,.?!–]{{4,}}?)(?<!turn)(?<!switch)(?<!put) ({_PLACE}{_NO_VERB}[^,.?!–]{{3,}})\?", re.I
)
_TWO = re.compile(r"(.{4,}[.!?。！？]) ?([^.!?。！？]{4,}[.!?。！？])")
_HAN_CLAUSES = re.compile(r"([^，。？！；：]{4,})，([^，。？！；：]{4,})([？?]?)")
_HAN_TOPIC = re.compile(rf"([A-Za-z\d][A-Za-z\d ]*)(?!的)([{HAN}][^，。？！；：]{{3,}})([？?])")
_to_traditional, _to_simplified = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class Variant:
    """A case put differently."""

    rule: str
    of: str  # id of the case
    case: Case


def variants(cases: Sequence[Case], seed: int, rules: Sequence[str] = ()) -> list[Variant]:
    """One variant of each case by each rule that fits it; all rules unless some are named.

    The same seed gives the same variant of a case, whatever other cases there are. Ids are new ones, each used once.
    """
    taken, made = {case.id for case in cases}, list[Variant]()
    for case in cases:
        for name in rules or RULES:
            chance = random.Random(f"{seed}/{case.id}/{name}")
            turns = tuple(put(text, case.language, RULES[name], chance) for text in case.turns)
            if turns == case.turns:
                continue
            new = _fresh(f"{case.id}~{name}", taken)
            taken.add(new)
            changed = {"id": new, "turns": turns, "tags": (*case.tags, f"varied-{name}")}
            made.append(Variant(name, case.id, case.model_copy(update=changed)))
    return made


def _fresh(wanted: str, taken: set[str]) -> str:
    return wanted if wanted not in taken else _fresh(f"{wanted}'", taken)


def put(text: str, language: Language, rule: Rule, chance: random.Random) -> str:
    """The text by this rule; as it was where the rule does not fit or would touch what must stay."""
    made = rule(text, language, chance).strip()
    return made if made and kept(made) == kept(text) else text


def kept(text: str) -> Counter[str]:
    """What no rule may change, in any order: names, figures, codes and units."""
    return Counter(re.sub(r"\s", "", each) for each in _KEPT.findall(normalise(text)))


def _between(text: str, change: Callable[[str], str]) -> str:
    """`change` applied to all that lies between what stays."""
    pieces, at = list[str](), 0
    for match in _KEPT.finditer(text):
        pieces += [change(text[at : match.start()]), match.group()]
        at = match.end()
    return "".join([*pieces, change(text[at:])])


def _typos(text: str, _: Language, chance: random.Random) -> str:
    return _between(text, lambda piece: misspelt(piece, chance))


def _homophones(text: str, language: Language, chance: random.Random) -> str:
    """One word for another that sounds like it."""
    edge = r"\b" if language == "en" else ""
    words = str(_to_simplified.convert(text)) if language == "zh" else text
    fitting = [(old, new) for old, new in CONFUSED[language] if re.search(f"{edge}{old}{edge}", words, re.I)]
    if not fitting:
        return text
    old, new = chance.choice(fitting)

    def confused(match: re.Match[str]) -> str:
        return new.capitalize() if match[0][0].isupper() else new

    changed = re.sub(f"{edge}{old}{edge}", confused, words, count=1, flags=re.I)
    return str(_to_traditional.convert(changed)) if words != text else changed


def _punctuation(text: str, language: Language, chance: random.Random) -> str:
    """No mark at the end, several of them, or those of the other width."""
    ways: list[Callable[[str], str]] = [
        lambda said: _END.sub("", said),
        lambda said: _END.sub("", said) + ("??" if language == "en" else "？？"),
        lambda said: _END.sub("", said) + "...",
    ]
    if language == "zh":
        ways.append(lambda said: said.replace("，", ",").replace("？", "?").replace("。", "."))
        ways.append(lambda said: re.sub("[，。？！]", " ", said).strip())
    else:
        ways.append(lambda said: _between(said, lambda piece: re.sub("[,.?!']", "", piece)))
    fitting = [made for way in ways if (made := way(text)) != text]
    return chance.choice(fitting) if fitting else text


def _script(text: str, language: Language, _: random.Random) -> str:
    if language == "en":
        return text
    traditional = str(_to_traditional.convert(text))
    return traditional if traditional != text else str(_to_simplified.convert(text))


def _politeness(text: str, language: Language, chance: random.Random) -> str:
    before, after = chance.choice(POLITE[language])
    gap = " " if after and language == "en" and not after.startswith(" ") else ""
    closed = text if not after or _END.search(text) else f"{text}{'.' if language == 'en' else '。'}"
    return f"{before}{closed}{gap}{after}"


def _order(text: str, language: Language, _: random.Random) -> str:
    """Two sentences or clauses exchanged, or what the question is about said first or last."""
    if two := _TWO.fullmatch(text):
        return f"{two[2]}{' ' if language == 'en' else ''}{two[1]}"
    if language == "zh":
        if clauses := _HAN_CLAUSES.fullmatch(text):
            return f"{clauses[2]}，{clauses[1]}{clauses[3]}"
        topic = _HAN_TOPIC.fullmatch(text)
        return f"{topic[2]}，{topic[1].strip()}{topic[3]}" if topic else text
    if lead := _LEADING.fullmatch(text):
        return f"{_upper(lead[2])}, {_lower(lead[1])}?"
    trail = _TRAILING.fullmatch(text)
    return f"{_upper(trail[2])}, {_lower(trail[1])}?" if trail else text


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    """Without the capital of a sentence; names and "I" keep theirs."""
    name = _KEPT.match(text) or re.match(r"I\b|[A-Z]{2}", text)
    return text if name else text[0].lower() + text[1:]


RULES: Mapping[str, Rule] = {
    "typos": _typos,
    "homophones": _homophones,
    "punctuation": _punctuation,
    "script": _script,
    "politeness": _politeness,
    "order": _order,
}
