"""Words for peoples, countries, regions, armies and topics: none of them may tell a label by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.errors import InputError
from classifier.files import open_source
from training.corpus.spread import words_of
from training.rows import as_text

COLUMNS: Final = ("lang", "kind", "word")
LEAST_POSTS: Final = 20  # of a language that have the word, before its share says anything


@dataclass(frozen=True)
class Topic:
    """A word that names what a post is about.

    Parameters
    ----------
    lang : str
        Language, without the script.
    kind : str
        What it names: people, country, region, army, war, politics, faith.
    word : str
        In lower case; a ``*`` at the end stands for any ending.
    """

    lang: str
    kind: str
    word: str

    def stands_in(self, words: Iterable[str]) -> bool:
        """Whether one of the words is this one."""
        stem = self.word.removesuffix("*")
        return any(word.startswith(stem) if stem != self.word else word == stem for word in words)


def read_topics(name: str) -> list[Topic]:
    """Read a file of topic words.

    Raises
    ------
    InputError
        Naming the missing column, or the row that is incomplete.
    """
    with open_source(name) as source:
        missing = [column for column in COLUMNS if column not in source.columns]
        if missing:
            raise InputError(f"{name}: missing column {', '.join(map(repr, missing))}")
        topics = []
        for row in source.rows:
            cells = [as_text(row.values.get(column)) for column in COLUMNS]
            if row.fault or not all(cells):
                raise InputError(f"{row.place}: {row.fault or 'an empty cell; a topic needs ' + ', '.join(COLUMNS)}")
            topics.append(Topic(*cells))
    return topics


@dataclass(frozen=True)
class Share:
    """How the posts with a topic word are labelled.

    Parameters
    ----------
    topic : Topic
        The word.
    posts : int
        Posts of its language that have it, with a label.
    share : float
        Share of them that are positive.
    """

    topic: Topic
    posts: int
    share: float


def topic_shares(
    texts: Sequence[str], languages: Sequence[str], truth: npt.NDArray[np.float64], topics: Sequence[Topic]
) -> list[Share]:
    """Share of positives among the posts with each topic word.

    Parameters
    ----------
    texts, languages : sequence of str
        Posts and their languages, without the script.
    truth : ndarray of float64, shape (posts,)
        1, 0, or NaN where the label is blank.
    topics : sequence of Topic
        Words to look for.

    Returns
    -------
    list of Share
        Of the words that stand in at least `LEAST_POSTS` posts, the highest share first.
    """
    words = [set(words_of(text)) for text in texts]
    shares = []
    for topic in topics:
        rows = [row for row, post in enumerate(words) if languages[row] == topic.lang and topic.stands_in(post)]
        known = truth[rows][~np.isnan(truth[rows])]
        if len(known) >= LEAST_POSTS:
            shares.append(Share(topic, len(known), float(known.mean())))
    return sorted(shares, key=lambda one: -one.share)
