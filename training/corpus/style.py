"""What a model that sees only how a post is written, and no word of it, can guess of its labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold

STRETCHED: Final = re.compile(r"([^\W\d_])\1\1")
SENTENCE: Final = re.compile(r"[.!?…]+")
CONTACT: Final = re.compile(r"@\w|\+\d|https?:|t\.me/")
FOLDS: Final = 5
ROUNDS: Final = 60  # of boosting; more only remember the posts


def emoji(text: str) -> int:
    """Number of emoji and other pictures."""
    return sum(unicodedata.category(char) in {"So", "Sk"} for char in text)


def per_letter(count: Callable[[str], int]) -> Callable[[str], float]:
    """A count over the length of the text."""
    return lambda text: count(text) / max(1, len(text))


def number_of(chars: str) -> Callable[[str], int]:
    """How often any of some characters stands in a text."""
    return lambda text: sum(text.count(char) for char in chars)


STYLE: Final[dict[str, Callable[[str], float]]] = {
    "length": len,
    "words": lambda text: len(text.split()),
    "sentences": lambda text: len(SENTENCE.findall(text)),
    "lines": lambda text: text.count("\n"),
    "word length": lambda text: len(text) / max(1, len(text.split())),
    "exclamation marks": number_of("!"),
    "question marks": number_of("?"),
    "commas": per_letter(number_of(",")),
    "full stops": per_letter(number_of(".")),
    "dashes": number_of("—–-"),
    "quotation marks": number_of('"«»„“”'),
    "brackets": number_of("()"),
    "colons": number_of(":;"),
    "emoji": emoji,
    "digits": per_letter(lambda text: sum(map(str.isdigit, text))),
    "contacts": lambda text: len(CONTACT.findall(text)),
    "hashtags": number_of("#"),
    "capitals": per_letter(lambda text: sum(map(str.isupper, text))),
    "opens in lower case": lambda text: text[:1].islower(),
    "ends with a mark": lambda text: text[-1:] in ".!?…",
    "stretched letters": lambda text: len(STRETCHED.findall(text)),
    "spaces before marks": lambda text: len(re.findall(r"\s[,.!?]", text)),
}


def style_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Style of posts, shape (posts, features), in the order of `STYLE`."""
    return np.array([[float(measure(text)) for measure in STYLE.values()] for text in texts])


def style_baseline(
    texts: Sequence[str], truth: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], seed: int
) -> dict[str, float]:
    """How well style alone tells a label, on posts of groups that the model has not seen.

    Parameters
    ----------
    texts : sequence of str
        Posts.
    truth : ndarray of bool, shape (posts,)
        Which have the label.
    groups : ndarray of int64, shape (posts,)
        Groups that stay whole.
    seed : int
        Of the boosting.

    Returns
    -------
    dict
        `auc` (.5 is chance), `average_precision`, and `prevalence`, which is the average precision of chance.
    """
    table, chance = style_of(texts), np.zeros(len(texts))
    for train, held_out in GroupKFold(FOLDS).split(table, truth, groups):
        model = HistGradientBoostingClassifier(max_iter=ROUNDS, random_state=seed).fit(table[train], truth[train])
        chance[held_out] = model.predict_proba(table[held_out])[:, 1]
    return {
        "auc": float(roc_auc_score(truth, chance)),
        "average_precision": float(average_precision_score(truth, chance)),
        "prevalence": float(truth.mean()),
    }
