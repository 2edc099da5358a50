"""A customer's message, understood without a model: language, wish, and what earlier messages add.

Knows words and patterns of two languages; knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import language_of, normalise, tokens
from rag.types import Language, Query, Turn, Wish

REMEMBERED = 2  # earlier messages of the customer that help to understand the newest

_PERSON = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer|put|escalate|get|want|need|give)\b[^.?!]{0,30}?"
    r"\b(?:human|real person|a person|someone real|live agent|an? agent|representative|(?:an?|your) advis[eo]r|"
    r"customer service|your team|somebody|someone|supervisor|manager)\b"
    r"|^\W*(?:human|agent|operator|representative|real person|a person)(?: please)?\W*$"
    r"|\b(?:human|person|agent) please\b|\bnot a (?:bot|robot|machine)\b"
    r"|人工|真人|(?:转|找|要|接|叫|换)[^。？！]{0,6}(?:客服|活人|专员|主管|经理)|不要机器人|别让机器人"
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|你好|您好|嗨|哈喽|在吗|在么|早上好|下午好|晚上好)"
    r"(?: there| all| again)?[啊呀吗 ]*\W*$"
)
_THANKS = re.compile(
    r"^\W*(?:ok(?:ay)?[,. ]+)?(?:(?:many )?thanks?(?: (?:you|a lot|so much|very much|again))*|thx|cheers|great|perfect|"
    r"谢谢|多谢|感谢|谢了|好的?谢谢)(?:你|您|啦|了|!)*[ ,.]*(?:that'?s all|bye|再见)?\W*$"
)


def understand(turns: Sequence[Turn]) -> Query:
    """The newest customer message as a query. An empty conversation gives an empty one."""
    said = [turn.text.strip() for turn in turns if turn.role == "customer"]
    text = said[-1] if said else ""
    earlier = tuple(said[-1 - REMEMBERED : -1])
    return Query(
        text=text,
        language=_language(text, earlier),
        wish=_wish(text),
        tokens=tokens(text),
        history=earlier,
        history_tokens=tokens(" ".join(earlier)),
    )


def _wish(text: str) -> Wish:
    plain = normalise(text)
    if not re.search(r"\w", plain):
        return "empty"
    if _PERSON.search(plain):
        return "person"
    if _GREETING.match(plain):
        return "greeting"
    return "thanks" if _THANKS.match(plain) else "question"


def _language(text: str, earlier: Sequence[str]) -> Language:
    """Of the message; one without words ("300S?") is in the language of those before it."""
    spoken = re.sub(r"\b\w*\d\w*\b", "", text)
    for each in (spoken, *reversed(earlier), text):
        if re.search(r"[^\W\d_]{2}", each):
            return language_of(each)
    return language_of(text)
