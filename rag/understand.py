"""A customer's message, understood without a model: language, wish, products, and what earlier messages add.

The wish is told in `wishes.py`, products in `catalogue.py`. Knows no document, only the names of products.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.catalogue import excluded, named, specific, without
from rag.text import content_tokens, is_han, language_of, normalise, tokens, well_formed
from rag.types import Language, Query, Turn
from rag.wishes import wish_of

# A message that points back ("how do I descale it?"), goes on ("and to France?") or gives but a name ("300S").
_POINTING = re.compile(
    r"\b(?:it|its|it's|they|them|their|that one|this one|these|those|the same)\b|它|这个|那个|这款|那款|同样"
    r"|^\W*\w{1,2}[好完](?:之后|以后|后|了)"
)
_GOING_ON = re.compile(
    r"^\W*(?:(?:ok|and|or|but|so)\b\W*)*(?:and|or|what about|how about|what if|also|after(?:wards| that)|then)\b"
    r"|^\W*(?:那|还有|或者|然后)|呢\W*$"
)
# What is no word of either language: codes ("300s", "e3"), and names in capitals ("PayPal", "USB", "Wi-Fi").
_CODE_WORD = re.compile(r"[a-z]*\d[a-z\d]*")
_CAPITALS = re.compile(r"\b(?:[A-Z]{2,}|[A-Z][a-z]*-?[A-Z]\w*|App)\b")
_OF_NAMES = frozenset(tokens("one model version mine own bought got 型 号 款 台 机 用 有"))  # beside a product's name
_LATIN = re.compile(r"[a-z]+(?:['’][a-z]+)?")
HAN_PER_WORD = 1.5  # Chinese characters that say as much as an English word
SHORT = 3  # content words of a message that goes on; a longer one stands by itself
REMEMBERED = 2  # earlier messages of the customer that help to understand the newest
SAME_QUESTION = 0.6  # share of the words in common from which a question is the one asked back about


def understand(turns: Sequence[Turn], products: Collection[str] = ()) -> Query:
    """The newest customer message as a query. An empty conversation gives an empty one. `products`: all known ones."""
    places = [at for at, turn in enumerate(turns) if turn.role == "customer"]
    said = [well_formed(turns[at].text).strip() for at in places]
    text = said[-1] if said else ""
    earlier = tuple(said[-1 - REMEMBERED : -1])
    options = _options_before(turns, places)
    chosen = bool(earlier) and _chooses(text, options)
    heard, denied = excluded(text, specific(products))
    mine = named(heard, specific(products)) or _left_of(options, denied)
    about = mine or tuple(each for each in _named_last(said[:-1], products) if each not in denied)
    words = _with_names(tokens(heard), mine)
    return Query(
        text=text,
        language=_language(text, earlier, products),
        wish=wish_of(text),
        tokens=words,
        history=earlier,
        history_tokens=tokens(" ".join(earlier)),
        leans=bool(earlier) and (chosen or _leans(without(heard, specific(products)))),
        named=about,
        name_tokens=_with_names(words, about),
        asked_back=chosen or _asked_back(turns, text),
    )


def _leans(text: str) -> bool:
    """Whether a message, without the names of products, says little by itself."""
    plain = normalise(text)
    words = [word for word in content_tokens((*tokens(plain), "x"))[:-1] if len(word) == 1 or not is_han(word)]
    only_names = not any(word.isalpha() and word not in _OF_NAMES for word in words)
    short = len(words) <= (2 * SHORT if any(map(is_han, words)) else SHORT)
    return only_names or bool(_POINTING.search(plain)) or (short and bool(_GOING_ON.search(plain)))


# --- products ----------------------------------------------------------------------------------------------


def _named_last(said: Sequence[str], products: Collection[str]) -> tuple[str, ...]:
    """The products of the latest earlier message that names any."""
    return next((found for text in reversed(said) if (found := named(text, specific(products)))), ())


def _left_of(options: Sequence[str], denied: Sequence[str]) -> tuple[str, ...]:
    """The option that is left when the customer rules out the others."""
    left = tuple(each for each in options if each not in denied)
    return left if denied and len(left) == 1 else ()


def _with_names(words: tuple[str, ...], products: Sequence[str]) -> tuple[str, ...]:
    """Index terms with the products' names spelled as documents spell them: "r2pro" finds the Sweep R2 Pro."""
    for product in products:
        name = tokens(product)
        if not set(name[1:] or name).issubset(words):
            words = (*words, *name)
    return words


# --- a question back ---------------------------------------------------------------------------------------


def _options_before(turns: Sequence[Turn], places: Sequence[int]) -> tuple[str, ...]:
    """What the assistant asked back between the newest message and the one before it."""
    between = turns[places[-2] + 1 : places[-1]] if len(places) > 1 else ()
    return next((turn.options for turn in reversed(between) if turn.options), ())


def _chooses(text: str, options: Sequence[str]) -> bool:
    """Whether a message is the answer to a question back: an option, a word of one, or a word or two ("no idea")."""
    if not options or wish_of(text) != "question":
        return False
    words, offered = content_tokens(tokens(text)), set(tokens(" ".join(options)))
    spoken = [word for word in words if len(word) == 1 or not is_han(word)]
    few = len(spoken) < SHORT and not text.rstrip().endswith(("?", "？"))
    return few or not offered.isdisjoint(words)


def _asked_back(turns: Sequence[Turn], text: str) -> bool:
    """Whether the assistant asked back about (nearly) this question before."""
    words = set(content_tokens(tokens(text)))
    asked = [turns[at - 1].text for at, turn in enumerate(turns) if turn.options and at > 0]
    return any(_alike(words, set(content_tokens(tokens(each)))) for each in asked)


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= SAME_QUESTION * max(len(one | other), 1)


# --- language ----------------------------------------------------------------------------------------------


def _language(text: str, earlier: Sequence[str], products: Collection[str]) -> Language:
    """Of the sentence around names and codes; one without words ("300S?") is in the language of those before it."""
    names = {word for product in products for word in normalise(product).split()}
    for each in (text, *reversed(earlier)):
        frame = _CODE_WORD.sub(" ", normalise(_CAPITALS.sub(" ", each)))
        latin = [word for word in _LATIN.findall(frame) if word not in names]
        han = sum(map(is_han, frame))
        if any(len(word) > 1 for word in latin) or han > 1:
            return "zh" if han >= HAN_PER_WORD * len(latin) else "en"
    return language_of(text)
