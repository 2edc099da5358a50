"""Every setting, typed and frozen; the only reader of the environment.

`config.yaml` mirrors these classes section by section. An unknown key fails and names the nearest valid one.
Secrets (API keys) never stand in the file: it names the environment variable that holds them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from rag.config_base import Count, Price, Seconds, Section, Share, nearest
from rag.config_customers import CRM as CRM
from rag.config_customers import Customers, Privacy, SegmentRule
from rag.config_escalation import Escalation
from rag.config_evaluation import Evaluation
from rag.config_people import Email as Email
from rag.config_people import Handover, Notifications, Shifts, Staff, Topics
from rag.config_people import Webhook as Webhook
from rag.config_traces import Traces as Traces
from rag.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


class Paths(Section):
    knowledge: Path = Path("knowledge")
    data: Path = Path("data")
    models: Path = Path("models")
    cases: Path = Path("eval/cases")


class Ingest(Section):
    passage_tokens: Annotated[int, Field(ge=40, le=220)] = 120
    workers: Annotated[int, Field(ge=1, le=32)] = 2
    parse_seconds: Seconds = 60
    parse_memory_mb: Annotated[int, Field(ge=256)] = 1024
    ocr_pages: Annotated[int, Field(ge=0)] = 40
    comments: bool = False
    max_file_mb: Count = 100
    max_media_mb: Count = 500
    publish: Literal["auto", "review"] = "auto"
    keep_days: Annotated[int, Field(ge=0)] = 365
    watch: bool = True
    rescan_seconds: Seconds = 300
    settle_seconds: Seconds = 0.5


class Transcription(Section):
    backend: Literal["none", "openai"] = "none"
    base_url: str = ""
    model: str = ""
    api_key_env: str = "VOUCH_TRANSCRIPTION_KEY"
    seconds: Seconds = 600
    max_mb: Count = 24


class Embedding(Section):
    backend: Literal["minilm", "openai", "llama_index"] = "minilm"
    precision: Literal["int8", "fp32"] = "int8"
    model: str = ""
    base_url: str = ""
    api_key_env: str = "VOUCH_EMBEDDING_KEY"
    languages: tuple[str, ...] = ("en", "zh")


class Retrieval(Section):
    keyword_candidates: Count = 60
    vector_candidates: Count = 40
    passages: Count = 6
    history_share: Share = 0.3


class Reranking(Section):
    backend: Literal["none", "http"] = "none"
    base_url: str = ""
    model: str = ""
    api_key_env: str = "VOUCH_RERANKER_KEY"
    passages: Count = 20
    seconds: Seconds = 1.0


class Decision(Section):
    answer_above: Share = 0.28


class Endpoint(Section):
    base_url: str
    model: str
    api_key_env: str = "VOUCH_MODEL_KEY"
    price_in: Price = 0
    price_out: Price = 0


class Writer(Section):
    backend: Literal["extractive", "openai"] = "extractive"
    endpoints: tuple[Endpoint, ...] = ()
    sentences: Count = 3
    prompt_tokens: Annotated[int, Field(ge=500)] = 3000
    answer_tokens: Annotated[int, Field(ge=50)] = 500
    first_token_seconds: Seconds = 8
    total_seconds: Annotated[float, Field(gt=0, le=24)] = 20
    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    breaker_failures: Count = 3
    breaker_seconds: Seconds = 60
    rewrite_seconds: Annotated[float, Field(ge=0, le=5)] = 2


def _origin(text: str) -> str:
    if not re.fullmatch(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?", text):
        raise ValueError(
            f"{text!r} is no origin. Write it like https://shop.example, in small letters and without a path"
        )
    return text


class Server(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    company: str = "Aurel Home"
    messages_per_minute: Count = 30
    embed_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    api_key_env: str = "VOUCH_API_KEY"
    suggestions: dict[Literal["en", "zh"], tuple[str, ...]] = Field(default_factory=dict)


class Settings(Section):
    """All of config.yaml. `load()` is the way to make one."""

    paths: Paths = Paths()
    ingest: Ingest = Ingest()
    transcription: Transcription = Transcription()
    embedding: Embedding = Embedding()
    retrieval: Retrieval = Retrieval()
    reranking: Reranking = Reranking()
    decision: Decision = Decision()
    escalation: Escalation = Escalation()
    writer: Writer = Writer()
    evaluation: Evaluation = Evaluation()
    server: Server = Server()
    handover: Handover = Handover()
    notifications: Notifications = Notifications()
    topics: Topics = Topics()
    staff: Staff = Staff()
    shifts: Shifts = Shifts()
    customers: Customers = Customers()
    segments: tuple[SegmentRule, ...] = ()
    privacy: Privacy = Privacy()
    traces: Traces = Traces()


def load(file: Path | None = None, data: Path | None = None) -> Settings:
    """Settings from `file` (default: config.yaml beside app.py), with relative paths made absolute.

    The data folder is `data`, else $VOUCH_DATA, else paths.data. Raises ConfigError.
    """
    file = file or Path(os.environ.get("VOUCH_CONFIG", ROOT / "config.yaml"))
    try:
        read = Settings.model_validate(_read(file))
    except ValidationError as error:
        raise ConfigError(_explain(file, error)) from None
    chosen = data or (Path(os.environ["VOUCH_DATA"]) if os.environ.get("VOUCH_DATA") else None)
    base = file.resolve().parent
    paths = Paths(
        knowledge=base / read.paths.knowledge,
        data=chosen.resolve() if chosen else base / read.paths.data,
        models=base / Path(os.environ.get("VOUCH_MODELS", read.paths.models)),
        cases=base / read.paths.cases,
    )
    handover = read.handover.model_copy(update={"canned": base / read.handover.canned})
    return read.model_copy(update={"paths": paths, "handover": handover})


def secret(variable: str) -> str:
    """The value of an environment variable that config.yaml names; empty when it is not set."""
    return os.environ.get(variable, "")


def _read(file: Path) -> object:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        raise ConfigError(
            f"{file} is not there. Run from the project folder, or set VOUCH_CONFIG to its path."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. Check its rights and that it is UTF-8.") from None
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" line {place.line + 1}" if place else ""
        raise ConfigError(f"{file}{line} is not valid YAML. Check its indentation and quotes.") from None
    # A section whose lines are all commented out reads as nothing; it means the defaults.
    return {name: value for name, value in read.items() if value is not None} if isinstance(read, dict) else read


def _explain(file: Path, error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = nearest(str(problem["loc"][-1]), _keys(problem["loc"][:-1]))
            lines.append(f"{file}: unknown setting {where!r}.{near} Rename or remove it.")
        else:
            lines.append(f"{file}: {where}: {_complaint(problem)} Correct it.")
    return "\n".join(lines)


def _complaint(problem: ErrorDetails) -> str:
    """Pydantic's words with the value, or our own, which quote what is wrong themselves."""
    if problem["type"] == "value_error":
        said = problem["msg"].removeprefix("Value error, ")
        return said if said.endswith(("?", ".")) else f"{said}."
    return f"{problem['msg']} (found {problem.get('input')!r})."


def _keys(path: tuple[int | str, ...]) -> list[str]:
    """Names of the settings in the section at `path`."""
    section: type[BaseModel] = Settings
    for part in path:
        if isinstance(part, str) and part in section.model_fields:
            section = _section_type(section.model_fields[part].annotation) or section
    return list(section.model_fields)


def _section_type(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _section_type(inner))), None)
