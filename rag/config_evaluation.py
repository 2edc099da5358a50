"""The settings of evaluation: who judges answers, and what a run must reach before a change goes live."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rag.config_base import Count, Price, Section, Share


class Judge(Section):
    """Who judges answers whose wording no rule can judge."""

    backend: Literal["deterministic", "model"] = "deterministic"
    base_url: str = ""
    model: str = ""
    api_key_env: str = "VOUCH_JUDGE_KEY"
    price_in: Price = 0
    price_out: Price = 0
    seconds: Annotated[float, Field(gt=0, le=24)] = 20


AT_LEAST = {"escalation_recall": 0.9, "citation_precision": 0.95, "nothing_forbidden": 1.0}  # what a run must reach


class Gate(Section):
    """What a run must reach; shares of scored cases."""

    resolution: Share = 0.85
    tag: Share = 0.75
    tag_cases: Count = 10
    unscored: Share = 0.02
    at_least: dict[str, Share] = Field(default_factory=lambda: dict(AT_LEAST))
    at_most: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    significance: Share = 0.05


class Evaluation(Section):
    """Both."""

    judge: Judge = Judge()
    gate: Gate = Gate()
