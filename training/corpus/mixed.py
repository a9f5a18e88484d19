"""How many posts of a language mix in words of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from training.corpus.spread import words_of
from training.posts import LabelledPosts

PAIRS: Final = (("kk", "ru"), ("ky", "ru"), ("tg", "ru"), ("ru", "kk"), ("ru", "uk"))
UKRAINIAN: Final = frozenset("іїєґ")
LEAST_BATCHES, TIMES = 3, 3.0  # batches in which a word of the other language stands, and how much commoner it is there
LEAST_WORDS: Final = 1  # of the other language in a mixed post


def telling_apart(posts: LabelledPosts, one: str, other: str) -> frozenset[str]:
    """Words that belong to the other of two languages: far commoner in its posts than in those of the one."""
    frame = posts.frame
    tallies: dict[str, Counter[str]] = {}
    batches: dict[str, set[str]] = {}
    for name in (one, other):
        part = frame[frame["lang"] == name]
        tallies[name] = Counter(word for text in part["text"] for word in set(words_of(text)))
    for text, batch in zip(frame["text"][frame["lang"] == other], frame["batch"][frame["lang"] == other], strict=True):
        for word in set(words_of(text)):
            batches.setdefault(word, set()).add(batch)
    sizes = {name: max(1, int((frame["lang"] == name).sum())) for name in (one, other)}
    return frozenset(
        word
        for word, count in tallies[other].items()
        if len(batches[word]) >= LEAST_BATCHES
        and count / sizes[other] > TIMES * tallies[one][word] / sizes[one]
        and len(word) > 2
    )


def is_mixed(text: str, foreign: frozenset[str], other: str) -> bool:
    """Whether a post has words of the other language."""
    words = words_of(text)
    if other == "uk":
        return any(UKRAINIAN & set(word) for word in words) and not set(text.lower()) & set("әғқңөұүһ")
    return sum(word in foreign for word in words) >= LEAST_WORDS


def mixed_share(posts: LabelledPosts) -> Iterator[tuple[str, str, float]]:
    """Language, the other language, and the share of its posts that mix in words of it.

    A low estimate: words are told apart by how often they stand in posts of either language, so that a form that is
    rare in both is not seen. Ukrainian is told by its letters.
    """
    for one, other in PAIRS:
        part = posts.frame[posts.frame["lang"] == one]
        if len(part):
            foreign = frozenset() if other == "uk" else telling_apart(posts, one, other)
            yield one, other, sum(is_mixed(text, foreign, other) for text in part["text"]) / len(part)
