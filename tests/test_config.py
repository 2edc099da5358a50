"""config.yaml says everything rag/config.py knows, and whatever is wrong in it is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from rag.config import ROOT, Settings, load, secret
from rag.errors import ConfigError

FILE = ROOT / "config.yaml"
OWN = {
    "server.suggestions",
    "server.company",
    "shifts.teams",
    "shifts.agents",
    "segments",
}  # the demo company's, not a default


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOUCH_DATA", "VOUCH_MODELS", "VOUCH_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def settings(model: BaseModel, path: str = "") -> Iterator[tuple[str, Any]]:
    """("ingest.workers", 2) for every setting there is, with its default."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from settings(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def written(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "config.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def complaint(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    return str(caught.value)


# --- the file of the repository ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "default"), list(settings(Settings())))
def test_the_file_holds_every_setting_with_its_default(name: str, default: Any) -> None:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for part in name.split("."):
        assert part in found, f"{name} is missing in config.yaml"
        found = found[part]
    if name not in OWN:
        assert found == (
            list(default) if isinstance(default, tuple) else str(default) if isinstance(default, Path) else default
        )


def test_every_setting_is_explained() -> None:
    """By a comment on its line, or behind the one of a neighbour it shares it with."""
    lines, silent = FILE.read_text(encoding="utf-8").splitlines(), []
    for number, line in enumerate(lines):
        setting = line.strip() and not line.lstrip().startswith(("#", "-")) and line.startswith("  ")
        nested = line.startswith("    ")
        if setting and not nested and "#" not in line and not lines[number - 1].strip().startswith("#"):
            silent.append(line.strip())
    assert silent == []


def test_the_file_is_read() -> None:
    found = load()
    assert found.paths.knowledge == ROOT / "knowledge"
    assert found.writer.backend == "extractive"


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(Exception, match="frozen"):
        load().writer.sentences = 9  # type: ignore[misc]


# --- what is wrong in it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unknown", "meant"),
    [
        ("writter: {}", "writter", "writer"),
        ("writer: {sentance: 3}", "writer.sentance", "sentences"),
        ("writer: {endpoints: [{base_url: a, model: b, api_key: c}]}", "writer.endpoints.0.api_key", "api_key_env"),
        ("paths: {dat: x}", "paths.dat", "data"),
    ],
)
def test_an_unknown_setting_names_the_nearest(tmp_path: Path, text: str, unknown: str, meant: str) -> None:
    said = complaint(tmp_path, text)
    assert f"unknown setting {unknown!r}" in said
    assert f"Did you mean {meant!r}?" in said


def test_an_unknown_setting_like_no_other_lists_what_is_valid(tmp_path: Path) -> None:
    assert "Valid here: answer_above." in complaint(tmp_path, "decision: {zzz: 1}")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("ingest: {workers: many}", "ingest.workers"),
        ("ingest: {workers: 0}", "ingest.workers"),
        ("decision: {answer_above: 2}", "decision.answer_above"),
        ("writer: {total_seconds: 60}", "writer.total_seconds"),
        ("writer: {backend: gpt}", "writer.backend"),
        ("writer: {endpoints: [{model: b}]}", "writer.endpoints.0.base_url"),
        ("ingest: 5", "ingest"),
        ("server: {suggestions: {fr: [a]}}", "server.suggestions.fr"),
    ],
)
def test_a_wrong_value_names_its_place(tmp_path: Path, text: str, where: str) -> None:
    assert f"{where}" in complaint(tmp_path, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert len(complaint(tmp_path, "ingest: {workers: 0, wokers: 1}\nnothing: 1").splitlines()) == 3


@pytest.mark.parametrize("text", ["- a\n- b", "just text", "5"])
def test_a_file_without_sections_is_none(tmp_path: Path, text: str) -> None:
    assert "config.yaml" in complaint(tmp_path, text)


def test_not_yaml_names_the_line(tmp_path: Path) -> None:
    assert "line 2" in complaint(tmp_path, "ingest: {}\nwriter: [}")


def test_not_utf8(tmp_path: Path) -> None:
    assert "UTF-8" in complaint(tmp_path, "server: {company: Café}".encode("latin-1"))


def test_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not there"):
        load(tmp_path / "nothing.yaml")


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["", "# nothing\n", "ingest:\n"])
def test_an_empty_file_or_section_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, text)).ingest == Settings().ingest


# --- the environment ---------------------------------------------------------------------------------------


def test_secrets_stand_in_the_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "hunter2")
    found = load(written(tmp_path, "writer: {endpoints: [{base_url: a, model: b, api_key_env: MY_KEY}]}"))
    assert secret(found.writer.endpoints[0].api_key_env) == "hunter2"
    assert "hunter2" not in repr(found)
    assert secret("NOT_SET_AT_ALL") == ""
    assert all("api_key" not in name or name.endswith("_env") for name, _ in settings(Settings()))


