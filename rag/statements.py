"""A text as the check reads it: clauses of meanings and values, and what each clause asserts of them.

Patterns over two languages; understands nothing. Whether one text follows from another is `rag/bindings.py`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.facts import NEGATION, RESTRICTION, SIDES, names, plainly, without_marker
from rag.meanings import meanings, shared
from rag.quantities import located

ENTRY = 2  # words of a clause that only lists something
Value = tuple[str, str]  # number and unit
_FIRST = 0xE000  # private characters stand for values while a text is cut
VALUE = "[\ue000-\uf8ff]"
_PRIVATE = re.compile(VALUE)
_CLAUSE = re.compile(
    r"[;!?，；。：！？()（）\[\]\n“”\"]+|:(?![\ue000-\uf8ff])|,(?!\d)|\.(?=\s|$)|\s[–—-]\s|"
    r"(?=\b(?:if|unless|except|without|when|once|until|provided|as long as|in case|after|"
    r"before|during)\b)|\b(?:but|because|although|while|whereas)\b|而(?!且)|但是?|因为"
)
_CLOSES = re.compile(r"[;:!?.；。：！？\n]")
_CONDITION = re.compile(
    r"^\s*(?:if|unless|except|when|once|provided|as long as|in case|after)\b|如果|假如|若(?!干)|如(?![何下需此同图])|"
    r"除非|除外|的情况下|前提|.{2}(?:时|之?后|之?前|以[后前])$"
)
_LEANING = re.compile(
    r"\s*(?:(?:and|but|then) )?(?:it|they|this|these|that|those|both|neither)\b|\s*(?:它|这|其|该|此)"
)
_EVENT = re.compile(
    rf"{VALUE}\s*(?:of|after|from|since|before|following) (?:the |your |our )?(?P<after>[^\ue000-\uf8ff]+)"
    rf"|(?P<before>[^\ue000-\uf8ff]{{2,}}?)(?:之日|次日)?(?:之?后|起|之?前)(?:的|第)?\s?(?=[^\ue000-\uf8ff]{{0,2}}{VALUE})"
)
_JOINED = re.compile(
    r"\b(?:and|or|which|who|so|then)\b|[、&]|并且?|而且|同时|或者?|和|(?<!参)与|以及|及(?!时)|还(?=[可会能要有需])|也"
)
_PIECE = re.compile(rf"{VALUE}|[^\ue000-\uf8ff]+")

_NEEDLESS = r"(?:不|无)需要?|无须|不必|不用|\bneed not\b|(?:not|n't) (?:have|need|needed|required|necessary)\b"
_MODALS = {
    "needless": re.compile(_NEEDLESS),
    "must": re.compile(
        r"\b(?:must|have to|has to|need to|needs to|required?|shall|obliged)\b|必须|务必|一定要|"
        r"(?<!无)须|(?<![不无])需要?|应当"),
    "may": re.compile(
        r"\b(?:can|cannot|may|could|able|allowed|might)\b|可以|(?<![许认])可(?![能靠见乐惜])|允许|"
        r"(?<![功可性智节只])能(?![量源耗力否效])"),
    "should": re.compile(r"\b(?:should|recommend\w*|advise|advisable|suggest\w*)\b|建议|推荐|最好"),
}  # fmt: skip
_AMOUNTS = {
    "all": re.compile(
        r"\b(?:all|every|each|always|both|entire|whole|fully|everything|everybody|per)\b|所有|全部|"
        r"全(?=[部程天国])|每|任何|一律|始终|都|均|总是|完全|各"),
    "some": re.compile(
        r"\b(?:some|(?<!at )most|several|many|usually|often|sometimes|partly|part|few|mostly|"
        r"normally|generally|certain)\b|部分|有些|某些|多数|大多|一般|通常|有时|少数|个别"),
}  # fmt: skip
_ROLES = {
    "customer": re.compile(r"\b(?:you|customers?|buyers?|your|yours|yourself)\b|您|你|买家|顾客|客户(?!端|服)|用户"),
    "company": re.compile(r"\b(?:we|us|our|ours|seller)\b|我们|商家|卖家|我方"),
}
_ALSO_SIDES = (
    (r"\bbefore\b|\bbeforehand\b|前(?![面后往])|\bby (?=[\ue000-\uf8ff])", r"\bafter\b|\bonce\b|后(?![盖面方台])"),
    (r"(?<=[\ue000-\uf8ff])\s?之?内", r"(?<=[\ue000-\uf8ff])\s?之?后"),
    (r"\bfrom\b|\bstarting\b", r"\buntil\b|\btill\b|\bup to\b"),
    (r"\blonger\b|\btaller\b|\blarger\b|长于|更长", r"\bshorter\b|\bsmaller\b|短于|更短"),
    (r"\bearlier\b|早于|更早|提早", r"\blater\b|晚于|更晚|推迟"),
    (r"\bfirst\b|首", r"\blast\b|末|最后"),
)
_BOTH_SIDES = [tuple(map(re.compile, pair)) for pair in (*SIDES, *_ALSO_SIDES)]


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two marks. `words` holds meanings in order; a value is a word "#12 month"."""

    words: tuple[str, ...]
    content: frozenset[str]
    negations: int
    restricted: bool
    conditional: bool
    leaning: bool  # opens with a word for what the sentence before it is about
    mark: str  # behind it
    modals: frozenset[str]
    amounts: frozenset[str]

    @property
    def closed(self) -> bool:
        """Whether a sentence, entry or cell ends with it."""
        return bool(_CLOSES.search(self.mark))

    @property
    def opens(self) -> bool:
        """Whether a list or an explanation follows."""
        return self.mark.strip() in (":", "：")

    @property
    def listed(self) -> bool:
        """Whether it may be one of several things with the rest of the sentence in common."""
        return self.mark.strip() in (",", "，") and len(self.words) <= ENTRY


