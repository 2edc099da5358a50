"""What may not differ between a sentence and its source, wherever it stands: quantities, names, conditions, opposites.

`difference` says in words, for the trace, what `text` says and `source` does not, or leaves out; it is empty when
nothing of that kind is seen. Compares words and patterns of two languages; understands nothing. What these belong to
is `rag/bindings.py`'s.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.quantities import is_quantity, quantities, units
from rag.text import content_tokens, folded, normalise, tokens

_MARKER = re.compile(
    r"^\s*(?:[-*•·]\s|\d{1,2}[.)、]\s?(?!\d)|\(\d{1,2}\)|step \d{1,2}\s?[:.]|第[\d一二三四五六七八九十]{1,3}步[:：，]?)\s*",
    re.I,
)
_WORDS = re.compile(r"[a-z\d]+")
_CODE = re.compile(r"(?<![A-Za-z\d])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]+|(?<![A-Za-z\d])[A-Z]{2,}(?![A-Za-z\d])")
_CAPITAL = r"[A-Z][A-Za-z]*[a-z][A-Za-z]*(?![A-Za-z\d])"
# Not at the start of an English sentence, where every word has one.
_PROPER = re.compile(
    rf"(?<=[A-Za-z\d] ){_CAPITAL}|(?<=[\u4e00-\u9fff]){_CAPITAL}|(?<![A-Za-z]){_CAPITAL}(?= ?[\u4e00-\u9fff])"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:[a-z\d-]+\.)+[a-z]{2,}(?![\w])", re.I | re.A)
# Small words on which an instruction hangs, and which no other word stands for.
_EXACT = re.compile(
    r"\b(?:red|green|blue|orange|yellow|white|purple|always|half|double)\b|[红绿蓝橙黄紫]|始终|一律|一半|双倍"
)
_MODEL = re.compile(r"(?<![a-z\d])([a-z]*\d+[a-z]*)(?:[ -](pro|plus|max|mini|lite|ultra|se|neo)(?![a-z\d]))?")

NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|"
    r"shouldn't|mustn't|unable|excluded|excludes|except|impossible|unavailable|ineligible|incompatible|unsuitable|"
    r"non-\w+)(?!\w)|不|没有|未|无法|禁止|切勿|请勿|勿|别|除外"
)
RESTRICTION = re.compile(
    r"\b(?:only|unless|solely|exclusively|provided that|as long as|subject to)\b|仅|只[有能限在可对要]|除非|限于|才[能可会]|前提"
)
_CONDITION = re.compile(
    r"\bif\b[^,;.]*|\bin case\b[^,;.]*|(?:如果|假如|若|如)[^，。；]*?(?:，|$|。|时)|[^，。；]{2,}(?:的情况下|的话)"
)
SIDES = (
    (r"\bmore than\b|\bover [\d\ue000-\uf8ff]|\babove\b|\bat least\b|\bminimum\b|\bexceed|\blonger than\b|"
     r"以上|超过|至少|大于|高于|最少",
     r"\bless than\b|\bunder [\d\ue000-\uf8ff]|\bbelow\b|\bat most\b|\bup to\b|\bmaximum\b|\bwithin\b|\bshorter than\b|"
     r"以下|以内|不足|最多|小于|低于"),
    (r"\bbefore\b|\bprior to\b|\bwithin\b|之前|以前|以内|之内", r"\bafter\b|\bfollowing\b|之后|以后"),
    (r"\b(?:switch|turn|power)\w*(?: \w+){0,3}? on\b|打开|开启|开机",
     r"\b(?:switch|turn|power)\w*(?: \w+){0,3}? off\b|关闭|关掉|关机"),
    (r"\bopen\b", r"\b(?:close|shut)\b"),
    (r"\bstart\b|启动", r"\bstop\b|停止"),
    (r"\benable", r"\bdisable"),
    (r"\bincrease|\braise|\bhigher\b|增加|提高|更高", r"\bdecrease|\breduce|\blower\b|减少|降低|更低"),
    (r"\b(?:hot|warm)\b|热水", r"\bcold\b|冷水"),
    (r"\bfree\b|免费", r"\bpaid\b|\bcharged?\b|收费|自费"),
    (r"\bleft\b|左", r"\bright\b|右"),
    (r"上午", r"下午|晚上"),
)  # fmt: skip
_OPPOSITES = [(re.compile(one), re.compile(other)) for one, other in SIDES]
_PREFIX = re.compile(r"(?:un|in|im|non|dis|ir)(?=[a-z]{3})")


def difference(text: str, said: str, context: str) -> str:
    """Why `text` does not follow from a source that says `said` under the headings in `context`; empty if it may."""
    for found, complaint in (
        (new_numbers(text, context), "the source does not say"),
        (new_names(text, context), "the source does not name"),
        (conditions_dropped(text, said), "it leaves out"),
        (opposites(text, context), "the source says the opposite of"),
    ):
        if found:
            return f"{complaint} {', '.join(found)}"
    return ""


def negated(text: str) -> bool:
    """Whether the text denies something."""
    return bool(NEGATION.search(_apostrophes(text)))


def without_marker(text: str) -> str:
    """A sentence without the number or bullet before it: that one belongs to the list, not to what is said."""
    return _MARKER.sub("", text, count=1)


def new_numbers(text: str, source: str) -> list[str]:
    """Numbers that the source does not give, or gives in another unit."""
    known = quantities(source)
    values, bare = {value for value, _ in known}, {value for value, unit in known if not unit}
    missing = []
    for value, unit in sorted(quantities(text)):
        given = (value, unit) in known or (value in bare and unit in units(source)) if unit else value in values
        if not given:
            missing.append(f"{value} {unit}".strip())
    return missing


def new_names(text: str, source: str) -> list[str]:
    """Codes, names, colours and addresses that the source does not have, and models it has only under another name."""
    words = set(_WORDS.findall(folded(source).lower()))
    missing = {name for name in _names(text) if name not in words}
    missing |= {each for each in _addresses(text) if each not in folded(source).lower()}
    missing |= set(_EXACT.findall(normalise(text))) - set(_EXACT.findall(normalise(source)))
    mine, theirs = _models(text), _models(source)
    known = {code for code, _ in theirs}
    missing |= {f"{code} {variant}".strip() for code, variant in mine - theirs if code in known}
    return sorted(missing)


def anchors(text: str) -> set[str]:
    """What stands alike in every language: numbers, codes, names."""
    return {value for value, _ in quantities(text)} | _names(text)


def conditions_dropped(text: str, source: str) -> list[str]:
    """Conditions on what the sentence says of which it keeps less than half."""
    said, dropped = _content(text), []
    for part in re.split(r"[;；.。]\s*(?!\d)", normalise(source)):
        for match in _CONDITION.finditer(part):
            condition, rest = _content(match.group()), _content(part.replace(match.group(), " "))
            about_it = len(said & rest) * 2 >= len(said)
            if len(tokens(match.group())) > 2 and about_it and len(condition & said) * 2 < len(condition):
                dropped.append(f"“{match.group().strip()}”")
    return dropped


def opposites(text: str, source: str) -> list[str]:
    """Words of one side where the source has only those of the other: before and after, opened and unopened."""
    mine, theirs = normalise(text), normalise(source)
    found = []
    for one, other in [*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)]:
        match = one.search(mine)
        if match and not other.search(mine) and other.search(theirs) and not one.search(theirs):
            found.append(match.group())
    ours, source_words = _content(text), _content(source)
    turned = {_PREFIX.sub("", word, count=1): word for word in source_words - ours if _PREFIX.match(word)}
    found += [
        word for word in sorted(ours - source_words) if word in turned or _PREFIX.sub("", word, count=1) in source_words
    ]
    return found


@lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    plain = folded(without_marker(text))
    found = {name for name in _CODE.findall(plain) if not is_quantity(name)} | set(_PROPER.findall(plain))
    return frozenset(name.lower() for name in found)


def _addresses(text: str) -> set[str]:
    return {each.lower() for each in _ADDRESS.findall(folded(text))}


@lru_cache(maxsize=8192)
def _models(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((code, variant) for code, variant in _MODEL.findall(folded(text).lower()))


@lru_cache(maxsize=8192)
def _content(text: str) -> frozenset[str]:
    return frozenset(content_tokens(tokens(text)))


def _apostrophes(text: str) -> str:
    return normalise(text).replace("’", "'")
