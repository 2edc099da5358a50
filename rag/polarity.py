"""Whether a sentence says the reverse of what a question asks: one denies, or they use opposite words.

English only: Chinese asks with a negation ("能不能") where nothing is denied. Compares words; understands nothing.
"""

from __future__ import annotations

import re

_NEGATION = re.compile(r"\b(?:not|never|no longer|none|without|except)\b|n['’]t\b", re.I)
# Whoever asks for a thing by what it is not ("Which models are not covered?"). "Why does it not start?" tells a fault.
_ASKS_FOR = re.compile(r"^\W*(?:(?:in|by|for|to|of|at|from) )?(?:what|which|who|whom|whose|where|when)\b", re.I)
_CONDITION = re.compile(r"\b(?:if|when|because|since|while|after)\b", re.I)
_WORD = re.compile(r"[a-z]+")
_OPPOSITES = [
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("first earliest", "last latest final"),
        ("most", "least fewest"),
        ("more", "less fewer"),
        ("highest", "lowest"),
        ("higher", "lower"),
        ("high", "low"),
        ("largest biggest greatest", "smallest tiniest"),
        ("larger bigger", "smaller"),
        ("large big", "small little"),
        ("long longest longer", "short shortest shorter"),
        ("good best better", "bad worst worse"),
        ("old oldest older", "new newest newer young younger youngest"),
        ("strong strongest", "weak weakest"),
        ("fast faster", "slow slower"),
        ("hot warm warmer", "cold cool cooler"),
        ("cheap cheapest", "expensive"),
        ("poor", "rich wealthy"),
        ("early earlier", "late later"),
        ("maximum", "minimum"),
        ("majority", "minority"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("left", "right"),
        ("above over", "below under beneath"),
        ("inside internal", "outside external"),
        ("before prior", "after following"),
        ("always", "never"),
        ("same", "different"),
        ("public", "private"),
        ("domestic", "foreign"),
        ("male men", "female women"),
        ("on", "off"),
        ("open", "closed close"),
        ("begin began begins start started starting opened", "end ended stop stopped closed"),
        ("increase increased increases increasing rise rose",
         "decrease decreased decreases decreasing reduce reduced decline declined fall fell"),
        ("win won", "lose lost"),
        ("gain gained", "lost lose"),
        ("accept accepted", "reject rejected refuse refused"),
        ("allow allowed legal", "ban banned forbidden illegal prohibited"),
        ("buy", "sell"),
        ("import", "export"),
        ("arrive", "depart leave"),
    )
]  # fmt: skip


def denied(question: str, sentence: str) -> bool:
    """Whether the question asks for what is not so, and the sentence denies nothing."""
    match = _NEGATION.search(question)
    if not match or not _ASKS_FOR.match(question) or _CONDITION.search(question, 1, match.start()):
        return False
    return not _NEGATION.search(sentence)


def turned(question: str, sentence: str) -> bool:
    """Whether the question has a word where the sentence has only its opposite."""
    asked, said = set(_WORD.findall(question.lower())), set(_WORD.findall(sentence.lower()))
    return any(
        asked & one and said & other and not said & one and not asked & other
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    )
