"""The pages of editors and testers: whatever documents, files, cases and people are called stays text; and what is filtered."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup

from eval.compare import compare
from eval.drafts import Draft
from eval.history import Entry, moments
from eval.shares import shares
from eval.summary import summarise
from ingest.asked import AnswerChange, Given
from ingest.browse import Looked, Passage, Version
from ingest.differences import Differences, PassageChange, SentenceChange
from ingest.overlap import Overlap
from ingest.preview import DocumentChange, Preview
from ingest.publishing import Release
from ingest.rehearsal import Change
from ingest.rows import Status
from rag.errors import Refused
from rag.types import AnswerSentence, Chunk, Citation, Decision, Reply, Sentence
from tests.eval import made_runs
from ui import quality_render, studio_render
from ui.jobs import Job
from ui.quality_chart import chart
from ui.quality_render import Place
from ui.quality_texts import QUALITY_TEXTS
from ui.studio_render import Where
from ui.studio_texts import STUDIO_TEXTS
from ui.studio_work import Compared, Previewed
from ui.upload import Upload

NOW = datetime(2026, 1, 2)
HOSTILE = "</textarea></title>\"'><script>alert(1)</script><img src=http://e.example/x onerror=alert(1)>{{ 7 * 7 }}"
TAGS = {
    "section", "div", "p", "b", "span", "ul", "ol", "li", "button", "h1", "h2", "h3", "h4", "header", "nav", "form", "svg",
    "path", "input", "select", "option", "label", "br", "article", "dl", "dt", "dd", "table", "tbody", "thead", "tr", "td",
    "th", "details", "summary", "del", "ins", "sup", "a", "figure", "line", "text", "g", "title", "circle", "textarea",
}  # fmt: skip


def status(source: str = HOSTILE, text: str = HOSTILE, **fields: object) -> Status:
    known = {"state": "live", "version": 1, "title": text, "language": "en", "audience": text, "passages": 1}
    known |= {"refusal": "", "warnings": (text,), "owner": text, "category": text}
    return Status(source, **(known | fields))  # type: ignore[arg-type]


def studio_parts(text: str = HOSTILE) -> list[str]:
    t, at = STUDIO_TEXTS["en"], (0, 1)
    chunk = Chunk(1, text, 1, 0, text, (text,), text, text, (Sentence(0, len(text)),), "en")
    differences = Differences(
        (PassageChange("changed", text, (SentenceChange(text, text),)),), (("owner", text, text),), frozenset()
    )  # fmt: skip
    given = Given("answer", text, (text,))
    preview = Preview(
        (DocumentChange(Change(text, 1, 2), text, 1, 2, differences),),
        (Overlap("contradiction", chunk, chunk, ((0, 0),), text),), (AnswerChange(text, given, given),), 1,
    )  # fmt: skip
    citation = Citation(1, 1, text, text, 1, (text,), None, *at, text)
    reply = Reply(Decision("answer", 0.5, ()), (AnswerSentence(text, (citation,)),), "en", "extractive")
    refused = Refused("BROKEN", text, text)
    looked = Looked(
        status(text, text, refusal=f"BROKEN: {text}"), refused, (Version(1, NOW, 1, True, False, ((1, NOW),)),), 1,
        {"owner": text}, (text,), (Passage(text, text, (Sentence(0, len(text), "text", 1, 2.0, ("x",)),)),),
    )  # fmt: skip
    waiting = status(text, text, waiting="staged v2")
    return [
        studio_render.header(text, text, Where(), 1, t),
        studio_render.bar([text], Where(search=text), t),
        studio_render.documents([status(text, text), waiting], Where(), t),
        studio_render.document(looked, t, text),
        studio_render.changes([waiting], Previewed(preview, "1"), "2", "review", t, text),
        studio_render.releases([Release(n, NOW, text, False, ((text, 1),), ()) for n in (2, 1)], t),
        studio_render.asking(Compared(text, reply, reply), t),
        studio_render.activity(
            [Job(1, "publish", text, text, "done", NOW, (text,))], [Upload(text, text, NOW, refused)], t
        ),
        studio_render.problem(text, t),
    ]


def quality_parts(text: str = HOSTILE) -> list[str]:
    t = QUALITY_TEXTS["zh"]
    hostile = made_runs.case(0, turns=(text,), id=text)
    runs = [
        made_runs.made([made_runs.result(hostile, value, why=text)], name, knowledge=text, release=at)
        for at, (name, value) in enumerate((("r1", 0.0), (text, 1.0)))
    ]
    known = [Entry(header=each.header, results=1, unscored=1, scores=shares(each, summarise(each))) for each in runs]
    draft = Draft(id=text, why=(text,), guess=text, case={"turns": [text]})
    return [
        quality_render.bar(t),
        quality_render.runs(known, [each.header for each in runs], ["r1"], Place(), t),
        quality_render.over_time(moments(known), t),
        quality_render.run(known[1], known, text, t),
        quality_render.comparison(compare(*runs), known, Place("compare", "r1", text), t),
        quality_render.drafts([draft], t),
    ]


@pytest.mark.parametrize("html", [*studio_parts(), *quality_parts()])
def test_foreign_text_stays_text(html: str) -> None:
    page = BeautifulSoup(html, "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= TAGS
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "src"]
    ours = ("/quality/report/", "/studio/gaps/")
    assert not [tag["href"] for tag in page.find_all("a") if not tag["href"].startswith(ours)]


def test_the_list_is_filtered_by_state_and_words() -> None:
    live, staged = status("a.md", title="Fees"), status("b.md", title="Fees", state="staged", waiting="staged v1")
    refused = status("c.pdf", state="refused", refusal="BROKEN: It is.")
    late = status("d.md", review_by=date(2020, 1, 1))

    def found(**where: str) -> list[str]:
        return [each.source for each in (live, staged, refused, late) if studio_render.fits(each, Where(**where))]  # type: ignore[arg-type]

    assert found(state="live") == ["a.md", "d.md"]
    assert (found(state="staged"), found(state="refused"), found(state="due")) == (["b.md"], ["c.pdf"], ["d.md"])
    assert (found(search="fees B.MD"), found(search="broken"), found(search="nothing")) == (["b.md"], ["c.pdf"], [])


def test_the_line_goes_from_the_oldest_to_the_newest_within_its_frame() -> None:
    runs = [made_runs.run([1.0] * right + [0.0] * (10 - right), f"r{right}", release=right // 2) for right in (3, 5, 9)]
    drawn = chart(
        [Entry(header=each.header, results=10, unscored=0, scores=shares(each, summarise(each))) for each in runs]
    )
    assert drawn
    first, second, third = drawn.points
    assert drawn.left == first.x < second.x < third.x == drawn.right
    assert first.y > second.y > third.y, "better is higher"
    assert all(drawn.top <= each.high < each.y < each.low <= drawn.bottom for each in drawn.points)
    assert drawn.marks == ((second.x, 2), (third.x, 4))
    assert chart([]) is None
