"""A model as judge of answers: its prompt, its verdict, one attempt at repair. Knows no run and no file of labels.

What it is worth is measured against people's labels (eval/agreement.py). A failed call is a failed score, never zero.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.cases import Case
from eval.results import Answered, Score
from eval.scores import Scorer
from prompts import load_prompt
from rag.config import Endpoint, Settings
from rag.errors import ConfigError, ModelError
from rag.ports import ChatModel, Spent, unmetered
from rag.types import Language

Verdict = Literal["right", "half_right", "wrong", "unsupported"]
VALUES: dict[Verdict, float] = {"right": 1.0, "half_right": 0.5, "wrong": 0.0, "unsupported": 0.0}
DETERMINISTIC = "deterministic"
JUDGED = "judged"  # the name of its score
ANSWER_TOKENS = 300  # of a verdict with its reason


class Opinion(BaseModel):
    """What the judge says; whatever else it sends is passed over."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    reason: str = ""


class Material(BaseModel):
    """What is judged, and by what. `facts` as in a case: each a choice of wordings."""

    model_config = ConfigDict(frozen=True)

    language: Language
    conversation: tuple[str, ...] = Field(min_length=1)
    facts: tuple[tuple[str, ...], ...]
    passages: tuple[str, ...]
    answer: str


_SHOWN = set(Material.model_fields) - {"language"}  # of a labelled answer not its label


class ModelJudge:
    """A judge over any chat model; `name` tells the model and the prompts, so that another prompt is another judge."""

    def __init__(self, model: ChatModel, seconds: float) -> None:
        self._model, self._seconds = model, seconds
        prompts = "".join(load_prompt("judge", language).hash for language in ("en", "zh"))
        self.name = f"{model.name}, prompt {hashlib.sha256(prompts.encode()).hexdigest()[:8]}"

    def opinion(self, material: Material, spent: Spent = unmetered) -> Opinion:
        """The verdict and its reason. Raises ModelError, also where the reply cannot be read twice."""
        try:
            return _read(self._ask(material, "", spent))
        except ValueError as error:
            problem = f"Your last reply could not be read: {error}. Write the JSON object only."
        try:
            return _read(self._ask(material, problem, spent))
        except ValueError as error:
            raise ModelError(f"The judge {self._model.name} gave no verdict, twice: {error}.", "broken") from None

    def score(self, material: Material, spent: Spent = unmetered) -> Score:
        """1 for right, ½ for half right, else 0, with the reason; failed where the judge gave no verdict."""
        try:
            opinion = self.opinion(material, spent)
        except ModelError as error:
            return Score(value=None, why=str(error), failed=True)
        return Score(value=VALUES[opinion.verdict], why=f"{opinion.verdict}: {opinion.reason}")

    def _ask(self, material: Material, problem: str, spent: Spent) -> str:
        # As JSON: no text in it can end where the material ends.
        told = json.dumps(material.model_dump(include=_SHOWN), ensure_ascii=False, indent=1)
        system, user = load_prompt("judge", material.language).fill(material=told, problem=problem)
        return "".join(self._model.stream(system, user, self._seconds, spent))


def _read(reply: str) -> Opinion:
    """The JSON object in a reply, also between other words. Raises ValueError with a short reason."""
    found = reply[reply.find("{") : reply.rfind("}") + 1]
    if not found:
        raise ValueError("it holds no JSON object")
    try:
        return Opinion.model_validate_json(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc'])) or 'the object'}: {first['msg']}") from None


def scorer(judge: ModelJudge) -> Scorer:
    """The judge as one more score, JUDGED, of cases that expect an answer. Resolution accuracy does without it."""

    def judged(case: Case, turns: Sequence[Answered]) -> Score:
        last = turns[-1]
        if case.expect != "answer":
            return Score(value=None, why="does not apply")
        if last.outcome != "answer":
            return Score(value=0.0, why=f"no answer: {last.outcome}")
        return judge.score(material(case, turns))

    return judged


def material(case: Case, turns: Sequence[Answered]) -> Material:
    """What the judge is given of a case: the conversation, what it should say, the passages it cites, the answer."""
    replies = [turn.text for turn in turns[:-1]]
    said = [text for pair in zip_longest(case.turns[: len(turns)], replies) for text in pair if text]
    quotes = dict.fromkeys(cited.quote for sentence in turns[-1].sentences for cited in sentence.citations)
    return Material(
        language=case.language,
        conversation=tuple(said),
        facts=case.facts,
        passages=tuple(quotes),
        answer=turns[-1].text,
    )


def configured_judge(settings: Settings, chat_models: Callable[[Settings], list[ChatModel]]) -> ModelJudge | None:
    """The judge that config.yaml names; None for the deterministic one. Raises ConfigError."""
    chosen = settings.evaluation.judge
    if chosen.backend == DETERMINISTIC:
        return None
    if not (chosen.base_url and chosen.model):
        raise ConfigError(
            "evaluation.judge.backend is 'model' but base_url or model is empty. Name both in config.yaml."
        )
    endpoint = Endpoint(
        base_url=chosen.base_url,
        model=chosen.model,
        api_key_env=chosen.api_key_env,
        price_in=chosen.price_in,
        price_out=chosen.price_out,
    )
    writer = settings.writer.model_copy(
        update={
            "backend": "openai",
            "endpoints": (endpoint,),
            "answer_tokens": ANSWER_TOKENS,
            "first_token_seconds": chosen.seconds,
            "total_seconds": chosen.seconds,
        }
    )
    return ModelJudge(chat_models(settings.model_copy(update={"writer": writer}))[0], chosen.seconds)
