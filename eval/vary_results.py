"""Whether variants of cases come to the same as the cases themselves: shares by rule and language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eval.metrics import wilson
from eval.results import Answered, Result
from eval.vary import RULES, Variant

ALL = "all"
Figures = dict[str, dict[str, dict[str, float]]]  # rule or "all" → language or "all" → figures of that share


@dataclass(frozen=True, slots=True)
class Compared:
    """A case's result beside that of its variant. Where one of them has no reply, nothing can be said."""

    variant: Variant
    before: Result
    after: Result

    @property
    def scored(self) -> bool:
        return bool(self.before.turns and self.after.turns)

    @property
    def same_outcome(self) -> bool:
        return self.scored and self.before.turns[-1].outcome == self.after.turns[-1].outcome

    @property
    def same(self) -> bool:
        """The last reply has the same outcome and cites the same documents."""
        return self.same_outcome and cited(self.before.turns[-1]) == cited(self.after.turns[-1])


def cited(reply: Answered) -> frozenset[str]:
    """The documents that a reply cites."""
    return frozenset(each.source for sentence in reply.sentences for each in sentence.citations)


def compare(variants: Iterable[Variant], results: Iterable[Result]) -> list[Compared]:
    """Each variant beside its case; `results` holds those of both, by the cases' ids."""
    by_case = {each.case.id: each for each in results}
    return [Compared(each, by_case[each.of], by_case[each.case.id]) for each in variants]


def shares(compared: Sequence[Compared]) -> Figures:
    """By rule and language: `same` of `scored`, its share with the Wilson interval of 95 %, and what was not scored."""
    made: Figures = {}
    for rule in (ALL, *RULES):
        for language in (ALL, "en", "zh"):
            some = [each for each in compared if _of(each, rule, language)]
            if some:
                made.setdefault(rule, {})[language] = _share(some)
    return made


def changed(compared: Iterable[Compared]) -> Iterator[dict[str, Any]]:
    """Those that came to something else, with both replies' outcome and documents."""
    for each in compared:
        if each.scored and not each.same:
            before, after = each.before.turns[-1], each.after.turns[-1]
            yield {
                "id": each.variant.case.id,
                "turns": each.variant.case.turns,
                "before": {"outcome": before.outcome, "cites": sorted(cited(before))},
                "after": {"outcome": after.outcome, "cites": sorted(cited(after))},
            }


def _of(each: Compared, rule: str, language: str) -> bool:
    return rule in (ALL, each.variant.rule) and language in (ALL, each.variant.case.language)


def _share(some: Sequence[Compared]) -> dict[str, float]:
    scored = [each for each in some if each.scored]
    same = sum(each.same for each in scored)
    low, high = wilson(same, len(scored))
    return {
        "same": same,
        "scored": len(scored),
        "share": same / len(scored) if scored else 0.0,
        "low": low,
        "high": high,
        "same_outcome": sum(each.same_outcome for each in scored),
        "unscored": len(some) - len(scored),
    }
