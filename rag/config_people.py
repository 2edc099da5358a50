"""The settings about people: who takes over from the assistant, when, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from rag.config_base import Count, Seconds, Section, nearest
from rag.hours import Period, Week, period, week


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there; no name at all; a folder of zones
        near = nearest(name, available_timezones()) if name else ""
        raise ValueError(f"{name!r} is no time zone.{near or ' Write one such as Europe/London.'}") from None
    return name


NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$")]
Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[Week, PlainValidator(week)]
Days = Annotated[Period, PlainValidator(period)]
Minutes = Annotated[float, Field(gt=0, le=24 * 60)]
# What may be told of a ticket: desk/handoff.py says what each is.
Told = Literal[
    "opened", "reopened", "raised", "claimed", "passed_on", "handed_back", "resolved", "delayed", "requeued",
    "freed", "withdrawn", "lapsed",
]  # fmt: skip
Alert = Literal["rising"]  # what is told besides: a topic that is asked about far more than the week before
PRIORITIES = {
    "safety": 5, "legal": 3, "anger": 3, "payment_dispute": 2, "cancellation": 2, "vip": 2, "open_complaint": 1, "repeated": 1,
}  # fmt: skip


class Staff(Section):
    """Staff accounts: how long a log-in lasts, and how often one may be tried."""

    session_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12
    tries: Count = 10  # for one account from one address
    tries_address: Count = 30  # from one address, whatever the account
    tries_account: Count = 100  # for one account, whatever the address
    tries_minutes: Count = 15


class Handover(Section):
    """How long things may take between the assistant, the customer and the agents, and what comes first."""

    unclaimed_minutes: Minutes = 10
    reopen_hours: Annotated[float, Field(ge=0, le=24 * 365)] = 72
    away_minutes: Minutes = 15
    time_zone: Zone = "Europe/Berlin"
    priorities: dict[str, Annotated[int, Field(ge=0, le=9)]] = Field(default_factory=lambda: dict(PRIORITIES))
    canned: Path = Path("desk/canned.yaml")


class Webhook(Section):
    """Where notifications are posted; no url: nowhere."""

    url: str = ""
    secret_env: str = "VOUCH_WEBHOOK_SECRET"
    events: tuple[Told | Alert, ...] = (*get_args(Told), "rising")


class Email(Section):
    """Where notifications are mailed; no host: nowhere."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_env: str = "VOUCH_SMTP_PASSWORD"
    sender: str = ""
    to: tuple[str, ...] = ()
    events: tuple[Told | Alert, ...] = ("opened", "reopened", "passed_on", "delayed", "requeued")


class Topics(Section):
    """What becomes of what customers ask about, from week to week, without anybody's doing."""

    askers: Annotated[int, Field(ge=2)] = 5  # different people who asked, before a topic is suggested or told of
    suggestions: Annotated[int, Field(ge=0, le=12)] = 4  # of the chat at the most; 0: only server.suggestions
    refresh_minutes: Minutes = 10


class Notifications(Section):
    """What leaves for other systems and for people who are not at the desk."""

    seconds: Seconds = 10
    webhook: Webhook = Webhook()
    email: Email = Email()


class OtherHours(Section):
    """On these days, these hours instead of the weekly ones."""

    days: Days
    hours: Hours


class Team(Section):
    """People who answer the same customers. Times are of the wall clock in `time_zone`."""

    name: Name
    time_zone: Zone
    languages: tuple[str, ...] = ()
    hours: Hours
    other_hours: tuple[OtherHours, ...] = ()
    holidays: tuple[Days, ...] = ()  # nobody of the team begins a shift on them


class Agent(Section):
    """One person. What is left out is the team's."""

    name: Name  # the log-in name of the staff account
    shown: str = ""  # as customers read it
    team: str
    time_zone: Zone | None = None
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    hours: Hours | None = None
    other_hours: tuple[OtherHours, ...] = ()
    days_off: tuple[Days, ...] = ()
    capacity: Count = 3  # conversations at once


class Shifts(Section):
    """Teams and agents."""

    teams: tuple[Team, ...] = ()
    agents: tuple[Agent, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        teams = [each.name for each in self.teams]
        for kind, names in (("team", teams), ("agent", [each.name for each in self.agents])):
            if twice := next((name for name in names if names.count(name) > 1), ""):
                raise ValueError(f"the {kind} {twice!r} is there twice")
        for agent in self.agents:
            if agent.team not in teams:
                raise ValueError(f"agent {agent.name!r}: there is no team {agent.team!r}.{nearest(agent.team, teams)}")
            _check_once(f"agent {agent.name!r}", agent.other_hours)
        for team in self.teams:
            _check_once(f"team {team.name!r}", team.other_hours)
        return self


def _check_once(whose: str, others: Iterable[OtherHours]) -> None:
    placed = sorted((each.days for each in others), key=lambda each: each.first)
    for one, other in pairwise(placed):
        if other.first <= one.last:
            raise ValueError(f"{whose}: other_hours of {one} and of {other} are for the same days")
