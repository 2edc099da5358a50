"""Rules that say something else: each takes a sentence and gives it altered, or nothing where the rule does not fit.

What a careless or invented answer gets wrong: figures, names, conditions, who does what. Pure functions over text
and a source of chance; `others` is text in the same passages, from which figures and names are borrowed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from rag.types import Language

Rule = Callable[[str, str, random.Random], str]  # (sentence, others, chance) → altered; the same or empty: no fit

_NUMBER = re.compile(r"(?<![A-Za-z\d.,:/-])\d+(?:[.,]\d+)*(?![\d:/]|[A-Za-z]\d|[GHS]\b)")
_NAMES = [
    "AirPure 300S",
    "AirPure 300",
    "Sweep R2 Pro",
    "Sweep R2",
    "R2 Pro",
    "R2",
    "300S",
    "Brew One",
    "Kettle K1",
    "Lumen L4",
    "Mist M2",
    "Pura J1",
    "Alexa",
    "Google Home",
    "PayPal",
    "Klarna",
    "Visa",
    "Leeds",
    "Venlo",
    "Germany",
    "France",
    "Malta",
    "DHL",
    "DPD",
    "Royal Mail",
    "微信",
    "支付宝",
    "天猫",
    "京东",
    "顺丰",
    "苏州",
    "上海",
    "香港",
    "新疆",
    "西藏",
    "F300S",
    "F300",
]
_UNITS = {
    "en": [
        ("minutes", "hours"),
        ("hours", "days"),
        ("working days", "weeks"),
        ("days", "weeks"),
        ("months", "years"),
        ("years", "months"),
        ("weeks", "months"),
        ("seconds", "minutes"),
        ("£", "€"),
        ("€", "£"),
        ("kg", "g"),
        ("W", "kW"),
        ("ml", "litres"),
        ("mm", "cm"),
        ("cm", "m"),
        ("litres?", "ml"),
        ("m²", "m³"),
        ("per cent", "days"),
        ("°C", "°F"),
    ],
    "zh": [
        ("分钟", "小时"),
        ("小时", "天"),
        ("个工作日", "周"),
        ("天", "个月"),
        ("个月", "年"),
        ("年(?! ?\\d)", "个月"),
        ("周", "个月"),
        ("秒", "分钟"),
        ("元", "美元"),
        ("公斤", "克"),
        ("毫升", "升"),
        ("(?<!毫)升", "毫升"),
        ("毫米", "厘米"),
        ("W", "kW"),
        ("kg", "g"),
    ],
}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DENIED = {
    "en": [
        (r"\bcannot\b", "can"),
        (r"\b(can|may|must|is|are|does|do|will|has|was) not\b", r"\1"),
        (r"\bNo\b(?= [a-z])", "A"),
        (r"\bno\b(?= [a-z])", "a"),
        (r"\bwithout\b", "with"),
        (r"\bnever\b", "always"),
    ],
    "zh": [
        ("不可以", "可以"),
        ("不能", "能"),
        ("不支持", "支持"),
        ("不会", "会"),
        ("没有", "有"),
        ("无需", "需要"),
        ("无法", "可以"),
        ("请勿|切勿", "请"),
        ("不可", "可"),
    ],
}
_ASSERTED = {
    "en": [
        (r"\b(can|may|must|will)\b", r"\1 not"),
        (r"\b(is|are|was)\b", r"\1 not"),
        (r"\b(works|applies|supports)\b", r"never \1"),
        (r"^(Open|Put|Use|Wash|Press|Hold|Clean|Fill|Remove|Keep|Take|Choose)\b", r"Do not \1"),
    ],
    "zh": [
        ("可以", "不可以"),
        ("支持", "不支持"),
        ("需要", "不需要"),
        ("会(?!员)", "不会"),
        ("(?<!功)能(?!量|效)", "不能"),
        ("可(?=申请|选|用|在|退)", "不可"),
    ],
}
_DENIAL = re.compile(r"\b(?:no|not|never|without|cannot|nor|neither|un\w+)\b|n't|不|没|无|勿|未|除外", re.I)
_CONDITIONS = {
    "en": [
        r",? (?:if|when|provided|as long as) [^,;:.]+(?=[.,;]|$)",
        r"^(?:If|When) [^,;:.]+, ",
        r",? after [^,;:.]{8,}(?=[.;])",
        r"^After [^,]+, ",
    ],
    "zh": [
        r"^[^，。；]{0,4}(?:如果|如|若)[^，。；]+，",
        r"^[^，。；]{4,}(?:时|后|的情况下)，",
        r"，(?:前提是|但须|需在)[^，。；]+",
    ],
}
_RESTRICTIONS = {
    "en": [r",? unless [^,;:.]+", r",? except [^,;:.]+", r"\bonly (?=\w)", r"\bexclusively ", r" only\b"],
    "zh": [
        r"，[^，。；]{2,}除外",
        r"仅限?",
        r"(?<!不)只(?=[有能支在可换对要接])",
        r"除非[^，。；]+，",
        r"除[^，。；]+外，",
    ],
}
_TURNED = {
    "en": [
        ("more than", "less than"),
        ("less than", "more than"),
        ("up to", "more than"),
        ("at least", "at most"),
        ("above", "below"),
        ("below", "above"),
        ("before", "after"),
        ("after", "before"),
        ("within", "after"),
        ("over", "under"),
        ("longer", "shorter"),
        ("higher", "lower"),
        ("open", "close"),
        ("switch on", "switch off"),
        ("left", "right"),
        ("first", "last"),
        ("from", "until"),
    ],
    "zh": [
        ("以上", "以下"),
        ("以下", "以上"),
        ("以内", "以上"),
        ("超过", "不足"),
        ("至少", "最多"),
        ("最多", "至少"),
        ("之前", "之后"),
        ("之后", "之前"),
        ("(?<=\\d 天)内", "后"),
        ("高于", "低于"),
        ("低于", "高于"),
        ("以前", "以后"),
        ("以后", "以前"),
        ("不足", "超过"),
        ("打开", "关闭"),
        ("长于", "短于"),
        ("左侧", "右侧"),
        ("右侧", "左侧"),
        ("(?<=[装货款收])后", "前"),
        ("早", "晚"),
    ],
}
_MODAL = {
    "en": [
        ("must", "may"),
        ("should", "must"),
        ("may", "must"),
        ("can", "must"),
        ("recommend", "require"),
        ("have to", "can"),
    ],
    "zh": [
        ("必须", "可以"),
        ("建议", "必须"),
        ("(?<!不)可以", "必须"),
        ("需要", "可以"),
        ("务必", "可以"),
        ("须", "可"),
    ],
}
_AMOUNT = {
    "en": [
        (r"\b[Aa]ll\b", "some"),
        (r"\bSome\b", "All"),
        (r"\bsome\b", "all"),
        (r"\b[Mm]ost\b", "all"),
        (r"\b[Ee]very (?=[a-z])", "some "),
        (r"\ba few\b", "all"),
        (r"\busually\b", "always"),
        (r"\b[Bb]oth\b", "neither"),
    ],
    "zh": [
        ("所有", "部分"),
        ("全部(?!订)", "部分"),
        ("部分", "所有"),
        ("多数", "所有"),
        ("每个?(?=[单件台])", "部分"),
        ("一般", "始终"),
        ("都", "部分"),
    ],
}
_ROLES = {
    "en": [
        (r"\b(?:you|the customer)\b", "we"),
        (r"\bwe\b", "you"),
        (r"\bour\b", "your"),
        (r"\byour\b", "our"),
        (r"\bus\b", "you"),
    ],
    "zh": [("您|买家|客户(?!端|服)|顾客", "我们"), ("我们", "您"), ("商家", "买家")],
}
_ADDED = {
    "en": [
        "and comes with a spare battery in the box",
        "and a technician visits your home",
        "which also lowers your electricity bill",
        "and earns double loyalty points",
        "and includes a printed recipe book",
        "because the factory moved last winter",
        "and it plays music through its loudspeaker",
        "which was awarded a design prize",
        "and the manager signs a certificate",
        "and stays fresh in the refrigerator",
        "and pets enjoy it",
        "which most doctors praise",
    ],
    "zh": [
        "并且随箱附赠备用电池",
        "还会有技师上门指导",
        "同时能降低家里的电费",
        "并可获得双倍会员积分",
        "而且附送一本食谱",
        "因为去年冬天工厂搬迁了",
        "还能播放音乐",
        "并曾荣获设计大奖",
        "由经理签字确认",
        "放进冰箱也能保鲜",
        "宠物也很喜欢",
        "深受医生好评",
    ],
}


def rules(language: Language) -> Mapping[str, Rule]:
    """The rules of a language by the kind of pair that they make."""
    return {
        "number": _number,
        "unit": lambda text, _, chance: _unit(text, _UNITS[language], chance),
        "date": _date,
        "name": _name,
        "negation": lambda text, _, chance: _negation(text, language, chance),
        "condition dropped": lambda text, _, chance: _dropped(text, _CONDITIONS[language], chance),
        "restriction dropped": lambda text, _, chance: _dropped(text, _RESTRICTIONS[language], chance),
        "direction": lambda text, _, chance: _exchange(text, _worded(_TURNED[language], language), chance),
        "modality": lambda text, _, chance: _exchange(text, _modals(language), chance),
        "quantifier": lambda text, _, chance: _exchange(text, _AMOUNT[language], chance),
        "who does what": lambda text, _, chance: _exchange(text, _ROLES[language], chance, flags=re.I),
        "values swapped": _swapped,
        "claim added": lambda text, _, chance: _added(text, language, chance),
    }


def _number(text: str, others: str, chance: random.Random) -> str:
    """One number becomes another: half of them one that stands elsewhere in the passages."""
    places = [each for each in _NUMBER.finditer(text) if each.start() > 3]
    if not places:
        return ""
    place = chance.choice(places)
    borrowed = sorted({each for each in _NUMBER.findall(others) if each not in text and len(each) < 5})
    value = chance.choice(borrowed) if borrowed and chance.random() < 0.5 else _near(place.group(), chance)
    return text[: place.start()] + value + text[place.end() :]


def _near(number: str, chance: random.Random) -> str:
    at = chance.choice([at for at, each in enumerate(number) if each.isdigit()])
    return number[:at] + str((int(number[at]) + chance.randint(1, 8)) % 9 + 1) + number[at + 1 :]


def _unit(text: str, table: Sequence[tuple[str, str]], chance: random.Random) -> str:
    signs = [(re.escape(old), new) for old, new in table if old in "£€" and old in text]
    fitting = signs + [(rf"(?<=\d)(\s?){old}(?![A-Za-z])", rf"\g<1>{new}") for old, new in table if old not in "£€"]
    return _exchange(text, fitting, chance)


def _date(text: str, _: str, chance: random.Random) -> str:
    day = (
        rf"\b\d{{1,2}}(?= (?:{_MONTHS})\b)|(?<=月) ?\d{{1,2}}(?= ?日)|(?<=\d年)\d{{1,2}}(?=月)|(?<=年 )\d{{1,2}}(?= 月)"
    )
    places = list(re.finditer(rf"{day}|(?<=\d )(?:{_MONTHS})\b|\b20\d\d(?= ?年)|(?<=[a-z] )20\d\d\b", text))
    if not places:
        return ""
    place = chance.choice(places)
    old = place.group().strip()
    months = [each for each in _MONTHS.split("|") if each != old]
    new = (
        str(int(old) + chance.choice([1, 2, 3]) if int(old) < 9 or len(old) == 4 else int(old) - 3)
        if old.isdigit()
        else chance.choice(months)
    )
    return text[: place.start()] + place.group().replace(old, new) + text[place.end() :]


def _name(text: str, others: str, chance: random.Random) -> str:
    here = [each for each in _NAMES if _stands(each, text)]
    if not here:
        return ""
    old = here[0]
    alike = [each for each in _NAMES if _sort(each) == _sort(old) and not _stands(each, text) and not _one(each, old)]
    near = [each for each in alike if _stands(each, others)]
    new = chance.choice(near or alike) if near or alike else ""
    return re.sub(rf"(?<![A-Za-z\d]){re.escape(old)}(?![A-Za-z\d])", new, text) if new else ""


def _stands(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z\d]){re.escape(name)}(?![A-Za-z\d])", text))


def _one(name: str, other: str) -> bool:
    """Whether one name is the end of the other: "R2 Pro" is the Sweep R2 Pro."""
    return name.endswith(other) or other.endswith(name)


def _sort(name: str) -> str:
    """Names that may stand for each other: models with digits, Chinese words, other names."""
    return "model" if re.search(r"\d|One", name) else "word" if name.isascii() else "han"


def _negation(text: str, language: Language, chance: random.Random) -> str:
    """A denial taken away, or put in where there is none."""
    table = _DENIED[language] if _DENIAL.search(text) else _ASSERTED[language]
    return _exchange(text, table, chance, first=True)


def _exchange(
    text: str, table: Sequence[tuple[str, str]], chance: random.Random, first: bool = False, flags: int = 0
) -> str:
    fitting = [(old, new) for old, new in table if re.search(old, text, flags)]
    if not fitting:
        return ""
    old, new = fitting[0] if first else chance.choice(fitting)
    return re.sub(old, new, text, count=1, flags=flags)


def _worded(table: Sequence[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    return [(rf"\b{old}\b", new) for old, new in table] if language == "en" else list(table)


def _modals(language: Language) -> list[tuple[str, str]]:
    """Without those denied: "may not" and "must not" say the same."""
    return [
        (f"{old}(?! not)" if language == "en" else f"(?<![不无]){old}", new)
        for old, new in _worded(_MODAL[language], language)
    ]


def _dropped(text: str, patterns: Sequence[str], chance: random.Random) -> str:
    fitting = [each for each in patterns if re.search(each, text)]
    if not fitting:
        return ""
    rest = re.sub(chance.choice(fitting), "", text, count=1).strip()
    return rest[0].upper() + rest[1:] if len(rest) > 6 else ""


def _swapped(text: str, _: str, chance: random.Random) -> str:
    """The first two different numbers exchanged, where both count the same."""
    found = [(each, re.match(r"\s?([^\s\d,.;，。；]*)", text[each.end() :])) for each in _NUMBER.finditer(text)]
    pairs = [
        (one, other)
        for at, (one, after) in enumerate(found)
        for other, behind in found[at + 1 :]
        if after
        and behind
        and after[1][:2] == behind[1][:2]
        and one.group() != other.group()
        and not re.fullmatch(r"\s?(?:[-–/×x、~～]|to|or|and|至|到|或|和)\s?.{0,3}", text[one.end() : other.start()])
    ]
    if not pairs:
        return ""
    one, other = chance.choice(pairs)
    return text[: one.start()] + other.group() + text[one.end() : other.start()] + one.group() + text[other.end() :]


def _added(text: str, language: Language, chance: random.Random) -> str:
    if text[-1] not in ".。":
        return ""
    claim = chance.choice(_ADDED[language])
    return f"{text[:-1]}，{claim}。" if language == "zh" else f"{text[:-1]} {claim}."
