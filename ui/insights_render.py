"""The figures as HTML and as CSV. Every text is escaped, every cell harmless to spreadsheets. Knows no Gradio and no store."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta

from desk.export import safe_cell
from desk.gaps import Gap, outline
from desk.measure_rows import MILLIONTHS, Period, Report
from desk.measures import DIMENSIONS, Dimension, Figures, share
from desk.topics import Topic
from ui.gap_work import Closing
from ui.gaps_render import tally
from ui.insights_texts import InsightsTexts
from ui.render import render

PERIODS = (7, 30, 90)  # days
WIDTH, HEIGHT, GAP = 900.0, 150.0, 0.28  # of the chart, in its own units; the gap is a share of a day
LISTED = 12  # topics in the table; the file has all


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is read: its value, and how it came about."""

    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: its place and heights in the chart's units, and what it stands for."""

    x: float
    width: float
    height: float
    part: float
    label: str


def header(company: str, name: str, t: InsightsTexts) -> str:
    """The bar at the top."""
    return render("insights_header.html", t=t, company=company, name=name)


def page(now: Report, before: Report, t: InsightsTexts) -> str:
    """The tiles, the days and the tables."""
    tiles = [(key, *t.figures[key], shown(key, now.all, t), shown(key, before.all, t).value) for key in t.figures]
    tables = [(kind, t.tables[kind], _rows(now, kind, t)) for kind in ("language", "segment", "topic")]
    return render(
        "insights.html", t=t, period=now.period, periods=PERIODS, tiles=tiles, tables=tables, days=_rows(now, "day", t),
        bars=bars(now), width=WIDTH, height=HEIGHT, most=_most(now), empty=not now.all.conversations,
    )  # fmt: skip


def topics(found: Sequence[Topic], open_gaps: Sequence[Gap], closings: Sequence[Closing], t: InsightsTexts) -> str:
    """What is asked most, the gaps with their outlines, and resolution before and after documents for former gaps."""
    rows = [(each, _share(each.answered, each.count, t)) for each in found[:LISTED]]
    gaps = [(each, outline(each)) for each in open_gaps[:LISTED]]
    live = [each for each in closings if each.live_at][:LISTED]
    return render("insights_topics.html", t=t, rows=rows, gaps=gaps, closings=live, tally=tally)


def shown(key: str, f: Figures, t: InsightsTexts) -> Shown:
    """One figure in words."""
    match key:
        case "verified":
            return _share(f.verified, f.asking, t)
        case "lasting":
            return _share(f.lasting, f.lasting_known, t)
        case "transferred":
            return _share(f.transferred, f.asking, t)
        case "unanswered":
            return _share(f.unanswered, f.answered + f.unanswered, t)
        case "promise":
            return _share(f.promises_kept, f.promises, t)
        case "csat":
            mean = t.mean.format(value=f"{f.score_sum / f.surveys:.2f}", count=f"{f.surveys:,}") if f.surveys else ""
            return Shown(_share(f.satisfied, f.surveys, t).value, mean)
        case "response":
            return _time(f.response_median, f.response_p95, t)
        case "wait":
            return _time(f.wait_median, f.wait_p95, t)
        case "cost":
            each = t.each.format(value=f"{f.cost / MILLIONTHS / f.conversations:.4f}") if f.conversations else ""
            return Shown(f"{f.cost / MILLIONTHS:,.2f}", each)
        case _:
            return Shown(f"{f.conversations:,}", t.asking.format(count=f"{f.asking:,}"))


def duration(milliseconds: int, t: InsightsTexts) -> str:
    """In the units that suit its length."""
    short, seconds, minutes, hours = t.units
    if milliseconds < 1000:
        return f"{milliseconds} {short}"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} {seconds}"
    whole = milliseconds // 60_000
    return f"{whole} {minutes}" if whole < 60 else f"{whole // 60} {hours} {whole % 60} {minutes}"


def bars(report: Report) -> list[Bar]:
    """Every day of the period, also those on which nobody came."""
    found, step, most = report.figures["day"], WIDTH / report.period.days, max(_most(report), 1)
    made = list[Bar]()
    for place in range(report.period.days):
        day = (report.period.first + timedelta(days=place)).isoformat()
        figures = found.get(day, Figures())
        height, part = (HEIGHT * each / most for each in (figures.conversations, figures.verified))
        label = f"{day}: {figures.conversations} / {figures.verified}"
        made.append(Bar(step * (place + GAP / 2), step * (1 - GAP), height, part, label))
    return made


def table(report: Report) -> str:
    """All figures of all dimensions as CSV: counts, milliseconds, and millionths of the currency, as they were computed."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["first", "last", "dimension", "value", *(each.name for each in fields(Figures))])
    for dimension in DIMENSIONS:
        for value, figures in report.figures[dimension].items():
            writer.writerow(
                [report.period.first, report.period.last, dimension, safe_cell(value), *asdict(figures).values()]
            )
    return written.getvalue()


def _rows(report: Report, dimension: Dimension, t: InsightsTexts) -> list[tuple[str, Mapping[str, Shown]]]:
    """The busiest first, days in their order."""
    found: Sequence[tuple[str, Figures]] = list(report.figures[dimension].items())
    if dimension != "day":
        found = sorted(found, key=lambda each: -each[1].conversations)[:LISTED]
    return [(t.values.get(value, value), {key: shown(key, each, t) for key in t.columns}) for value, each in found]


def _most(report: Report) -> int:
    return max((each.conversations for each in report.figures["day"].values()), default=0)


def _share(part: int, whole: int, t: InsightsTexts) -> Shown:
    found = share(part, whole)
    if found is None:
        return Shown(t.nothing)
    return Shown(f"{found:.1%}", t.of.format(part=f"{part:,}", whole=f"{whole:,}"))


def _time(median: int | None, p95: int | None, t: InsightsTexts) -> Shown:
    if median is None or p95 is None:
        return Shown(t.nothing)
    return Shown(duration(median, t), t.p95.format(value=duration(p95, t)))


def file_name(period: Period) -> str:
    """Of the download."""
    return f"insights-{period.first}-{period.last}.csv"
