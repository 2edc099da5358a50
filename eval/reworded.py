"""Rules that say the same in other words: each takes a sentence and gives it reworded, or nothing where it does not fit.

The words exchanged here were chosen without regard to `rag/synonyms.py`. Pure functions over text and a source of chance.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

import opencc

from rag.types import Language

Rule = Callable[[str, random.Random], str]  # the sentence reworded; the same or empty where the rule does not fit

_EXCHANGED = {
    "en": [
        ("appliance", "device"),
        ("buy", "purchase"),
        ("choose", "select"),
        ("about", "approximately"),
        ("keep", "store"),
        ("wait for", "await"),
        ("(?<=is )free(?=[.,]| with| in| from)", "at no charge"),
        ("customers", "buyers"),
        ("parcel", "package"),
        ("send", "ship"),
        ("remove", "take out"),
        ("put", "place"),
        ("delivery", "shipping"),
        ("contact", "get in touch with"),
        ("every", "each"),
        ("cannot be", "can't be"),
        ("within", "in less than"),
        ("e-mail", "email"),
        ("faulty", "defective"),
        ("replace", "change"),
        ("start", "begin"),
        ("shop", "store"),
        ("show", "display"),
        ("last", "keep"),
        ("up to", "at most"),
        ("at least", "no less than"),
        ("need", "require"),
        ("price", "cost"),
        ("fill in", "complete"),
        ("telephone", "phone"),
        ("switch off", "turn off"),
        ("arrive", "get there"),
        ("large", "big"),
        ("show", "indicate"),
    ],
    "zh": [
        ("可以", "可"),
        ("需要", "需"),
        ("如果", "若"),
        ("约", "大约"),
        ("购买", "买"),
        ("更换", "换"),
        ("联系", "找"),
        ("使用", "用"),
        ("无法", "不能"),
        ("以内", "之内"),
        ("必须", "务必"),
        ("手机", "电话"),
        ("至少", "不少于"),
        ("最多", "不超过"),
        ("退款", "退钱"),
        ("运费", "邮费"),
        ("商品", "产品"),
        ("选择", "选"),
        ("寄回", "退回"),
        ("免费", "不收费"),
        ("显示", "出现"),
        ("保修", "质保"),
        ("取出", "拿出"),
        ("清洗", "洗"),
        ("关闭", "关掉"),
        ("打开", "开启"),
        ("客服", "客户服务"),
        ("维修", "修理"),
    ],
}
_FILLER = {
    "en": r"\b(?:please|simply|also|then|usually|normally|at the moment|however|again|directly|always) ",
    "zh": r"一般|通常|也|即可|随后|目前|建议先|请(?!勿|求|示)",
}
_CONTRACTED = [
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("cannot", "can't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("will not", "won't"),
    ("it is", "it's"),
    ("you will", "you'll"),
    ("we will", "we'll"),
]
_DIGITS = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_HAN = dict(zip("二三四五六七八九十", range(2, 11), strict=True))
_UNITS = {
    "en": [
        ("kg", "kilograms"),
        ("min", "minutes"),
        ("ml", "millilitres"),
        ("W", "watts"),
        ("per cent", "%"),
        ("litre", "l"),
        ("m²", "square metres"),
        ("cm", "centimetres"),
        ("mm", "millimetres"),
        ("seconds", "s"),
        ("hours", "h"),
    ],
    "zh": [
        ("kg", "公斤"),
        ("m²", "平方米"),
        ("平方米", "平米"),
        ("mm", "毫米"),
        ("毫米", "mm"),
        ("小时", "个小时"),
        ("分贝", "dB"),
        ("W", "瓦"),
        ("升", "L"),
        ("毫升", "ml"),
        ("公斤", "千克"),
        ("秒", "秒钟"),
    ],
}
_MONTHS = "January February March April May June July August September October November December".split()
_to_traditional = opencc.OpenCC("s2t")
_to_simplified = opencc.OpenCC("t2s")


def rules(language: Language) -> Mapping[str, Rule]:
    """The rules of a language by the kind of pair that they make."""
    both: dict[str, Rule] = {
        "synonym": lambda text, chance: _exchange(text, _EXCHANGED[language], language, chance),
        "filler": lambda text, _: re.sub(_FILLER[language], "", text, count=1, flags=re.I),
        "unit written out": lambda text, chance: _unit(text, _UNITS[language], chance),
        "part": _part,
        "marker": lambda text, chance: f"{chance.randint(1, 9)}. {text}",
    }
    if language == "zh":
        return both | {
            "script": _script,
            "number word": _han_number,
            "date form": _han_date,
            "reorder": _han_reorder,
            "you, the customer": _han_person,
        }
    return both | {
        "contraction": lambda text, chance: _exchange(text, _CONTRACTED, "en", chance),
        "passive": _passive,
        "number word": _number,
        "date form": _date,
        "reorder": _reorder,
        "you, the customer": _person,
    }


def merged(one: str, other: str, language: Language) -> str:
    """Two sentences of a passage as one."""
    if language == "zh":
        return f"{one.rstrip('。；！')}，{other}"
    return f"{one.rstrip('.;!')}, and {other if other[:2].isupper() else other[0].lower() + other[1:]}"


def _exchange(text: str, table: list[tuple[str, str]], language: str, chance: random.Random) -> str:
    edge = r"\b" if language == "en" else ""
    fitting = [pair for pair in table if re.search(f"{edge}{pair[0]}{edge}", text)]
    if not fitting:
        return ""
    old, new = chance.choice(fitting)
    return re.sub(f"{edge}{old}{edge}", new, text, count=1)


def _unit(text: str, table: list[tuple[str, str]], chance: random.Random) -> str:
    fitting = [(old, new) for old, new in table if re.search(rf"(?<![A-Za-z])\d\s?{old}(?![A-Za-z])", text)]
    if not fitting:
        return ""
    old, new = chance.choice(fitting)
    return re.sub(rf"(?<![A-Za-z])(\d+)\s?{old}(?![A-Za-z])", rf"\1 {new}", text)


def _part(text: str, _: random.Random) -> str:
    """What stands before the first semicolon, where that says something by itself."""
    first, mark, _rest = re.sub("；", ";", text).partition(";")
    return f"{first}." if mark and len(first) > 12 and not re.search("if|unless|只|如|除", first) else ""


def _number(text: str, _: random.Random) -> str:
    back = {str(value): word for word, value in _DIGITS.items()}
    given = re.sub(r"(?<![\w.,/-])(\d\d?)(?= [a-z]{4,})", lambda match: back.get(match[1], match[1]), text, count=1)
    if given != text:
        return given
    return re.sub(rf"\b({'|'.join(_DIGITS)})(?= [a-z])", lambda match: str(_DIGITS[match[1]]), text, count=1)


def _han_number(text: str, _: random.Random) -> str:
    back = {str(value): word for word, value in _HAN.items()}
    return re.sub(
        r"(?<![\d.–:-])([2-9])\s?(?=个月|个工作日|年|次(?!方)|周|天|分钟|小时)",
        lambda match: "两" if match[1] == "2" else back[match[1]],
        text,
        count=1,
    )


def _date(text: str, chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        day, month, year = match[1], match[2], match[3] or ""
        if year and chance.random() < 0.4:
            return f"{year.strip()}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
        return f"{month[:3]} {day}," + year if year else f"{month} {day}"

    return re.sub(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})( \d{{4}})?", other, text)


def _han_date(text: str, chance: random.Random) -> str:
    form = chance.choice(["{}-{:02}-{:02}", "{}/{}/{}"])
    pattern = r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日"
    return re.sub(pattern, lambda match: form.format(match[1], int(match[2]), int(match[3])), text)


def _reorder(text: str, _: random.Random) -> str:
    """A leading condition or time goes to the end, or the other way round."""
    lead = re.fullmatch(r"((?:If|When|After|Before|In|For|On|Within|During) [^,;:.]{4,60}), ([^;:,]+)\.", text)
    if lead:
        return f"{lead[2][0].upper()}{lead[2][1:]} {lead[1][0].lower()}{lead[1][1:]}."
    tail = re.fullmatch(r"((?!\d|[•-] )[^;:,]{12,}?),? ((?:if|when|after|before|unless) (?!that)[^,;:.]{6,60})\.", text)
    return f"{tail[2][0].upper()}{tail[2][1:]}, {tail[1][0].lower()}{tail[1][1:]}." if tail else ""


def _han_reorder(text: str, _: random.Random) -> str:
    """Two clauses exchanged where neither leans on the other."""
    two = re.fullmatch(r"([^，。；：]{5,})，([^，。；：不但也就则再并而]{5,})。", text)
    return f"{two[2]}，{two[1]}。" if two and not re.match("如|若|只|因|先|由|第", two[1]) else ""


def _passive(text: str, _: random.Random) -> str:
    passive = re.fullmatch(r"((?:[A-Z][\w-]+ ){0,4}\w+) (can|may|must) (not )?be (\w+)ed\b(.*)", text)
    if passive:
        subject, modal, negation, verb, rest = passive.groups()
        subject = subject if subject[1:2].isupper() or " " not in subject else subject[0].lower() + subject[1:]
        return f"You {modal} {negation or ''}{verb} {subject}{rest}"
    active = re.fullmatch(
        r"You (can|may|must) (not )?(return|order|clean|wash|collect|open|fill) ((?:an?|the) \w+)\b(.*)", text
    )
    if active:
        modal, negation, verb, thing, rest = active.groups()
        return (
            f"{thing[0].upper()}{thing[1:]} {modal} {negation or ''}be {verb}{'led' if verb == 'fil' else 'ed'}{rest}"
        )
    return ""


def _person(text: str, _: random.Random) -> str:
    if re.search(r"\b[Yy]our|you'|\bus\b", text) or not re.search(r"\b[Yy]ou (?:can|may|must|will|pay)\b", text):
        return ""
    return re.sub(r"\byou\b", "the customer", re.sub(r"\bYou\b", "The customer", text), count=1)


def _han_person(text: str, chance: random.Random) -> str:
    return re.sub("您|买家", lambda match: "客户" if match[0] == "您" else chance.choice(["您", "顾客"]), text)


def _script(text: str, _: random.Random) -> str:
    traditional = str(_to_traditional.convert(text))
    return traditional if traditional != text else str(_to_simplified.convert(text))