def test_paths_count_from_the_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, "paths: {knowledge: docs}")).paths.knowledge == tmp_path / "docs"


def test_the_data_folder_by_option_then_environment_then_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "paths: {data: from-file}")
    assert load(file).paths.data == tmp_path / "from-file"
    monkeypatch.setenv("VOUCH_DATA", str(tmp_path / "from-environment"))
    assert load(file).paths.data == tmp_path / "from-environment"
    assert load(file, tmp_path / "from-option").paths.data == tmp_path / "from-option"


def test_models_and_the_file_itself_by_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCH_CONFIG", str(written(tmp_path, "server: {port: 1234}")))
    monkeypatch.setenv("VOUCH_MODELS", "/somewhere/models")
    assert load().server.port == 1234
    assert load().paths.models == Path("/somewhere/models")


# --- shifts ------------------------------------------------------------------------------------------------

TEAM = "{name: a, time_zone: Europe/London, hours: {mon-fri: 09:00-17:00}}"


def shifts(team: str = TEAM, agent: str = "{name: x, team: a}") -> str:
    return f"shifts: {{teams: [{team}], agents: [{agent}]}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (shifts(TEAM.replace("09:00-17:00", "22:00-06:00")), "'22:00-06:00' ends before it begins"),
        (shifts(TEAM.replace("09:00-17:00", "22:00-06:00")), "write 22:00-06:00+1"),
        (shifts(TEAM.replace("09:00-17:00", "09:00-09:00")), "ends before it begins"),
        (shifts(TEAM.replace("09:00-17:00", "09:00-17:00+1")), "lasts longer than a day"),
        (shifts(TEAM.replace("09:00-17:00", "9-17")), "'9-17' is no shift; write it as 08:00-16:30"),
        (shifts(TEAM.replace("09:00-17:00", "09:00-24:30")), "no clock shows"),
        (shifts(TEAM.replace("09:00-17:00", "[09:00-13:00, 12:30-17:00]")), "mon 09:00-13:00 and mon 12:30-17:00 overlap"),
        (shifts(TEAM.replace("09:00-17:00", "[20:00-08:00+1, 07:00-09:00]")), "mon 20:00-08:00+1 and tue 07:00-09:00"),
        (shifts(TEAM.replace("mon-fri: 09:00-17:00", "sun: 20:00-06:00+1, mon: 05:00-09:00")), "overlap"),
        (shifts(TEAM.replace("mon-fri", "mo-fr")), "'mo-fr' is no day"),
        (shifts(TEAM.replace("mon-fri", "sat-mon")), "a week goes from mon to sun"),
        (shifts(TEAM.replace("17:00}", "17:00, wed: 10:00-12:00}")), "wed is named twice"),
        (shifts(TEAM.replace("{mon-fri: 09:00-17:00}", "09:00-17:00")), "written as days with shifts"),
        (shifts(TEAM.replace("Europe/London", "Europe/Lodnon")), "Did you mean 'Europe/London'?"),
        (shifts(TEAM.replace("Europe/London", "Europe")), "'Europe' is no time zone"),
        (shifts(agent="{name: x, team: b}"), "there is no team 'b'"),
        (shifts(agent="{name: x, team: a}, {name: x, team: a}"), "the agent 'x' is there twice"),
        (shifts(team=f"{TEAM}, {TEAM}"), "the team 'a' is there twice"),
        (shifts(agent="{name: x, team: a, capacity: 0}"), "shifts.agents.0.capacity"),
        (shifts(agent="{name: x, team: a, days_off: [soon]}"), "'soon' is no date"),
        (shifts(agent="{name: x, team: a, days_off: [2026-12-24/2026-12-01]}"), "end before they begin"),
        (shifts(TEAM.replace("a,", "a, other_hours: [{days: 2026-12-01/2026-12-09, hours: {}}, {days: 2026-12-09, hours: {}}],")),
         "other_hours of 2026-12-01/2026-12-09 and of 2026-12-09 are for the same days"),
        (shifts(agent="{name: x, team: a, skill: [b]}"), "Did you mean 'skills'?"),
    ],
)  # fmt: skip
def test_shifts_that_cannot_be_are_refused_in_clear_words(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, text)


def test_hours_that_touch_do_not_overlap(tmp_path: Path) -> None:
    text = shifts(TEAM.replace("mon-fri: 09:00-17:00", "mon-sun: [00:00-08:00, 08:00-20:00, 20:00-24:00]"))
    assert len(load(written(tmp_path, text)).shifts.teams[0].hours[6]) == 3