@dataclass(frozen=True, slots=True)
class Statement:
    """`stream`: all words in order, "," between clauses and "&" between their parts."""

    clauses: tuple[Clause, ...]
    stream: tuple[str, ...]
    names: frozenset[str]
    roles: frozenset[tuple[str, str, int]]  # (role, the word beside it, -1 before or 1 after)
    events: frozenset[str]  # from which a period counts: the delivery in "30 days of delivery"
    sides: frozenset[tuple[int, int, str]]  # (pair of opposites, which of the two, the word or value it stands with)

    @property
    def content(self) -> frozenset[str]:
        return frozenset[str]().union(*(clause.content for clause in self.clauses))

    def parts(self) -> list[frozenset[str]]:
        """The words between two marks of the stream."""
        found = [set[str]()]
        for word in self.stream:
            found = [*found, set()] if word in ",&" else [*found[:-1], found[-1] | {word}]
        return [frozenset(part) for part in found if part]

    def across(self) -> Statement:
        """What of the statement can be compared with one in the other language: meanings, values and names."""
        kept = [tuple(filter(self._common, each.words)) for each in self.clauses]
        clauses = tuple(
            replace(each, words=words, content=frozenset(words)) for each, words in zip(self.clauses, kept, strict=True)
        )
        return Statement(
            clauses,
            tuple(word for word in self.stream if word in ",&" or self._common(word)),
            self.names,
            frozenset(each for each in self.roles if self._common(each[1])),
            frozenset(filter(self._common, self.events)),
            frozenset(each for each in self.sides if self._common(each[2])),
        )

    def _common(self, word: str) -> bool:
        return shared(word) or is_value(word) or word in self.names


@lru_cache(maxsize=16384)
def content(text: str) -> frozenset[str]:
    """All words and values of a text. Much quicker than reading it."""
    return frozenset(_words(*_with_values(without_marker(text))))


@lru_cache(maxsize=16384)
def read(text: str) -> Statement:
    """The statement that a text makes."""
    plain, values = _with_values(without_marker(text))
    cut = _cut(plain)
    pieces = [piece for piece, _ in cut]
    clauses = tuple(_clause(piece, values, mark) for piece, mark in cut)
    stream = list[str]()
    for piece, mark in cut:
        for part in _JOINED.split(piece):
            stream += [*_words(part, values), "&"]
        stream[-1:] = [] if mark.strip() in (":", "：") else [","]
    named = frozenset(word for name in names(text) for word in meanings(name))
    return Statement(clauses, tuple(stream), named, _roles(pieces, values), _events(pieces), _sides(pieces, values))


