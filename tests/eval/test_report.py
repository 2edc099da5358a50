"""Reports: nothing foreign becomes markup or breaks a format, and they say what the run says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.junit import junit
from eval.report import classes, figures, page
from eval.results import Cited, Result, Run, Score, Sentence
from tests.eval.made_runs import answered, case, made, result, run, stored

PAYLOADS = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)" onclick=alert(1)>x</a>',
    "</details></main><iframe src='http://evil.example'></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!-- & &amp; \u202e\u2066 \x00\x07\x1b[31m \x85\ufffe",
)
NAMED = ("script", "iframe", "img", "a", "object", "link", "form", "base")


def hostile(payload: str) -> Run:
    """A run in which every text there is holds the payload."""
    of = case(
        0, id=payload, turns=(payload, payload), facts=((payload,),), cite=((payload,),), forbid=(payload,),
        tags=(payload,), customer=payload,
    )  # fmt: skip
    cited = Cited(source=payload, quote=payload, supported=False, why=payload)
    reply = answered(
        sentences=(Sentence(text=payload, citations=(cited,)),), options=(payload,), rule=payload, writer=payload,
        trace=({"name": payload, "detail": {payload: payload}},),
    )  # fmt: skip
    failed = Result(case=of, turns=(reply, reply), scores={"resolution": Score(value=0.0, why=payload)})
    lost = Result(case=of, repeat=1, error=payload)
    header = {"knowledge": payload, "commit": payload, "models": (payload,), "prompts": {payload: payload}}
    return made([failed, lost], payload, **header)


class Seen(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.open = list[str](), list[tuple[str, str]](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.open += [tag] if tag not in ("meta", "rect") else []

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_foreign_becomes_markup(payload: str) -> None:
    plain, seen = Seen(page(hostile("harmless"), "judge x")), Seen(page(hostile(payload), payload))
    assert seen.tags == plain.tags  # the same page, whatever the texts
    assert not set(seen.tags) & set(NAMED)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("style", "src", "href")]
    assert seen.open == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_text_itself_is_shown(payload: str) -> None:
    shown: list[str] = []
    parser = HTMLParser()
    parser.handle_data = shown.append  # type: ignore[method-assign]
    parser.feed(page(hostile(payload), ""))
    for control in "\x00\x07\x1b\ufffe":
        payload = payload.replace(control, "\ufffd")
    assert payload in shown


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    text = page(run([1, 0]), "")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)
    assert policy
    told = policy[1].replace("&#39;", "'")
    assert told == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]


def test_each_failing_case_stands_there_with_its_reasons_and_its_trace() -> None:
    wrong = result(case(1, facts=(("9 months",),)), 0, why="lacks '9 months'", facts=0.0)
    text = page(made([result(case(0), 1), wrong, result(case(2), None)]), "")
    assert "Not resolved: 1" in text
    assert "Unscored: 1" in text
    for said in (
        "Question 1?",
        "lacks &#39;9 months&#39;",
        "9 months",
        "faq/a.md",
        "Trace of turn 1",
        "&#34;decide&#34;",
    ):
        assert said in text
    assert "ModelError: the endpoint was away" in text


def test_a_page_without_scored_cases_says_so() -> None:
    text = page(run([None, None]), "")
    assert "2 of 2 unscored" in text
    assert "no cases" in text
    assert page(made([]), "")


def test_what_a_model_judged_says_how_far_it_agrees_with_people() -> None:
    judged = result(case(0), 0, judged=0.5)
    text = page(made([judged], judge="m1, prompt ab"), "judge m1, prompt ab: agreement with people unmeasured")
    row = re.search(r"<td>judged (.*?)</td>", text, re.DOTALL)
    assert row
    assert "unmeasured" in row[1]
    assert text.count("agreement with people unmeasured") == 3  # above, beside the mean, beside the case's score


def test_a_long_trace_is_cut_and_says_so() -> None:
    long = result(case(0), 0).model_copy(update={"turns": (answered(trace=({"name": "x" * 50_000},)),)})
    text = page(made([long]), "")
    assert len(text) < 80_000
    assert "cut; the rest stands in results.jsonl" in text


def test_times_fall_into_classes() -> None:
    found = classes([12.0, 14.9, 15.0, 40.0])
    assert [(each.low, each.high, each.replies) for each in found] == [
        (10, 15, 2),
        (15, 20, 1),
        (20, 30, 0),
        (30, 50, 1),
    ]
    assert classes([]) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_junit_is_xml_with_a_testcase_a_result(payload: str) -> None:
    root = ElementTree.fromstring(junit(hostile(payload), payload))
    assert [each.tag for each in root.iter("failure")] == ["failure"]
    assert [each.tag for each in root.iter("error")] == ["error"]


def test_junit_counts_failures_and_errors() -> None:
    root = ElementTree.fromstring(junit(run([1, 0, 0, None]), ""))
    suite = root.find("testsuite")
    assert suite is not None
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "2",
        "errors": "1",
    }
    cases = {each.get("name"): [inner.tag for inner in each] for each in suite.findall("testcase")}
    assert cases == {"c0#0": [], "c1#0": ["failure"], "c2#0": ["failure"], "c3#0": ["error"]}


def test_repeats_tell_how_often_all_of_k_are_right() -> None:
    values = {0: (1, 1, 1), 1: (1, 1, 0), 2: (0, 0, 0), 3: (1, None, 1)}
    repeated = [result(case(n), one, repeat=k) for n, some in values.items() for k, one in enumerate(some)]
    found = figures(made(repeated, repeat=3), "")["scores"]
    # Of the three cases whose repeats are all scored: 3, 2 and 0 of 3 right.
    assert found["pass^2"]["value"] == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert found["pass^3"]["value"] == pytest.approx(1 / 3)
    assert found["pass^3"]["of"] == 3
    assert "pass^1" not in found


def test_json_has_every_case_and_its_scores() -> None:
    found = json.loads(json.dumps(figures(run([1, 0, None]), "")))
    assert [each["state"] for each in found["cases"]] == ["resolved", "failed", "unscored"]
    assert found["scores"]["resolution"]["value"] == 0.5
    assert found["summary"]["unscored"] == 1


def test_the_command_writes_what_is_asked_for(tmp_path: Path) -> None:
    stored(tmp_path / "runs", run([1, 0], "20261120-1"))
    words = ["report", "2026", "--data", str(tmp_path)]
    files = {name: tmp_path / f"out.{name}" for name in ("html", "junit", "json")}
    asked = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    ended = CliRunner().invoke(app, [*words, *asked])
    assert ended.exit_code == 0, ended.output
    assert all(file.stat().st_size for file in files.values())
    assert not (tmp_path / "runs" / "20261120-1" / "report.html").exists()
    assert CliRunner().invoke(app, words).exit_code == 0
    assert (tmp_path / "runs" / "20261120-1" / "report.html").exists()
