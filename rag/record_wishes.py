"""Which of their own orders a customer asks about, and what of them: told by words and patterns, as in `wishes.py`.

"Where is my order?" is answered from a record; "how do I track my order?" is a question that documents answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.small_talk import any_of
from rag.text import normalise
from rag.types import Query, Turn

Topic = Literal["state", "arrival", "tracking", "items", "total", "list"]


@dataclass(frozen=True, slots=True)
class Asked:
    """`topic` is what the customer wants to know, of `numbers` (as they or the assistant wrote them) or, without, of any."""

    topic: Topic
    numbers: tuple[str, ...] = ()
    newest: bool = False


# Numbers that could be an order's, as shops give them: letters, perhaps a region, at least four digits.
_NUMBER = re.compile(r"(?<![a-z0-9-])[a-z]{1,4}(?:-[a-z]{2})?-?\d{4,12}(?![a-z0-9-])")
_DIGITS = re.compile(r"(?<![a-z0-9.,-])#?\d{4,12}(?![a-z0-9.,-]*[a-z0-9])")
_ORDERED = r"(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipments?|purchases?)"
_TRACKING = any_of(
    r"\btracking\b(?! (?:mail|page))|\b(?:carrier|courier)\b",
    r"(?:快递|物流|运单)的?(?:单?号|公司)|(?:哪家|什么)快递|单号",
)
_ITEMS = any_of(
    r"\bitems?\b|\bcontains?\b|\bwhat(?:'s| is| was) in\b|\bwhat (?:exactly )?(?:did|have) i\b",
    r"(?:买|订|下单)[过了]?(?:的是)?(?:什么|哪些|啥)(?!时候)|里面?[都]?(?:有|是)(?:什么|哪些)|哪些(?:商品|东西)|商品清单",
)
_TOTAL = any_of(r"\bhow much\b|\btotal\b|\bcosts?\b|\b(?:did )?i pay\b", r"多少钱|金额|总价|总额")
_LIST = any_of(
    r"\b(?:list|show|all|which|what are)\b[^.?!]{0,20}\borders\b|\b(?:do|have) i\b[^.?!]{0,20}\b(?:open |any )orders\b",
    r"(?:哪些|所有|全部|几个|多少个?)[^。？！，]{0,4}订单|订单(?:列表|有哪些)",
)
_ARRIVAL = any_of(
    r"\bwhen\b|\barriv\w*|\bexpect\w*|\beta\b|\bhow long\b|\bdeliver(?:ed|y date)\b|\bgot? here\b|\blate\b",
    r"什么时候|几时|哪天|几号|多久|何时|送到|送达|到货|签收",
)
_STATE = any_of(
    r"\bwhere\b|\bstatus\b|\bshipped\b|\bdispatched\b|\bsent\b|\bcoming\b",
    r"\bon (?:its|the) way\b|\btrack\b|\bhappen\w*|\bgoing on\b",
    r"到哪|在哪|状态|进度|发货|物流|怎么样了|怎么还",
)
_TOPICS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    ("list", _LIST),
    ("tracking", _TRACKING),
    ("items", _ITEMS),
    ("total", _TOTAL),
    ("arrival", _ARRIVAL),
    ("state", _STATE),
)
_NEWEST = any_of(r"\b(?:last|latest|newest|most recent)\b", r"最近|最新|上(?:一个|一单|次|个)|刚[才刚]?[买订下]")
# Something they bought is on its way: "when will my humidifier arrive?". Money, papers and messages come otherwise.
_COMES_OTHERWISE = (
    r"(?:refunds?|money|invoices?|receipts?|replies|reply|answers?|e-?mails?|mails?|codes?|links?|labels?|vouchers?|cards?|"
    r"points?|payments?|credits?|repairs?|replacements?|returns?|account|password|app|engineer|technician)"
)
_COME = r"(?:arriv\w+|come|coming|(?:been )?(?:sent|shipped|dispatched|delivered)|get here|got here|turn up|on (?:its|the) way)"
_COMES_OTHERWISE_ZH = r"退款|钱|发票|收据|回复|邮件|短信|验证码|积分|优惠|券|账号|密码|维修|师傅|换货|退货|补发"
_BOUGHT = any_of(
    r"\b(?:when|what day|has|have|is|was|did|will|are)\b[^.?!]{0,16}"
    rf"\bmy (?:(?!{_COMES_OTHERWISE}\b)[\w-]+ ){{1,4}}(?:(?:be|been|going to|still|already|finally) )*{_COME}\b",
    rf"\b(?:which|what) (?:carrier|courier)\b[^.?!]{{0,12}}\bmy (?!{_COMES_OTHERWISE}\b)",
    rf"我(?:的|买的|订的)(?:(?!{_COMES_OTHERWISE_ZH})[^。？！，]){{1,10}}?(?:什么时候|几时|哪天|何时|几号)(?:才|能|会|可以)*(?:到|送|发|寄)",
    rf"我(?:的|买的|订的)(?:(?!{_COMES_OTHERWISE_ZH})[^。？！，]){{1,10}}?(?:发货|发出|寄出|送到|寄到|到货|发)了?[吗没]",
)
# What is theirs for certain, beside what `wishes.py` takes for a wish about an order.
_OWN = any_of(
    r"(?:^|[.!?] )(?:(?!\b(?:how|where) (?:do|can|could|should)\b)[^.?!]){0,24}"
    r"\b(?:list|show|see|which|what)\b[^.?!]{0,12}\bmy (?:\w+ )?orders\b",
    r"\b(?:what|which)(?: \w+)? (?:did|have) i (?:\w+ )?(?:order|buy|bought|purchase)(?:ed|d)?\b(?! (?:from|if))",
    rf"\bwhat(?:'s| is| was) (?:in|inside) my (?:\w+ )?{_ORDERED}\b|\bwhat(?:'s| is) my tracking (?:number|code|id)\b",
    rf"\bwhen (?:was|were|did) my (?:\w+ )?{_ORDERED}\b|\bhow much (?:did i pay for|was|is) my (?:\w+ )?(?:order|purchase)\b",
    r"\b(?:do|have) i (?:have )?(?:any |an? )?open orders?\b|\bwhich (?:of my )?orders (?:are|do i|have i)\b",
    r"我(?:最近|上次|之前|都|一共|刚)*(?:买|订|下单)[过了]?(?:的是)?(?:什么|哪些|啥)(?!时候)",
    r"我(?:有|还有)(?:哪些|几个|多少个?|没有?)[^。？！，]{0,6}订单|我的(?:快递|物流|运单)的?单?号(?:码)?是?(?:多少|什么)",
    r"我的[^。？！，]{0,6}(?:订单|包裹)里?面?(?:都)?(?:有哪些|有什么|是什么|多少钱|总价|金额)",
    r"[查看](?:一?下)?(?:我的?)?(?:所有|全部|最近)的?订单",
    r"我的?(?:订单|包裹|快递)(?:是)?(?:什么时候|哪天|几号|何时)",
)


def asked(query: Query, turns: Sequence[Turn], own: Sequence[str] = ()) -> Asked | None:
    """What the newest message asks of records; None where it is nothing of theirs. `own`: the asker's order numbers."""
    if query.wish not in ("order", "question"):
        return None
    plain = normalise(query.text).replace("’", "'")
    topic = next((name for name, pattern in _TOPICS if pattern.search(plain)), None)
    numbers = _numbers(plain, own)
    if query.wish != "order" and not (_OWN.search(plain) or _BOUGHT.search(plain)):
        if numbers:
            if topic is None and not _only_number(plain, numbers):
                return None
        elif topic is None or not (query.leans and (numbers := _spoken_of(turns, own))):
            return None
    numbers = numbers or (_digits(plain) if query.wish == "order" else ())
    return Asked(topic or "state", numbers, bool(_NEWEST.search(plain)))