def leaning(text: str) -> bool:
    """Whether a sentence opens with a word for what the one before it is about."""
    return bool(_LEANING.match(without_marker(text).lower()))


def is_value(word: str) -> bool:
    """Whether a word of a clause is a value."""
    return word.startswith("#")


def _with_values(text: str) -> tuple[str, tuple[Value, ...]]:
    """The text in lower case, its values exchanged for private characters, and the values in their order."""
    folded, found = located(_PRIVATE.sub(" ", text))
    plain, at, values = "", 0, list[Value]()
    for start, end, value in found:
        plain += folded[at : max(at, start)].lower() + chr(_FIRST + len(values) % 6000)
        values.append(value)
        at = max(at, end)
    return plainly((plain + folded[at:].lower()).replace("’", "'")), tuple(values)


def _cut(plain: str) -> list[tuple[str, str]]:
    """The clauses of a text, each with the mark behind it."""
    found, at = list[tuple[str, str]](), 0
    for match in _CLAUSE.finditer(plain):
        found.append((plain[at : match.start()], match.group()))
        at = match.end()
    return [(piece, mark) for piece, mark in [*found, (plain[at:], ".")] if piece.strip()]


def _clause(piece: str, values: tuple[Value, ...], mark: str) -> Clause:
    words = tuple(_words(piece, values))
    return Clause(
        words,
        frozenset(words),
        len(NEGATION.findall(piece)),
        bool(RESTRICTION.search(piece)),
        bool(_CONDITION.search(piece)),
        bool(_LEANING.match(piece)),
        mark,
        _modals(piece),
        frozenset(name for name, pattern in _AMOUNTS.items() if pattern.search(piece)),
    )


def _modals(piece: str) -> frozenset[str]:
    """What a clause demands, allows, advises, leaves open or forbids: "must not" and "cannot" forbid alike."""
    found = {name for name, pattern in _MODALS.items() if pattern.search(piece)}
    if "needless" in found:
        return frozenset({"needless"})
    if NEGATION.search(piece) and found & {"must", "may"}:
        return frozenset({"forbidden", *(found - {"must", "may"})})
    return frozenset(found)


def _words(piece: str, values: tuple[Value, ...]) -> list[str]:
    found = list[str]()
    for match in _PIECE.finditer(piece):
        text = match.group()
        if "\ue000" <= text[0] <= "\uf8ff":
            found.append("#" + " ".join(values[ord(text[0]) - _FIRST]).strip())
        else:
            found += meanings(text)
    return found


def _roles(pieces: list[str], values: tuple[Value, ...]) -> frozenset[tuple[str, str, int]]:
    """Each role with the word after it and the word before it, within its clause."""
    found = set[tuple[str, str, int]]()
    for piece in pieces:
        marks = [(match, role) for role, pattern in _ROLES.items() for match in pattern.finditer(piece)]
        for match, role in marks:
            after, before = _words(piece[match.end() :], values), _words(piece[: match.start()], values)
            found |= {(role, after[0], 1)} if after else set()
            found |= {(role, before[-1], -1)} if before else set()
    return frozenset(found)


def _events(pieces: list[str]) -> frozenset[str]:
    """The first word after "30 days of", the last one before "后 30 天"."""
    found = set[str]()
    for piece in pieces:
        for match in _EVENT.finditer(piece):
            after, before = meanings(match["after"] or ""), meanings(match["before"] or "")
            found |= {*after[:1], *before[-1:]}
    return frozenset(found)


def _sides(pieces: list[str], values: tuple[Value, ...]) -> frozenset[tuple[int, int, str]]:
    """Each word that has an opposite, with the words and the value nearest to it in its clause."""
    found = set[tuple[int, int, str]]()
    for piece in pieces:
        for number, pair in enumerate(_BOTH_SIDES):
            for side, pattern in enumerate(pair):
                for match in pattern.finditer(piece):
                    after, before = (
                        _words(piece[match.end() :], values)[:2],
                        _words(piece[: match.start()], values)[-2:],
                    )
                    found |= {(number, side, word) for word in (*after, *before)}
    return frozenset(found)
