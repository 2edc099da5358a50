"""Prompts as files: complete in both languages, checked when read, filled in one pass."""

from __future__ import annotations

from pathlib import Path

import pytest

import prompts
from prompts import FOLDER, load_prompt
from rag.errors import ConfigError

NAMES = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.md")})
GOOD = "---\nversion: 3\nvariables: [question]\n---\n# System\nBe kind.\n# User\nAsked: {{question}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prompts, "FOLDER", tmp_path)
    load_prompt.cache_clear()
    yield tmp_path
    load_prompt.cache_clear()


def written(folder: Path, text: str) -> prompts.Prompt:
    (folder / "x.en.md").write_text(text, encoding="utf-8")
    load_prompt.cache_clear()
    return load_prompt("x", "en")


def test_there_are_prompts() -> None:
    assert "answer" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_is_there_in_both_languages_alike(name: str) -> None:
    english, chinese = load_prompt(name, "en"), load_prompt(name, "zh")
    assert (english.variables, english.version) == (chinese.variables, chinese.version)
    assert english.system
    assert english.user
    assert english.hash != chinese.hash


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_left_to_fill(name: str, language: str) -> None:
    prompt = load_prompt(name, language)
    assert "{{" not in "".join(prompt.fill(**dict.fromkeys(prompt.variables, "x")))


def test_a_prompt_has_two_parts(folder: Path) -> None:
    prompt = written(folder, GOOD)
    assert prompt.fill(question="Why?") == ("Be kind.", "Asked: Why?")
    assert (prompt.name, prompt.version) == ("x.en", "3")


@pytest.mark.parametrize("values", [{}, {"question": "a", "history": "b"}, {"history": "b"}])
def test_code_and_file_must_agree_on_the_variables(folder: Path, values: dict[str, str]) -> None:
    prompt = written(folder, GOOD)
    with pytest.raises(ConfigError, match=r"disagree about: .*(question|history)"):
        prompt.fill(**values)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (GOOD.replace("[question]", "[question, history]"), "history"),
        (GOOD.replace("[question]", "[]"), "question"),
        (GOOD.replace("Be kind", "Be {{mood}}"), "mood"),
    ],
)
def test_a_missing_or_unused_variable_fails(folder: Path, wrong: str, named: str) -> None:
    with pytest.raises(ConfigError, match=f"differ: {named}"):
        written(folder, wrong)


NO_PROMPTS = (
    "",
    "no front matter",
    GOOD.replace("# User\n", ""),
    GOOD.replace("variables: [question]\n", ""),
    GOOD.replace("version: 3\n", ""),
    "---\n: [\n---\n",
    "---\nonly text\n---\n# System\na\n# User\nb\n",
)


@pytest.mark.parametrize("wrong", NO_PROMPTS)
def test_a_file_that_is_no_prompt_says_so(folder: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.en\.md is not a prompt"):
        written(folder, wrong)


def test_a_prompt_that_is_not_there_says_so(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.en\.md"):
        load_prompt("nothing", "en")


@pytest.mark.parametrize(
    "text", ["{{question}}", "{{passages}} {x} {} {{", r"\1 \g<0> \n", "%s %(question)s", "# User\n---"]
)
def test_what_a_customer_writes_is_never_filled_again(text: str) -> None:
    _, user = load_prompt("answer", "en").fill(passages=text, history="-", question=f"Why {text}?", tone="plain")
    assert user.count(text) >= 2
    assert f"Why {text}?" in user


def test_the_hash_follows_the_text(folder: Path) -> None:
    first = written(folder, GOOD)
    assert written(folder, GOOD).hash == first.hash
    assert written(folder, GOOD.replace("kind", "brief")).hash != first.hash
    assert written(folder, GOOD.replace("version: 3", "version: 4")).hash != first.hash
