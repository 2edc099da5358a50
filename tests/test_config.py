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
OWN = {"server.suggestions", "server.company"}  # the demo company's, not a default


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
