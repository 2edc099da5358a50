"""Text in pictures: lines with their places, read by a model that runs offline. Knows pixels, no file format.

The models (English and Chinese) come with the package. They are loaded when the first picture is read, so that
files without pictures do not pay for them. Resolution and batch are what the workers' memory limit allows:
boxes are found on a smaller copy, words are read from the larger one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median
from typing import Any

from ingest.loaders.pdf_segments import Segment

LONGEST = 2000  # pixels of the longer side at which words are read
_SMALL = 1000  # a picture smaller than this is read at twice its size
_DETECTED = 1280  # pixels of the longer side at which lines are found; memory grows with its square
_SURE = 0.6  # confidence, 0 … 1; below it a line is more likely a texture than text
_UPRIGHT = 0.8  # mean confidence below which the picture may stand on its head
_SAMPLE = 5  # lines that are turned round to find out
_FLATTEST = 150  # times as wide as high: no line of text, and reading it would take too much memory
_SIZE = 0.72  # of a box's height is the size of its font
_STEP = 1.8  # from one size of font to the next that can be told from it: a third more or less is chance
_WORD_GAP = 0.9  # heights between two boxes that belong to one line of prose


@dataclass(slots=True)
class _Allowance:
    pages: int
    begins: Callable[[], None]


_allowance: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowing(pages: int, begins: Callable[[], None]) -> Iterator[None]:
    """Within it at most so many pictures are read; `begins` is called before each. Without it there is no limit."""
    token = _allowance.set(_Allowance(pages, begins))
    try:
        yield
    finally:
        _allowance.reset(token)


def allowed() -> bool:
    """Whether another picture may be read."""
    allowance = _allowance.get()
    return allowance is None or allowance.pages > 0


def read(picture: Any) -> list[Segment]:
    """The text in a Pillow picture, in its pixels, nothing if there is none; turned pictures are read upright.

    Places in a turned picture are those after it was turned. Raises MemoryError.
    """
    if allowance := _allowance.get():
        allowance.pages -= 1
        allowance.begins()
    scaled, scale = _scaled(picture)
    found = _upright(scaled)
    sizes = _sizes(found)
    return [
        Segment(each.text, each.x0 / scale, each.top / scale, each.x1 / scale, each.bottom / scale, size / scale)
        for each, size in zip(found, sizes, strict=True)
    ]


def _scaled(picture: Any) -> tuple[Any, float]:
    from PIL import Image

    scale = min(LONGEST / max(picture.size), 2.0 if max(picture.size) < _SMALL else 1.0)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    picture = picture.convert("RGB")
    if scale != 1:
        width, height = (max(1, round(side * scale)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
    return picture, scale


def _upright(picture: Any) -> list[Segment]:
    """What is written in the picture, turned as it has to be to be read."""
    found = _recognised(picture)
    if _stands_sideways(found):
        picture = picture.rotate(90, expand=True)
        found = _recognised(picture)
    if _confidence(found) < _UPRIGHT and _stands_on_its_head(picture, found):
        found = _recognised(picture.rotate(180))
    return _joined([each.segment for each in found if each.confidence >= _SURE])


@dataclass(frozen=True, slots=True)
class _Found:
    segment: Segment
    confidence: float


def _stands_sideways(found: Sequence[_Found]) -> bool:
    tall = [each.segment for each in found if len(each.segment.text) > 2]
    return len(tall) > 2 and 2 * sum(s.bottom - s.top > 1.5 * (s.x1 - s.x0) for s in tall) > len(tall)


def _stands_on_its_head(picture: Any, found: Sequence[_Found]) -> bool:
    """Whether the longest lines are read with more confidence when turned round."""
    import numpy as np

    sample = sorted(found, key=lambda each: -len(each.segment.text))[:_SAMPLE]
    scores = 0.0
    for each in sample:
        box = (each.segment.x0, each.segment.top, each.segment.x1, each.segment.bottom)
        line = np.asarray(picture.crop(tuple(map(round, box))).rotate(180))[:, :, ::-1]
        scores += sum(_run(line, use_det=False).scores or ())
    return scores > sum(each.confidence for each in sample)


def _confidence(found: Sequence[_Found]) -> float:
    """The mean over all characters."""
    length = sum(len(each.segment.text) for each in found)
    return sum(each.confidence * len(each.segment.text) for each in found) / length if length else 0.0


def _recognised(picture: Any) -> list[_Found]:
    import numpy as np

    if max(picture.size) > _FLATTEST * min(picture.size):
        return []
    result = _run(np.asarray(picture)[:, :, ::-1], use_det=True)
    if result.txts is None:
        return []
    found = []
    for text, box, confidence in zip(result.txts, result.boxes, result.scores, strict=True):
        (x0, top), (x1, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
        found.append(_Found(Segment(text.strip(), x0, top, x1, bottom), float(confidence)))
    return [each for each in found if each.segment.text]


def _run(pixels: Any, use_det: bool) -> Any:
    try:
        return _engine()(pixels, use_det=use_det)
    except Exception as problem:
        if "bad_alloc" in str(problem) or "allocate memory" in str(problem):
            raise MemoryError from problem
        raise


@lru_cache(maxsize=1)
def _engine() -> Any:
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST,
            "Global.text_score": 0.0,  # unsure lines are dropped here, once the picture is known to stand upright
            "Global.use_cls": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED,
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # as many pictures at a time as there are workers
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        }
    )


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Boxes of one line with no more than a word's gap between them as one; columns stay apart."""
    result: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: segment.x0):
        left = next((each for each in reversed(result) if _goes_on(each, segment)), None)
        if left is None:
            result.append(segment)
            continue
        result[result.index(left)] = replace(
            left,
            text=f"{left.text} {segment.text}",
            top=min(left.top, segment.top),
            x1=max(left.x1, segment.x1),
            bottom=max(left.bottom, segment.bottom),
        )
    return sorted(result, key=lambda segment: segment.middle)


def _goes_on(left: Segment, right: Segment) -> bool:
    height = min(left.bottom - left.top, right.bottom - right.top)
    return abs(left.middle - right.middle) < 0.4 * height and -height < right.x0 - left.x1 < _WORD_GAP * height


def _sizes(segments: Sequence[Segment]) -> list[float]:
    """The size of each line's font, in few steps: the height of a box varies with the letters in it."""
    heights = [max(each.bottom - each.top, 1.0) * _SIZE for each in segments]
    letters = [height for height, each in zip(heights, segments, strict=True) for _ in each.text]
    body = median(letters) if letters else 1.0
    return [body * _STEP ** round(math.log(height / body, _STEP)) for height in heights]
