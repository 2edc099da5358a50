"""Whether what one text asserts is bound in the other to the same things: values, denials, limits, roles, directions.

`misbound` says in words, for the trace, what is not; it is empty when nothing of that kind is seen. Compares
statements of `rag/statements.py`, of one language or of two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from rag.statements import Clause, Statement, is_value

REACH = 6  # words on either side of a value that tell what it belongs to
ACROSS = 0.35  # what a word beyond a joining word or mark tells, of what it would tell before it
CLEARLY = 1.25  # how much better another value must fit the place of a value, to be taken for the one meant
LITTLE = 0.5  # what any value must fit that place
NAMED = 2.0  # weight of a code or model beside a value
NEW = 0.6  # share of new words that makes a part of a clause something new
FEW = 3  # words that such a part has at least
ALL_NEW = 2  # words, all of them new, that make it so too
_PLAIN = Clause((), frozenset(), 0, False, False, False, "", frozenset(), frozenset())


def misbound(said: Statement, source: Statement, known: frozenset[str]) -> str:
    """What `said` does not take from `source` as it stands there; `known` are the words of its headings too."""
    for found, complaint in (
        (_new_clause(said, known), "nothing in the source is like"),
        (_dropped(said, source), "it leaves out the condition"),
        (_denied(said, source), "denied in one of the two:"),
        (_flag(said, source, lambda clause: clause.restricted), "restricted in one of the two:"),
        (", ".join(sorted(said.events - known)), "the source does not count from"),
        (_swapped_value(said, source), "the source gives to something else"),
        (_modal(said, source), "of another force than in the source:"),
        (_amount(said, source), "of another extent than in the source:"),
        (_role(said, source), "somebody else in the source does:"),
        (_side(said, source), "the source has the other side of"),
    ):
        if found:
            return f"{complaint} {found}"
    return ""


def _new_clause(said: Statement, known: frozenset[str]) -> str:
    """A part of a clause, or a stretch of words, of which hardly anything stands in the source."""
    part, run, before = list[str](), list[str](), ""
    for word in (*said.stream, ","):
        if word not in ",&":
            part.append(word)
            run = [*run, word] if word not in known else []
            if len(run) > FEW:
                return " ".join(run)
            continue
        new = [each for each in part if each not in known]
        if len(new) == len(part) >= ALL_NEW or (len(part) >= FEW and len(new) >= NEW * len(part)):
            return " ".join(new)
        if before == "," == word and len(part) == ALL_NEW and new:
            return " ".join(new)  # two words put on after a comma: "guaranteed for life"
        part, before = [], word
    return ""


def _dropped(said: Statement, source: Statement) -> str:
    """A condition of which the sentence keeps less than half, on something that it says."""
    mine, clauses = said.content, source.clauses
    for at, clause in enumerate(clauses):
        if not clause.conditional or len(clause.content & mine) * 2 >= len(clause.content):
            continue
        before = [clauses[at - 1]] if at and not clauses[at - 1].closed else []
        after = [clauses[at + 1]] if not clause.closed and at + 1 < len(clauses) else []
        if any(each.content and len(each.content & mine) * 2 >= len(each.content) for each in before + after):
            return " ".join(clause.words)
    return ""


def _denied(said: Statement, source: Statement) -> str:
    """A clause denied on one side only, or words asserted that the source has in denials alone."""
    found = _flag(said, source, lambda clause: clause.negations)
    if found or not any(clause.negations for clause in source.clauses):
        return found or ", ".join(" ".join(clause.words) for clause in said.clauses if clause.negations)
    denied, asserted = (
        frozenset[str]().union(*(each.content for each in source.clauses if bool(each.negations) == flag))
        for flag in (True, False)
    )
    positive = [clause.content for clause in said.clauses if not clause.negations and not clause.restricted]
    return " ".join(sorted(frozenset[str]().union(*positive) & (denied - asserted)))


def _flag(said: Statement, source: Statement, flag: Callable[[Clause], int]) -> str:
    """A clause whose nearest one in the source differs from it in `flag`."""
    if not any(flag(clause) for clause in (*said.clauses, *source.clauses)):
        return ""
    theirs = _whole(source)
    for mine, clause in _whole(said):
        same = max((_near(mine, words) for words, each in theirs if flag(each) == flag(clause)), default=0.0)
        other = max((_near(mine, words) for words, each in theirs if flag(each) != flag(clause)), default=0.0)
        if mine and other > same and not clause.listed:
            return " ".join(clause.words)
    return ""


def _whole(source: Statement) -> list[tuple[frozenset[str], Clause]]:
    """Each clause with its words, and those before it where it says no more of its subject than "it". An entry of a
    list is denied or restricted as what the list belongs to is: the line above it, or the rest of its sentence."""
    found, lead = list[tuple[frozenset[str], Clause]](), _PLAIN
    before, sentence = frozenset[str](), frozenset[str]()
    for at, clause in enumerate(source.clauses):
        words = clause.content | before if clause.leaning else clause.content
        of = next((each for each in source.clauses[at:] if not each.listed), clause) if clause.listed else lead
        found.append(
            (
                words,
                replace(
                    clause, negations=max(clause.negations, of.negations), restricted=clause.restricted or of.restricted
                ),
            )
        )
        sentence |= words
        if clause.closed:
            before, sentence = sentence, frozenset()
        lead = clause if clause.opens else _PLAIN if clause.closed else lead
    return found


def _near(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """How much two clauses share: first of the sentence's own words, then of all (Dice)."""
    both = len(mine & theirs)
    return both / max(1, len(mine)) + both / max(1, len(mine) + len(theirs))


