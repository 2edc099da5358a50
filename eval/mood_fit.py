"""Fits the numbers of `rag/mood.json` and says what they are worth on dialogues they have not seen.

One logistic regression a language, over hashed n-grams and signs, on soft labels: the chance of dissatisfaction that a
mean vote stands for. Dialogues of several messages are learned from once more by their first alone, so that a
conversation is judged well from its beginning. Folds go by the dialogue's id, the same in all languages.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from eval.metrics import Array, Mask
from eval.mood_data import DISSATISFIED, Dialogue
from rag.mood import Numbers
from rag.mood_signs import BUCKETS, face, hashed
from rag.types import Language

Said = tuple[str, ...]
Line = tuple[float, float]  # slope and offset
SHARPNESS = 4.0  # log odds of dissatisfaction per point of satisfaction
FIRST_ALONE = 0.3  # weight of a dialogue's first message by itself
SIGNS = 0.1  # size of a standardised sign beside blocks of n-grams of length 1
STRENGTH = 1.0  # inverse of the L2 penalty


def fold_of(name: str, folds: int, seed: int) -> int:
    """The fold of a dialogue: by its id alone, whatever its language."""
    return zlib.crc32(f"{seed}:{name}".encode()) % folds


def fit(
    dialogues: Sequence[Dialogue], language: Language, risk: Line = (1, 0), satisfaction: Line = (0, 0.5)
) -> Numbers:
    """Numbers of a language from its dialogues; `risk` and `satisfaction` are what `calibrated` found."""
    from sklearn.linear_model import LogisticRegression

    several = [each for each in dialogues if len(each.said) > 1]
    said: list[Said] = [*(each.said for each in dialogues), *(each.said[:1] for each in several)]
    votes = np.array([each.satisfaction for each in (*dialogues, *several)])
    weight = np.concatenate([np.ones(len(dialogues)), np.full(len(several), FIRST_ALONE)])
    signs = np.array([face(each) for each in said])
    middle, spread = signs[: len(dialogues)].mean(axis=0), signs[: len(dialogues)].std(axis=0) + 0.05
    chance = np.clip(1 / (1 + np.exp(SHARPNESS * (votes - DISSATISFIED))), 0.01, 0.99)
    design = _design(said, language, SIGNS * (signs - middle) / spread)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, random_state=0)
    sides = np.repeat([1, 0], len(said))
    model.fit(_twice(design), sides, sample_weight=np.concatenate([chance * weight, (1 - chance) * weight]))
    found = np.asarray(model.coef_[0], float)
    grams, plain = found[: 2 * BUCKETS], SIGNS * found[2 * BUCKETS :] / spread
    bias = float(model.intercept_[0] - plain @ middle)
    return Numbers(grams, plain, bias, risk, satisfaction)


def _design(said: Sequence[Said], language: Language, signs: Array) -> Any:
    from scipy.sparse import csr_matrix, hstack

    rows = [hashed(each, language) for each in said]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    buckets = np.concatenate([buckets for buckets, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return hstack([csr_matrix((values, buckets, ends), shape=(len(said), 2 * BUCKETS)), csr_matrix(signs)]).tocsr()


def _twice(design: Any) -> Any:
    from scipy.sparse import vstack

    return vstack([design, design]).tocsr()


def scores(numbers: Numbers, dialogues: Sequence[Dialogue], first: bool) -> Array:
    """The score of each dialogue, by its first message alone or by all."""
    return np.array([numbers.score(each.said[:1] if first else each.said, each.language) for each in dialogues])


def crossed(dialogues: Sequence[Dialogue], language: Language, folds: int, seed: int) -> tuple[Array, Array]:
    """(by all messages, by the first): each dialogue's score by numbers fitted on the other folds."""
    fold = np.array([fold_of(each.id, folds, seed) for each in dialogues])
    every, first = np.zeros(len(dialogues)), np.zeros(len(dialogues))
    for number in range(folds):
        held = np.flatnonzero(fold == number).tolist()
        if not held:
            continue
        numbers = fit([each for each, at in zip(dialogues, fold, strict=True) if at != number], language)
        some = [dialogues[at] for at in held]
        every[held], first[held] = scores(numbers, some, False), scores(numbers, some, True)
    return every, first


def calibrated(score: Array, bad: Mask, satisfaction: Array) -> tuple[Line, Line]:
    """Slope and offset of held-out scores: in log odds of dissatisfaction (Platt 1999), and of satisfaction in 0 … 1."""
    from sklearn.linear_model import LogisticRegression

    odds = LogisticRegression(C=1e6).fit(score[:, None], bad)
    rise, middle = np.polyfit(score, (satisfaction + 2) / 4, 1)
    return (float(odds.coef_[0][0]), float(odds.intercept_[0])), (float(rise), float(middle))


def baseline(dialogues: Sequence[Dialogue], language: Language, folds: int, seed: int, first: bool) -> Array:
    """The same dialogues by TF-IDF and logistic regression, as anyone would begin: held-out log odds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = ["\n".join(each.said[:1] if first else each.said) for each in dialogues]
    bad = np.array([each.dissatisfied for each in dialogues])
    fold = np.array([fold_of(each.id, folds, seed) for each in dialogues])
    found = np.zeros(len(texts))
    options: dict[str, Any] = (
        {"analyzer": "char", "ngram_range": (1, 3)} if language == "zh" else {"ngram_range": (1, 2)}
    )
    for number in range(folds):
        mine, others = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if len(mine) == 0 or len(set(bad[others].tolist())) < 2:
            continue
        words = TfidfVectorizer(sublinear_tf=True, **options)
        known = words.fit_transform([texts[at] for at in others])
        model = LogisticRegression(C=10, max_iter=300, solver="liblinear").fit(known, bad[others])
        found[mine] = model.decision_function(words.transform([texts[at] for at in mine]))
    return found
