"""The harness is worth something if it notices: each defect put into the assistant, or into a scorer, lowers its score."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eval.gate import reasons
from eval.play import Ask, Stage
from eval.results import Run, Score
from eval.scores import SCORERS
from eval.summary import Summary, summarise
from rag.assistant import Assistant
from rag.config import Decision as DecisionSettings
from rag.config import Settings
from rag.config_evaluation import Gate
from rag.people import Customer
from rag.ports import Embedder
from rag.types import Access, AnswerSentence, Citation, Done, Event, Outcome, Reply, Turn
from tests.doubles.shelf import Shelf, count_words
from tests.eval.small_company import ANN, BEN, CASES, CUSTOMERS, NEW, OLD, open_company
from tests.eval.stages import play_all

GATE = Gate(resolution=0.95)  # of cases of which nothing may fail


@dataclass(frozen=True, slots=True)
class Company:
    """The company as it is, and its former documents."""

    now: Shelf
    before: Shelf

    def asked(self, shelf: Shelf, settings: Settings | None = None) -> Ask:
        made = Assistant(shelf.knowledge(), shelf.store.embedder, [], count_words, settings or Settings())
        return made.reply

    @property
    def sane(self) -> Stage:
        return Stage(self.asked(self.now), self.now.knowledge().chunk, CUSTOMERS.get)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Company]:
    made = [open_company(tmp_path_factory.mktemp(name), minilm, each) for name, each in (("now", NEW), ("then", OLD))]
    yield Company(*made)
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def accepted(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run without a defect."""
    return play_all(CASES, tmp_path_factory.mktemp("accepted"), company.sane)


# --- defects ------------------------------------------------------------------------------------------------


def edited(company: Company, change: Callable[[Reply], Reply]) -> Stage:
    """Every reply is changed before the customer sees it."""
    sane = company.sane

    def ask(turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None) -> Iterator[Event]:
        for event in sane.ask(turns, access, customer):
            yield Done(change(event.reply)) if isinstance(event, Done) else event

    return replace(sane, ask=ask)


def with_texts(reply: Reply, text: Callable[[str], str]) -> Reply:
    return replace(reply, sentences=tuple(replace(each, text=text(each.text)) for each in reply.sentences))


def with_outcome(reply: Reply, outcome: Outcome, text: str) -> Reply:
    decision = replace(reply.decision, outcome=outcome, options=(), rule="anger" if outcome == "hand_off" else "")
    return replace(reply, decision=decision, sentences=(AnswerSentence(text),), writer="fixed")


def citations_shifted(company: Company) -> Stage:
    def shifted(citation: Citation) -> Citation:
        chunk = company.now.knowledge().chunk(citation.chunk_id, Access())
        if chunk is None:
            return citation
        at = next(at for at, each in enumerate(chunk.sentences) if each.start == citation.start)
        after = chunk.sentences[(at + 1) % len(chunk.sentences)]
        return replace(citation, start=after.start, end=after.end, quote=chunk.text[after.start : after.end])

    def change(reply: Reply) -> Reply:
        moved = (replace(each, citations=tuple(map(shifted, each.citations))) for each in reply.sentences)
        return replace(reply, sentences=tuple(moved))

    return edited(company, change)


def old_version_served(company: Company) -> Stage:
    return replace(company.sane, ask=company.asked(company.before))


def escalation_off(company: Company) -> Stage:
    def change(reply: Reply) -> Reply:
        return with_outcome(reply, "small_talk", "Hello!") if reply.decision.outcome == "hand_off" else reply

    return edited(company, change)


def escalation_always(company: Company) -> Stage:
    return edited(company, lambda reply: with_outcome(reply, "hand_off", "A person comes."))


def language_ignored(company: Company) -> Stage:
    return edited(company, lambda reply: with_texts(reply, lambda _text: "This is what the document says."))