def _nearest(clause: Clause, source: Statement) -> Clause | None:
    best = max(source.clauses, key=lambda each: _near(clause.content, each.content), default=None)
    return best if best and clause.content & best.content else None


def _aligned(said: Statement, source: Statement) -> Iterator[tuple[Clause, Clause]]:
    for clause in said.clauses:
        if (other := _nearest(clause, source)) is not None:
            yield clause, other


def _swapped_value(said: Statement, source: Statement) -> str:
    """A value standing where the source has another of its unit, rather than where the source has it."""
    if changed := _in_place(said.stream, source.stream):
        return changed
    places, better = _places(source), dict[str, set[str]]()
    for word, around in _places(said):
        own = [_fit(around, each) for value, each in places if value == word]
        rivals = [
            (_fit(around, each), value) for value, each in places if value != word and _sort(value) == _sort(word)
        ]
        if own and rivals and max(rivals)[0] > max(CLEARLY * max(own), LITTLE):
            better.setdefault(word, set()).add(max(rivals)[1])
    here = set(said.stream)
    return next((word.lstrip("#") for word, taken in better.items() if taken - here or taken & better.keys()), "")


def _in_place(said: tuple[str, ...], source: tuple[str, ...]) -> str:
    """The first value that differs where the source has the same words in the same order, with other values."""
    mine, theirs = ([word for word in stream if word not in ",&"] for stream in (said, source))
    ours, found = (["#" if is_value(word) else word for word in words] for words in (mine, theirs))
    for at in range(len(found) - len(ours) + 1):
        if found[at : at + len(ours)] == ours and "#" not in found[at + len(ours) : at + len(ours) + 1]:
            return next(
                (
                    a.lstrip("#")
                    for a, b in zip(mine, theirs[at:], strict=False)
                    if a != b and is_value(a) and _sort(a) == _sort(b)
                ),
                "",
            )
    return ""


Around = dict[tuple[str, int], float]  # (word, -1 before or 1 after) → weight


def _places(statement: Statement) -> list[tuple[str, Around]]:
    """Each value with the words around it, weighted by how near they are."""
    stream, names = statement.stream, statement.names
    return [(word, _around(stream, at)) for at, word in enumerate(stream) if is_value(word) or word in names]


def _around(stream: tuple[str, ...], at: int) -> Around:
    found: Around = {}
    for step in (-1, 1):
        weight, distance, place = 1.0, 0, at + step
        while 0 <= place < len(stream) and distance < REACH:
            word = stream[place]
            if word in ",&":
                weight *= ACROSS
            elif not is_value(word):
                distance += 1
                named = NAMED if any(each.isdigit() for each in word) and word[0] not in "#§" else 1.0
                key = (word, step)
                found[key] = max(found.get(key, 0.0), weight * named / distance)
            place += step
    return found


def _fit(one: Around, other: Around) -> float:
    """How much the words around two values are the same; on the other side they tell half as much."""
    return sum(
        max(min(weight, other.get((word, side), 0.0)), min(weight, other.get((word, -side), 0.0)) / 2)
        for (word, side), weight in one.items()
    )


def _sort(word: str) -> str:
    """The unit of a value; names stand for each other."""
    return word.partition(" ")[2] if is_value(word) else "name"


def _modal(said: Statement, source: Statement) -> str:
    """A duty where the source has a choice or an advice, or the other way round."""
    for clause, other in _aligned(said, source):
        if clause.modals and other.modals and not clause.modals & other.modals:
            return ", ".join(sorted(clause.modals))
    mine, theirs = (frozenset[str]().union(*(each.modals for each in one.clauses)) for one in (said, source))
    return ", ".join(sorted(mine)) if mine and theirs and not mine & theirs else ""


def _amount(said: Statement, source: Statement) -> str:
    """All where the source has some or says nothing of the kind, some where it has all."""
    theirs = frozenset[str]().union(*(clause.amounts for clause in source.clauses))
    for clause in said.clauses:
        if "all" in clause.amounts and "all" not in theirs:
            return "all"
        if clause.amounts == {"some"} and theirs == {"all"}:
            return "some"
    return ""


def _role(said: Statement, source: Statement) -> str:
    """A word beside which the source has the other side of the contract, and never this one."""
    for role, word, place in sorted(said.roles - source.roles):
        if any(other != role and (each, at) == (word, place) for other, each, at in source.roles):
            return f"{role} {word}"
    return ""


def _side(said: Statement, source: Statement) -> str:
    for number, side, word in sorted(said.sides - source.sides):
        if (number, 1 - side, word) in source.sides:
            return word.lstrip("#")
    return ""
