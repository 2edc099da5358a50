"""Anger, urgency and frustration as they show in the words: chances of independent signs, put together. Pure.

No dialogue labels these three, so their numbers are set by hand, in the open: each sign gives a share of what is left
to certainty (1 − Π(1 − share)), so that one more sign never lowers a feeling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.mood_signs import counts
from rag.mood_words import GROUPS
from rag.mood_words_cold import SHOWN
from rag.text import content_tokens, normalise, tokens

ANGER = {
    "insult": 0.5,
    "anger": 0.5,
    "pointed": 0.4,
    "third": 0.4,
    "threat": 0.3,
    "leaving": 0.3,
    "astray": 0.1,
    "disappointed": 0.1,
    "harsh": 0.1,
    "rhetoric": 0.05,
    "outburst": 0.4,
    "reproach": 0.3,
    "neglect": 0.25,
    "contacts": 0.2,
}
GRIEVANCE = {"again": 0.1, "waiting": 0.1, "blame": 0.1, "unresolved": 0.1, "at_us": 0.1}  # add to an anger that shows
TOLD = (
    "again",
    "waiting",
    "failing",
    "blame",
    "unresolved",
    "sarcasm",
    "rhetoric",
    "negation",
    "reproach",
    "neglect",
    "contacts",
)  # to us, no question asked
COMPLAINS = 0.15  # anger in telling of trouble without asking anything: enough where there is no answer to give
TROUBLES = ("again", "waiting", "unresolved", "neglect", "contacts", "blame", "at_us")
AT_EASE = ("asks", "thanks", "resolved", "pleased", "polite", "easy")
TOLD_US = 0.18  # anger that each of them shows in a message to us that wants to know nothing
AIMED = ("at_us", "blame", "insult", "outburst", "third", "astray", "reproach")
ASIDE = 0.3  # share of an anger that is aimed at nobody here, where something ordinary is asked: at a cat, at oneself
TROUBLE = ("failing", "again", "waiting", "unresolved", "at_us", "third", "money")  # what makes praise sarcasm
SARCASM = 0.45  # praise beside trouble
IRONY = 0.4  # praise beside a flaw, nothing asked and no "but" between them
EASED = 0.3  # share of an anger whose message says that it is none
FRUSTRATION = {"again": 0.15, "waiting": 0.15, "astray": 0.3, "third": 0.5, "pointed": 0.3, "disappointed": 0.2}
INSISTING = ("astray", "third", "insisted")  # signs that a message comes back to the one before it
URGENCY = {"urgent": 0.5}
CLEAR = 0.15  # anger from which grievances and loudness add to it; a single harsh word may be said of a brush
LASTS = 0.7  # of the feeling in one message, in the next
TWICE = 0.5  # of a sign's share, for its second mention in a message
SAME = 0.6  # share of all content words in common from which two messages say the same
HALF = 0.5  # share of the shorter one's, where words like "still" point back
SAID: Mapping[str, str] = {
    "insult": "insults",
    "pointed": "politely furious",
    "third": "has said it several times",
    "astray": "the answer missed the point",
    "anger": "angry words",
    "outburst": "angry words",
    "reproach": "reproachful",
    "neglect": "feels neglected",
    "contacts": "counts how often",
    "threat": "threatens with others",
    "leaving": "wants to leave",
    "disappointed": "disappointed",
    "sarcasm": "sarcasm",
    "rhetoric": "rhetorical questions",
    "again": "not for the first time",
    "waiting": "has been waiting",
    "urgent": "urgent",
}
_LOUD = re.compile(r"[!?]{2,}|!.*!", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Feelings:
    """Each 0 … 1, and what speaks for them."""

    anger: float
    urgency: float
    frustration: float
    signs: tuple[str, ...]


def feelings(said: Sequence[str], failed: int = 0) -> Feelings:
    """Of a customer who said this, the newest last, after `failed` answers in a row gave nothing."""
    anger = urgency = frustration = 0.0
    for text in said:
        found = _found(text)
        anger = max(_anger(found, text), LASTS * anger)
        urgency = max(_together(found, URGENCY), LASTS * urgency)
        frustration = max(_together(found, FRUSTRATION), LASTS * frustration)
    same = repeats(said)
    for share, times in ((0.3, same), (0.25, failed)):
        frustration = 1 - (1 - frustration) * (1 - share) ** times
    newest = _found(said[-1])
    signs = list(dict.fromkeys(words for name, words in SAID.items() if newest[name]))
    signs += ["says the same again"] if same else []
    signs += [f"{failed} answers failed"] if failed > 1 else []
    return Feelings(anger, urgency, frustration, tuple(signs))


def repeats(said: Sequence[str]) -> int:
    """How many earlier messages say nearly the same as the newest."""
    newest = _words(said[-1])
    return sum(len(newest & words) >= SAME * max(len(newest | words), 1) for words in map(_words, said[:-1]))


def insists(said: Sequence[str]) -> int:
    """How many messages on end, the newest last, ask again what came before, or say that the answer did not help."""
    count = 0
    for place in range(1, len(said)):
        count = count + 1 if _insists(said, place, count > 0) else 0
        count = max(count, 2) if _found(said[place])["counted"] else count
    return count


def _insists(said: Sequence[str], place: int, before: bool) -> bool:
    """Whether a message comes back to earlier ones; after one that did, an emphatic word about the same is enough."""
    found = _found(said[place])
    pointing = found["again"] or found["back"] or (before and (found["rhetoric"] or "!" in normalise(said[place])))
    same = pointing and any(_goes_on(each, said[place]) for each in said[:place])
    back = any(found[name] for name in INSISTING) or same
    return back or repeats(said[: place + 1]) > 0


@lru_cache(maxsize=4096)
def _found(text: str) -> Mapping[str, int]:
    """How often each group is found, those of the learned model and those that it does not know."""
    plain = normalise(text).replace("’", "'")
    shown = {name: len(pattern.findall(plain)) for name, pattern in SHOWN.items()}
    return {**dict(zip(GROUPS, counts(text), strict=True)), **shown}


def _words(text: str) -> frozenset[str]:
    words = content_tokens(tokens(text))
    return frozenset(words if len(set(words)) > 1 else tokens(text))


def _goes_on(before: str, text: str) -> bool:
    """Whether half of what the shorter one says is in both."""
    one, other = _words(before), _words(text)
    return len(one & other) >= HALF * max(min(len(one), len(other)), 1)


def _anger(found: Mapping[str, int], text: str) -> float:
    shares = _together(found, ANGER)
    if found["sarcasm"] and any(found[name] for name in TROUBLE):
        shares = 1 - (1 - shares) * (1 - SARCASM)
    plain = normalise(text)
    asked = found["asks"] and ("?" in plain or not plain.isascii())
    if found["praise"] and found["flaw"] and not (asked or found["resolved"] or found["mixed"]):
        shares = 1 - (1 - shares) * (1 - IRONY)
    if found["at_us"] and not (found["asks"] or found["thanks"]):
        told = sum(bool(found[name]) for name in TOLD) + bool(_LOUD.search(text))
        shares = 1 - (1 - shares) * (1 - TOLD_US) ** told
    if not shares:
        return COMPLAINS if _complains(found, plain) else 0.0
    if found["asks"] and not any(found[name] for name in AIMED):
        shares *= ASIDE
    if found["easy"] and not found["insult"]:
        shares *= EASED
    calm = (1 - _together(found, GRIEVANCE)) * (0.85 if _LOUD.search(plain) else 1) * (0.7 if _shouts(text) else 1)
    return 1 - (1 - shares) * (calm if shares >= CLEAR else 1)


def _complains(found: Mapping[str, int], plain: str) -> bool:
    """Whether it tells of trouble at some length and wants to know nothing."""
    told = sum(bool(found[name]) for name in TROUBLES) >= 1
    return told and "?" not in plain and not any(found[name] for name in AT_EASE)


def _together(found: Mapping[str, int], shares: Mapping[str, float]) -> float:
    rest = 1.0
    for name, share in shares.items():
        rest *= (1 - share if found[name] else 1.0) * (1 - TWICE * share if found[name] > 1 else 1.0)
    return 1 - rest


def _shouts(text: str) -> bool:
    letters = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return len(letters) > 12 and sum(map(str.isupper, letters)) > 0.6 * len(letters)