def bare(number: str) -> str:
    """An order number as it is compared: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", normalise(number))


def _numbers(plain: str, own: Sequence[str]) -> tuple[str, ...]:
    """Order numbers in a message: their own however they are spaced, and whatever looks like another."""
    found = dict[str, str]()
    for number in own:
        parts = re.findall(r"[a-z]+|\d+", normalise(number))
        spaced = r"[\s#-]*".join(map(re.escape, parts))
        digits = rf"|(?<![a-z0-9-]){parts[-1]}(?![a-z0-9-])" if parts and len(parts[-1]) >= 4 else ""
        if parts and re.search(rf"(?<![a-z0-9])(?:{spaced})(?![a-z0-9]){digits}", plain):
            found[bare(number)] = number
    for match in _NUMBER.finditer(plain):
        found.setdefault(bare(match.group()), match.group().upper())
    return tuple(found.values())


def _digits(plain: str) -> tuple[str, ...]:
    """A number without letters, where it is too long for a year."""
    return tuple(each.lstrip("#") for each in _DIGITS.findall(plain) if len(each.lstrip("#")) > 4)


def _only_number(plain: str, numbers: Sequence[str]) -> bool:
    left = re.sub(r"\b(?:order|number|no|my|the|it is|it's|is|please)\b|订单|号码?|是|我的|请", "", plain)
    return len(bare(left)) <= len("".join(map(bare, numbers))) and not re.search(r"[\u4e00-\u9fff]", left)


def _spoken_of(turns: Sequence[Turn], own: Sequence[str]) -> tuple[str, ...]:
    """Those of their orders that the assistant's last message was about."""
    last = next((turn.text for turn in reversed(turns[:-1]) if turn.role == "assistant"), "")
    return tuple(number for number in own if re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", last, re.ASCII))
