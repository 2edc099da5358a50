"""What may not differ between a sentence and its source, wherever it stands: quantities, names, conditions, opposites.

`difference` says in words, for the trace, what `text` says and `source` does not, or leaves out; it is empty when
nothing of that kind is seen. Compares words and patterns of two languages; understands nothing. What these belong to
is `rag/bindings.py`'s.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.meanings import meanings, shared
from rag.quantities import is_quantity, located, quantities
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
# Chinese has no capitals: the places and companies that customers' orders are about.
HAN_NAME = re.compile(
    "微信|支付宝|天猫|淘宝|京东|拼多多|抖音|顺丰|圆通|中通|申通|韵达|邮政|银联|云闪付|花呗|北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|"
    "江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台湾|"
    "广州|深圳|苏州|杭州|南京|成都|武汉|西安"
)
# Bounds and idioms that are worded with a negation or an opposite deny nothing.
_BOUNDS = [
    (re.compile(r"\bcan['’]t\b|\bcan not\b"), "cannot"),
    (re.compile(r"\bwon['’]t\b"), "will not"),
    (re.compile(r"(?<=[a-z])n['’]t\b"), " not"),
    (re.compile(r"\b(?:no|not) (?:less|fewer|shorter) than\b"), "at least"),
    (re.compile(r"\b(?:no|not) (?:more|longer|later) than\b"), "at most"),
    (re.compile(r"不少于|不低于|不短于"), "至少"),
    (re.compile(r"不超过|不高于|不多于"), "最多"),
    (re.compile(r"\b(?:in less than|inside of)\b"), "within"),
    (re.compile(r"\bnot only\b"), "also"),
    (re.compile(r"不仅"), "也"),
    (re.compile(r"\b(?:at |with )?no (?:extra )?(?:charge|cost)\b|\b(?:without|free of) charge\b"), "free"),
    (re.compile(r"不收费|不要钱"), "免费"),
    (re.compile(r"\bno matter\b"), "whatever"),
    (re.compile(r"不论|不管|不限|无论"), "任凭"),
    (re.compile(r"不同"), "各异"),
]
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:[a-z\d-]+\.)+[a-z]{2,}(?![\w])", re.I | re.A)
# Small words on which an instruction hangs, and which no other word stands for.
_EXACT = re.compile(
    r"\b(?:red|green|blue|orange|yellow|white|purple|always|half|double)\b|[红绿蓝橙黄紫]|始终|一律|一半|双倍"
)
_NUMBERED = re.compile(r"\b([A-Z][A-Za-z]+) (\d{1,4}[A-Za-z]?)(?![\w.,:/])")
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


def difference(text: str, said: str, heading: str) -> str:
    """Why `text` does not follow from a source that says `said` under `heading`; empty if it may."""
    context = f"{heading} {said}"
    for found, complaint in (
        (new_numbers(text, context), "the source does not say"),
        (new_names(text, context), "the source does not name"),
        (other_model(text, said, heading), "the source speaks of another model than"),
        (opposites(text, context), "the source says the opposite of"),
    ):
        if found:
            return f"{complaint} {', '.join(found)}"
    return ""


def negated(text: str) -> bool:
    """Whether the text denies something."""
    return bool(NEGATION.search(plainly(_apostrophes(text))))


def plainly(text: str) -> str:
    """A normalised text with bounds said without "not": "no more than" becomes "at most"."""
    for pattern, bound in _BOUNDS:
        text = pattern.sub(bound, text)
    return text


def without_marker(text: str) -> str:
    """A sentence without the number or bullet before it: that one belongs to the list, not to what is said."""
    return _MARKER.sub("", text, count=1)


def new_numbers(text: str, source: str) -> list[str]:
    """Numbers that the source does not give, or gives in another unit."""
    known = quantities(source)
    values = {value for value, _ in known}
    missing = [(value, unit) for value, unit in sorted(quantities(text) - known) if unit or value not in values]
    return [f"{value} {unit}".strip() for value, unit in missing]


def new_names(text: str, source: str) -> list[str]:
    """Codes, names, colours and addresses that the source does not have, and models it has only under another name."""
    words = set(_WORDS.findall(folded(source).lower()))
    plain = folded(source)
    known = {*filter(shared, meanings(normalise(source)))}
    missing = {name for name in names(text) if name not in words and (name.isascii() or name not in plain)}
    missing -= {name for name in missing if name.isascii() and meanings(name) and known.issuperset(meanings(name))}
    missing |= {each for each in _addresses(text) if each not in folded(source).lower()}
    missing |= set(_EXACT.findall(normalise(text))) - set(_EXACT.findall(normalise(source)))
    mine, theirs = _models(text), _models(source)
    known = {code for code, _ in theirs}
    missing |= {f"{code} {variant}".strip() for code, variant in mine - theirs if code in known}
    plainer = plain.lower()
    for word, number in _NUMBERED.findall(folded(text)):
        given = re.findall(rf"(?<![a-z]){word.lower()} ([a-z]*\d\w*)", plainer)
        missing |= {f"{word} {number}"} if given and number.lower() not in given else set()
    return sorted(missing)


def other_model(text: str, said: str, heading: str) -> list[str]:
    """Models that the sentence has from the heading only, where the source below it speaks of another one."""
    mine, here, above = _models(text), _models(said), _models(heading)
    others = {code for code, variant in here - mine if not code.isdigit() or (code, variant) in above}
    return [f"{code} {variant}".strip() for code, variant in sorted((mine - here) & above)] if others else []


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
    mine, theirs = plainly(normalise(text)), plainly(normalise(source))
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
def names(text: str) -> frozenset[str]:
    """Codes and names in the text, in small letters."""
    plain = _without_values(without_marker(text))
    found = {name for name in _CODE.findall(plain) if not is_quantity(name)} | set(_PROPER.findall(plain))
    found |= set(HAN_NAME.findall(plain))
    return frozenset(name.lower() for name in found)


def _without_values(text: str) -> str:
    """The text, folded, with its dates and figures blank: the name of a month is no other name."""
    plain, found = located(text)
    for start, end, (_, unit) in found:
        if "month" in unit:
            plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain


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
