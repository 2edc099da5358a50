"""What a case's replies are worth, score by score, each with its reason. Pure: a case and its replies go in.

A score that does not apply to a case has no value; one whose scorer failed has none either and says so, and neither
counts as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.cases import Case
from eval.evidence import RECORD
from eval.facts_found import names, says
from eval.metrics import reciprocal_rank_at
from eval.results import Answered, Cited, Score
from rag.text import language_of

Turns = Sequence[Answered]
Scorer = Callable[[Case, Turns], Score]
NONE = Score(value=None, why="does not apply")
FOUND = 5  # passages' documents among which the relevant ones should be


def scores(case: Case, turns: Turns, scorers: Mapping[str, Scorer] | None = None) -> dict[str, Score]:
    """Every score of a case that was played."""
    chosen = SCORERS if scorers is None else scorers
    return {name: _scored(scorer, case, turns) for name, scorer in chosen.items()}


def _scored(scorer: Scorer, case: Case, turns: Turns) -> Score:
    try:
        return scorer(case, turns)
    except Exception as error:  # noqa: BLE001 – recorded; the other scores stand, and this one says why it is missing
        return Score(value=None, why=f"{type(error).__name__}: {error}", failed=True)


def handed_over(turns: Turns) -> int | None:
    """The turn, from 1, at which a person was called; None if none was."""
    return next((number for number, each in enumerate(turns, 1) if each.outcome == "hand_off"), None)


def turns_late(case: Case, turns: Turns) -> int | None:
    """How many turns after it was due a person was called, below 0 before; None where none was called or due."""
    at = handed_over(turns)
    if at is None or case.expect != "hand_off":
        return None
    return at - case.due if case.due else 0


def outcome(case: Case, turns: Turns) -> Score:
    """1 if it came to what was expected."""
    got = turns[-1].outcome
    return Score(value=float(got == case.expect), why=f"expected {case.expect}, got {got}")


def resolution(case: Case, turns: Turns) -> Score:
    """1 if the case is resolved: the outcome is right, and so is everything that was shown on the way."""
    wrong = [] if turns[-1].outcome == case.expect else [outcome(case, turns).why]
    if not wrong and case.expect == "hand_off":
        wrong += _wrong_hand_off(case, turns)
    if not wrong and case.expect == "answer":
        wrong += [
            each.why for each in (facts(case, turns), citation_recall(case, turns)) if each.value not in (None, 1.0)
        ]
    supported = citation_precision(case, turns)
    wrong += [supported.why] if supported.value not in (None, 1.0) else []
    clean = nothing_forbidden(case, turns)
    wrong += [clean.why] if clean.value == 0 else []
    return Score(value=float(not wrong), why="; ".join(wrong) or "as expected")


def _wrong_hand_off(case: Case, turns: Turns) -> list[str]:
    late, rule = turns_late(case, turns) or 0, turns[-1].rule
    wrong = [] if rule == case.reason else [f"handed off for {rule or 'no reason'} instead of {case.reason}"]
    return wrong + ([f"{abs(late)} turns too {'late' if late > 0 else 'early'}"] if late else [])


def facts(case: Case, turns: Turns) -> Score:
    """Share of the key facts that the last reply says."""
    if not case.facts:
        return NONE
    missing = [each for each in case.facts if not any(says(turns[-1].text, fact) for fact in each)]
    return _share(len(case.facts) - len(missing), len(case.facts), [f"lacks {each[0]!r}" for each in missing])


def citation_precision(_case: Case, turns: Turns) -> Score:
    """Share of the citations that support their sentence. An answer's sentence without one counts as one that does not."""
    judged, wrong = 0, list[str]()
    for turn in turns:
        if turn.outcome != "answer":
            continue
        for sentence in turn.sentences:
            judged += max(1, len(sentence.citations))
            wrong += [_unsupported(sentence.text, each) for each in sentence.citations if not each.supported]
            wrong += [] if sentence.citations else [f"{sentence.text!r} cites nothing"]
    return _share(judged - len(wrong), judged, wrong) if judged else NONE


def _unsupported(text: str, citation: Cited) -> str:
    return f"{citation.source} does not support {text!r}: {citation.why}"


def citation_recall(case: Case, turns: Turns) -> Score:
    """Share of the choices of documents of which the last reply cites one that supports what it says."""
    if not case.cite:
        return NONE
    cited = {each.source for sentence in turns[-1].sentences for each in sentence.citations if each.supported}
    missing = [choice for choice in case.cite if cited.isdisjoint(choice)]
    return _share(len(case.cite) - len(missing), len(case.cite), [f"does not cite {' or '.join(m)}" for m in missing])


def retrieval_recall(case: Case, turns: Turns) -> Score:
    """Share of the choices of documents of which one is among the first FOUND that were found for the last message."""
    choices = _documents(case)
    if not choices:
        return NONE
    first = set(turns[-1].retrieved[:FOUND])
    missing = [choice for choice in choices if first.isdisjoint(choice)]
    return _share(len(choices) - len(missing), len(choices), [f"not found: {' or '.join(each)}" for each in missing])


def mrr(case: Case, turns: Turns) -> Score:
    """1 / rank of the first of the documents to be cited among those that were found for the last message."""
    relevant = {document: 1.0 for choice in _documents(case) for document in choice}
    if not relevant:
        return NONE
    found = turns[-1].retrieved
    return Score(value=reciprocal_rank_at(found, relevant, len(found)), why=f"found {', '.join(found) or 'nothing'}")


def _documents(case: Case) -> list[list[str]]:
    """The choices without what stands in records, which is not searched for."""
    choices = [[each for each in choice if not each.startswith(RECORD)] for choice in case.cite]
    return [choice for choice in choices if choice]


def nothing_forbidden(case: Case, turns: Turns) -> Score:
    """1 if none of the replies shows what must not appear."""
    if not case.forbid:
        return NONE
    shown = [f"shows {text!r}" for text in case.forbid if any(names(each.shown, text) for each in turns)]
    return Score(value=float(not shown), why="; ".join(shown) or "nothing forbidden")


def language(case: Case, turns: Turns) -> Score:
    """1 if what was said last is in the customer's language."""
    said = language_of(turns[-1].text)
    return Score(value=float(said == case.language), why=f"expected {case.language}, got {said}")


def decline(case: Case, turns: Turns) -> Score:
    """1 if it declined exactly where it should."""
    return _right("declined", case.expect == "decline", turns[-1].outcome == "decline")


def escalation(case: Case, turns: Turns) -> Score:
    """1 if a person was called exactly where one was due, and when."""
    late = turns_late(case, turns)
    if late:
        return Score(value=0.0, why=f"called a person {abs(late)} turns too {'late' if late > 0 else 'early'}")
    return _right("called a person", case.expect == "hand_off", handed_over(turns) is not None)


def _right(what: str, due: bool, done: bool) -> Score:
    said = {(True, True): f"rightly {what}", (False, False): f"rightly not {what}", (False, True): f"needlessly {what}"}
    return Score(value=float(due == done), why=said.get((due, done), f"should have {what}"))


def _share(right: int, of: int, wrong: Sequence[str]) -> Score:
    return Score(value=right / of, why="; ".join(wrong) or f"{right} of {of}")


SCORERS: Mapping[str, Scorer] = {
    "resolution": resolution,
    "outcome": outcome,
    "facts": facts,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    f"retrieval_recall@{FOUND}": retrieval_recall,
    "mrr": mrr,
    "nothing_forbidden": nothing_forbidden,
    "language": language,
    "decline": decline,
    "escalation": escalation,
}