def facts_truncated(company: Company) -> Stage:
    return edited(company, lambda reply: with_texts(reply, lambda text: text[: len(text) // 2]))


def figures_altered(company: Company) -> Stage:
    def text(said: str) -> str:
        return re.sub(r"\d+", lambda match: str(int(match.group()) + 1), said)

    return edited(company, lambda reply: with_texts(reply, text) if reply.decision.outcome == "answer" else reply)


def forbidden_text_leaked(company: Company) -> Stage:
    return edited(company, lambda reply: replace(reply, note="Vouchers go up to £35, the fraud score is 80 points."))


def internal_documents_visible(company: Company) -> Stage:
    sane = company.sane

    def ask(turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None) -> Iterator[Event]:
        everything = replace(access or Access(), audiences=frozenset({"public", "internal"}))
        return sane.ask(turns, everything, customer)

    return replace(sane, ask=ask)


def decline_off(company: Company) -> Stage:
    return replace(company.sane, ask=company.asked(company.now, Settings(decision=DecisionSettings(answer_above=0))))


def asks_back_always(company: Company) -> Stage:
    return edited(company, lambda reply: with_outcome(reply, "clarify", "Which one do you mean?"))


def history_dropped(company: Company) -> Stage:
    sane = company.sane

    def ask(turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None) -> Iterator[Event]:
        return sane.ask(turns[-1:], access, customer)

    return replace(sane, ask=ask)


def records_swapped(company: Company) -> Stage:
    sane, other = company.sane, {ANN.id: BEN, BEN.id: ANN}

    def ask(turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None) -> Iterator[Event]:
        return sane.ask(turns, access, other[customer.id] if customer else None)

    return replace(sane, ask=ask)


DEFECTS: list[tuple[Callable[[Company], Stage], str]] = [
    (citations_shifted, "citation_precision"),
    (old_version_served, "facts"),
    (old_version_served, "citation_precision"),
    (escalation_off, "escalation recall"),
    (escalation_always, "escalation precision"),
    (language_ignored, "language"),
    (facts_truncated, "facts"),
    (figures_altered, "citation_precision"),
    (forbidden_text_leaked, "resolution"),
    (internal_documents_visible, "decline recall"),
    (decline_off, "decline recall"),
    (asks_back_always, "resolution"),
    (history_dropped, "facts"),
    (records_swapped, "citation_precision"),
]


def figure(figures: Summary, name: str) -> float:
    """One of a run's figures by name."""
    named = {
        "resolution": figures.resolution,
        "escalation precision": figures.escalation.precision,
        "escalation recall": figures.escalation.recall,
        "decline recall": figures.decline.recall,
        **figures.means,
    }
    value = named[name].value
    assert value is not None, f"{name} is of nothing"
    return value


def test_nothing_fails_without_a_defect(accepted: Run) -> None:
    said = {each.key: each.error or each.scores["resolution"].why for each in accepted.results}
    assert {key: why for key, why in said.items() if why != "as expected"} == {}
    assert {figure(summarise(accepted), name) for _, name in DEFECTS} == {1.0}
    assert reasons(accepted, GATE, accepted) == ()


@pytest.mark.parametrize(("defect", "score"), DEFECTS, ids=[f"{each.__name__}-{name}" for each, name in DEFECTS])
def test_a_defect_lowers_its_score(
    defect: Callable[[Company], Stage], score: str, company: Company, tmp_path: Path
) -> None:
    done = play_all(CASES, tmp_path, defect(company))
    figures = summarise(done)
    assert figures.unscored == 0, figures.errors
    assert figure(figures, score) < 1.0
    assert reasons(done, GATE, None)


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_a_scorer_that_always_passes_scores_nothing(name: str, company: Company, tmp_path: Path) -> None:
    passing = {**SCORERS, name: lambda _case, _turns: Score(value=1.0)}
    done = play_all(CASES[:3], tmp_path, replace(company.sane, scorers=passing))
    assert summarise(done).failed == {name: 3}
    assert "failed at a control" in done.results[0].scores[name].why
    assert bool(reasons(done, GATE, None)) == (name in {"resolution", *GATE.at_least})  # by which the gate goes
