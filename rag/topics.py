"""Topics that are for a person whatever the mood: somebody's safety, the law, a disputed payment, a customer who leaves.

What happened or is announced counts ("the battery is swollen", "I will sue"); what is asked about in general does not
("what if the battery swells?", "which court has jurisdiction?"): that is a question which documents may answer.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.small_talk import any_of
from rag.text import normalise, sentence_spans
from rag.topic_words import CANCEL, LEGAL, PAYMENT, SAFETY

Topic = Literal["safety", "legal", "payment_dispute", "cancellation"]

# Said before what might happen; after it, it is a question or a wish to be safe.
_SUPPOSED = any_of(
    r"\b(?:if|in case|whether|can(?! you)(?!not)|could(?! you)|may|might|would|does|do(?! something)|how (?:do|"
    r"can|to)|prevent|avoid|risk of|danger of|safe|protect\w*|never|without|against|possible|likely|"
    r"chance|afraid|worried|ever)\b[^.?!]*$",
    "(?:会不会|是不是会|会|如果|万一|怎[么样]防|防止|避免|预防|是否会?|能不能|可能|容易|有没有|有无|不会|不|"
    "没有?|以免|要是|假如|若|怕|担心)[^。？！，]*$",
)
_SUPPOSED_ZH = re.compile(r"^[^。？！，]{0,6}(?:会|吗(?=\W*$))")
_TOPICS: dict[Topic, re.Pattern[str]] = {
    "safety": SAFETY,
    "legal": LEGAL,
    "payment_dispute": PAYMENT,
    "cancellation": CANCEL,
}
_ASKED = any_of(
    r"^\W*(?:(?:and|but|so|hi|hello|please|sorry|ok)\W+)*(?:can|could|may|do|does|is|are|how|what|which|who|where|"
    r"when|will|would|should)\b[^.!]*\?",
    "^[^。！]*(?:什么是|是什么|有哪些|怎么(?!办|回事)|如何|可以[^。！]*吗|能[^。！]*吗|多久|多少|会不会|"
    r"要不要)[^。！]*[?]?\W*$",
)
# What would be asked back, were it not a threat: "do you want me to go to court?"
_THREAT = any_of(
    r"\bdo you (?:\w+ )?(?:want|expect|prefer|need) (?:me|us)\b|\bwould you (?:prefer|rather)\b|\b(?:shall|must) (?:i|we)\b|"
    r"\bdo (?:i|we) (?:\w+ )?(?:have|need) to (?:go|call|involve|get|take|bring|report|contact)\b|\bis it going to take\b",
    "非要|非得|是不是(?:要|得|只有)|逼我|要我[^。？！，]{0,8}才",
)


def topic_of(text: str) -> Topic | None:
    """The topic that a message brings up as something that happened or is announced; None for the others."""
    plain = normalise(text).replace("’", "'")
    sentences = [plain[start:end] for start, end in sentence_spans(plain)]
    return next((name for name in _TOPICS if any(_raised(name, each) for each in sentences)), None)


def _raised(name: Topic, sentence: str) -> bool:
    if name != "safety":
        asked = name != "payment_dispute" and _ASKED.search(sentence) and not _THREAT.search(sentence)
        return not asked and bool(_TOPICS[name].search(sentence))
    return any(not _supposed(sentence, found) for found in SAFETY.finditer(sentence))


def _supposed(sentence: str, found: re.Match[str]) -> bool:
    """Whether a danger is only thought of: "could it catch fire?", "怎么防止触电？"."""
    before, after = sentence[: found.start()], sentence[found.end() :]
    return bool(_SUPPOSED.search(before) or _SUPPOSED_ZH.search(after))
