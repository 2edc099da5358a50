"""What kind of thing a question asks for: a price, a duration, a time, a name, a reason; and whether a text holds one. Pure.

Told by the form of the question and by units and patterns in the text; understands nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.quantities import quantities, units
from rag.text import folded

_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"half|third|quarter|dozen|hundred|thousand|million|billion|once|twice|several|none"
)
_HAN_DIGITS = "一二两三四五六七八九十百千万亿半"
_NUMBER = rf"\d[\d.,:]*|\b(?:{_NUMBER_WORDS})\b|[{_HAN_DIGITS}]+(?=[^{_HAN_DIGITS}是般])"
_TIME = (
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b\d{1,2}(?::\d\d| ?[ap]\.?m)|\b\d+(?:st|nd|rd|th)\b|\b(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bcentury\b|"
    r"\b(?:days?|weeks?|months?|years?|hours?|minutes?)\b|[\d一二三四五六七八九十〇零]+ ?个?[年月日天周点时小]|世纪|年代|期间"
)
_NAME = r"(?<=[a-z\d,;:)] )(?!I\b)[A-Z][\w'’-]+|^[A-Z][\w'’-]+ [A-Z][\w'’-]+"
_MONEY = frozenset(("gbp", "eur", "usd", "cny", "hkd", "twd"))
_DURATION = frozenset(("second", "minute", "hour", "working day", "day", "week", "month", "year"))
_PERCENT = frozenset(("%",))
_COLOUR = (
    r"\b(?:black|white|gr[ae]y|silver|gold(?:en)?|red|green|blue|yellow|orange|pink|purple|brown|beige|ivory|cream|copper)\b"
    r"|[黑白灰银金红绿蓝黄橙粉紫棕米][色灰白黑]|[曜墨珍]\w?[黑白灰]"
)
_WEIGHT, _LOUDNESS, _POWER = frozenset(("kg", "g")), frozenset(("db",)), frozenset(("w", "kw"))


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a form of question asks for: a pattern, or a quantity in one of these units."""

    asked: re.Pattern[str]  # in the folded question, in small letters
    answer: re.Pattern[str]
    units: frozenset[str] = frozenset()
    telling: bool = False  # a text without one does not answer

    def stands_in(self, text: str) -> bool:
        """Whether a text holds one at all."""
        if self.units:
            return bool(self.units & (units(text) | {unit for _, unit in quantities(text)}))
        return bool(self.answer.search(folded(text)))


def _kind_of(asked: str, answer: str, units: frozenset[str] = frozenset(), telling: bool = False) -> _Kind:
    pattern = re.compile(answer, 0 if answer.startswith(_NAME) else re.I)
    return _Kind(re.compile(asked), pattern, units, telling or bool(units))


_KINDS = (
    _kind_of(r"\b(?:tele)?phone\b|\bhotline\b|电话|热线", r"\d{3,4}[ -]\d{3}[ -]\d{3,4}"),
    _kind_of(r"\be-?mail address\b|邮箱", "@"),
    _kind_of(r"\bhow heavy|\bweigh|多重|重量", _NUMBER, _WEIGHT),
    _kind_of(r"\bhow (?:loud|noisy)|\bdecibels?\b|噪[音声]|分贝", _NUMBER, _LOUDNESS),
    _kind_of(
        r"\bhow many (?:kilo)?watts\b|\bwattage\b|\b(?:max(?:imum)?|rated) power\b|多少瓦|几瓦|瓦数|功率",
        _NUMBER,
        _POWER,
    ),
    _kind_of(r"\b(?:interest|percent(?:age)?|tax) rate\b|\bwhat percent|利率|利息|百分之几|税率", _NUMBER, _PERCENT),
    _kind_of(r"\b(?:which|what) (?:\w+ )?colou?rs?\b(?! temp)|什么颜色|哪[些几]种?颜色", _COLOUR, telling=True),
    _kind_of(
        r"\bprice|\bcosts?\b|\bhow much (?:is|are|for)\b|\bhow much (?:does|do|did|would|will)\b.*\b(?:costs?|charge|pay)\b"
        r"|\bfees?\b|\bdeduct|\bwhat (?:would|will|do) you charge\b"
        r"|多少钱|价格|售价|费用|收费|要钱|几块钱|运费",
        _NUMBER,
        _MONEY,
    ),
    _kind_of(
        r"\bhow long (?:do|does|did|will|is|can|must|should|have)\b|\bhow many (?:days|weeks|months|hours|minutes|years)\b"
        r"|多久|多长时间|多少[天个]?(?:天|小时|月|年)|几(?:天|个月|小时|分钟|年)",
        _NUMBER,
        _DURATION,
    ),
    _kind_of(
        r"\bhow (?:many|much|often|long|old|far|big|large|high|tall|fast|wide)\b|"
        r"\bwhat (?:percent|proportion|number|amount|size|temperature|fraction)|"
        r"多少|多久|多长|多大|多高|多远|多快|几[个次天年种位名部张家集岁小款]|第几",
        _NUMBER,
    ),
    _kind_of(
        r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|time|hours)\b|几点|"
        r"什么时候|何时|哪一?[年天月日]|几[月日点号]|什么时间|何年",
        _TIME,
    ),
    _kind_of(
        r"\bwho(?:se|m)?\b|\b(?:which|what) (?:person|people|company|group|organi[sz]ation)|谁|哪位|何人|哪个人|什么人",
        rf"{_NAME}|[·•]|先生|女士|教授|博士|公司|[由被][^，。]{{2,}}|者",
    ),
    _kind_of(
        r"\bwhere\b|\b(?:which|what) (?:country|city|state|place|town|region|river|continent)|"
        r"哪里|哪儿|何处|何地|什么地方|哪个?(?:国家|城市|省|市|县|地区)|位于哪",
        rf"{_NAME}|[省市县区镇村州国岛路街号]|位于|坐落|地址",
    ),
    _kind_of(
        r"\bwhy\b|\bwhat (?:caused|is the reason)|为什么|为何|原因|为啥",
        r"\bbecause\b|\bdue to\b|\bsince\b|\bso that\b|\bin order to\b|\bcaus|因|由于|所以|为了|导致|使",
    ),
)


def kind_fit(asked: str, text: str) -> tuple[float, float]:
    """(kind, measure), of which the one is 0 that was not asked for: 1 where the sentence holds something of the kind
    asked for that the question does not give, −1 where it lacks it. A measure is a kind that an answer must hold."""
    kind = _asked_for(asked)
    if kind is None:
        return 0.0, 0.0
    if kind.units and not kind.stands_in(text):
        return 0.0, -1.0
    lower = folded(asked).lower()
    found = (match.group().lower() for match in kind.answer.finditer(folded(text)))
    fits = 1.0 if any(each not in lower for each in found) else -1.0
    return (0.0, fits) if kind.telling else (fits, 0.0)


def measure_missing(asked: str, texts: Iterable[str]) -> bool:
    """Whether a question asks for something that an answer must hold, and none of the texts does."""
    kind = _asked_for(asked)
    return kind is not None and kind.telling and not any(map(kind.stands_in, texts))


def _asked_for(asked: str) -> _Kind | None:
    lower = folded(asked).lower()
    return next((each for each in _KINDS if each.asked.search(lower)), None)
