"""What drawings in Office files say and show: charts, SmartArt, pictures. Knows their XML, not the file around it.

Charts keep a copy of the values they show; the workbook behind them is not opened.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ingest.loaders.blocks import one_line, table
from ingest.loaders.pictures import Pictures
from ingest.loaders.xlsx_cells import number, plain, shown
from rag.types import Block

Related = Callable[[str | None], bytes | None]  # the bytes of a part of the same file by its relation

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HELD = {  # where each names the part that holds it
    f"{DRAWING}blip": f"{_RELATED}embed",
    f"{_VML}imagedata": f"{_RELATED}id",
    f"{CHART}chart": f"{_RELATED}id",
    f"{DIAGRAM}relIds": f"{_RELATED}dm",
}
_MAX_POINTS = 5000  # of one chart; a longer series is a measurement, not something to read
_MAX_SERIES = 100
_DEEPEST = 20
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg|[ew]mf)|(?:picture|image|图片)\s*\d*", re.IGNORECASE)
_GUESSED = re.compile(  # what Office adds where nobody wrote anything
    r"\s*(?:Description automatically generated.*|AI-generated content may be incorrect\."
    r"|描述已自动生成|AI 生成的内容可能不正确。)\s*$",
    re.DOTALL,
)


def parsed(raw: bytes) -> Any | None:
    """The root of a part's XML; None if it is none: a damaged chart costs the chart, not the document."""
    from lxml import etree

    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def drawn_blocks(
    node: Any, related: Related, pictures: Pictures, page: int | None = None, beside: Iterable[str] = ()
) -> Iterator[Block]:
    """The pictures, charts and SmartArt of a drawing, in order; what is below the tags `beside` is read elsewhere."""
    around: str | None = (
        ""  # what is said of the whole drawing, then of the picture in it; None where it only decorates
    )
    own: str | None = ""
    for each in _below(node, frozenset((*beside, _FALLBACK))):
        if each.tag.endswith("}docPr"):
            around, own = _described(each), ""
        elif each.tag.endswith("}cNvPr"):
            own = _described(each)
        elif each.tag == f"{_VML}shape":
            around, own = alternative(each.get("alt")), ""
        raw = related(each.get(_HELD[each.tag])) if each.tag in _HELD else None
        if raw is None:
            continue
        if each.tag in _DATA:
            root = parsed(raw)
            yield from _DATA[each.tag](root, page) if root is not None else ()
        elif around is not None and own is not None and (block := pictures.block(raw, own or around, page)):
            yield block


def alternative(text: str | None) -> str:
    """What the author says of a picture; the name of its file and a program's own remark say nothing."""
    words = _GUESSED.sub("", text or "").strip()
    return "" if _FILE_NAME.fullmatch(words) else words


def chart_blocks(root: Any, page: int | None = None) -> Iterator[Block]:
    """The title of a c:chartSpace as text, then its values: a row for each category, a column for each series."""
    title = root.find(f"{CHART}chart/{CHART}title")
    if title is not None and (words := _words(title)):
        yield Block("text", words, page=page)
    columns: list[tuple[str, dict[int, str]]] = []
    categories: dict[int, str] = {}
    for series in list(root.iter(f"{CHART}ser"))[:_MAX_SERIES]:
        names = _points(_first(series, "cat", "xVal"))
        for at, name in names.items():
            categories.setdefault(at, name)
        values = _points(_first(series, "val", "yVal"))
        columns.append((_series_name(series), values))
    places = sorted({at for _, values in columns for at in values})[:_MAX_POINTS]
    if places:
        header = ["", *(name for name, _ in columns)]
        rows = [[categories.get(at, ""), *(values.get(at, "") for _, values in columns)] for at in places]
        yield table([header, *rows], header=True, page=page)


def diagram_blocks(root: Any, page: int | None = None) -> Iterator[Block]:
    """The entries of a dgm:dataModel in their order, one below another by level."""
    points = {point.get("modelId"): point for point in root.iter(f"{DIAGRAM}pt")}
    below: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in root.iter(f"{DIAGRAM}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            below[link.get("srcId")].append((int(order) if order.isdigit() else 0, link.get("destId")))
    tops = [key for key, point in points.items() if point.get("type") == "doc"]
    seen: set[str] = set()

    def entries(key: str, level: int) -> Iterator[Block]:
        for _, child in sorted(below[key]):
            if child in seen or child not in points or level > _DEEPEST:
                continue
            seen.add(child)
            words = _words(points[child])
            if words:
                yield Block("item", words, level=level, marker="•", page=page)
            yield from entries(child, level + 1 if words else level)

    for top in tops:
        yield from entries(top, 0)


def _below(node: Any, passed: frozenset[str]) -> Iterator[Any]:
    """The element and all below it, in the order of the document."""
    if isinstance(node.tag, str) and node.tag not in passed:
        yield node
        for child in node:
            yield from _below(child, passed)


def _described(node: Any) -> str | None:
    return None if next(node.iter(_DECORATIVE), None) is not None else alternative(node.get("descr"))


def _words(node: Any) -> str:
    """The text of its paragraphs on one line."""
    lines = ("".join(piece.text or "" for piece in line.iter(f"{DRAWING}t")) for line in node.iter(f"{DRAWING}p"))
    return one_line(" ".join(filter(None, lines)))


def _first(series: Any, *names: str) -> Any | None:
    return next((found for name in names if (found := series.find(f"{CHART}{name}")) is not None), None)


def _series_name(series: Any) -> str:
    name = series.find(f"{CHART}tx")
    return " ".join(_points(name).values()) or (name.findtext(f"{CHART}v") or "" if name is not None else "")


def _points(data: Any | None) -> dict[int, str]:
    """The values a chart keeps, by their place; categories on several levels are joined."""
    if data is None:
        return {}
    found: dict[int, str] = {}
    form = data.findtext(f".//{CHART}formatCode") or "General"
    numeric = next(data.iter(f"{CHART}numCache", f"{CHART}numLit"), None) is not None
    for point in data.iter(f"{CHART}pt"):
        text, place = (point.findtext(f"{CHART}v") or "").strip(), point.get("idx", "")
        if text and place.isdigit():
            words = _figure(text, form) if numeric else text
            found[int(place)] = f"{words} {found[int(place)]}" if int(place) in found else words
    return found


def _figure(text: str, form: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    if form == "General":
        return plain(value)
    from openpyxl.styles.numbers import is_date_format
    from openpyxl.utils.datetime import from_excel

    try:
        return shown(from_excel(value), form) if is_date_format(form) else number(value, form)
    except (ValueError, OverflowError):
        return plain(value)


_DATA = {f"{CHART}chart": chart_blocks, f"{DIAGRAM}relIds": diagram_blocks}
