"""Everything that is held against a set of labelled posts, each with its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from training.corpus.copies import shared, undeclared
from training.corpus.script import other_language, other_script
from training.corpus.spread import Spread, spread
from training.corpus.style import style_baseline
from training.corpus.topics import Share, Topic, topic_shares
from training.corpus.words import Telling, telling_words
from training.posts import LabelledPosts

LEAST_TO_JUDGE: Final = 20  # posts of a batch, and positives of a language, before its spread or words say anything


@dataclass(frozen=True)
class Limits:
    """What a set of posts may not exceed, or must reach.

    Parameters
    ----------
    copies : float
        Share of posts that are nearly another one of no common group.
    shared : int
        Posts that are nearly a check.
    script : float
        Share of undisguised posts in another script than `lang` says.
    language : float
        Share of undisguised posts that read as another language than `lang` says.
    quartiles, vocabulary, openings : float
        Least spread of a batch, see `Spread`.
    topic : float
        Highest share of positives among the posts with a topic word.
    style : float
        Highest area under the ROC curve of the style-only baseline.
    """

    copies: float = 0.01
    shared: int = 0
    script: float = 0.0
    language: float = 0.03
    quartiles: float = 1.15
    vocabulary: float = 0.45
    openings: float = 0.6
    topic: float = 0.65
    style: float = 0.70


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    what : str
        In words.
    value, limit : float
        Measured, and allowed.
    at_most : bool
        Whether the limit is an upper one.
    where : tuple of str
        Ids or names of what is at fault.
    """

    what: str
    value: float
    limit: float
    at_most: bool = True
    where: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit


@dataclass
class Inspection:
    """A look at labelled posts.

    Parameters
    ----------
    posts : LabelledPosts
        What is looked at.
    checks : sequence of (str, str)
        Id and text of what must not stand among the posts.
    topics : sequence of Topic
        Words that may not tell a label.
    limits : Limits
        What counts as a fault.
    seed : int
        Of the style-only baseline.
    """

    posts: LabelledPosts
    checks: Sequence[tuple[str, str]] = ()
    topics: Sequence[Topic] = ()
    limits: Limits = field(default_factory=Limits)
    seed: int = 0

    def steps(self) -> tuple[Callable[[], list[Finding]], ...]:
        """The looks to be taken, in order."""
        return (self.copies, self.shared, self.script, self.batches, self.topic_words, self.style)

    def run(self) -> Iterator[list[Finding]]:
        """Findings, look by look."""
        for step in self.steps():
            yield step()

    @property
    def ids(self) -> list[str]:
        """Ids of the posts."""
        return list(self.posts.frame["id"])

    @property
    def languages(self) -> list[str]:
        """Stated language of each post, without the script."""
        return [name.split("-")[0] for name in self.posts.frame["lang"]]

    def copies(self) -> list[Finding]:
        """Near-copies that no group declares."""
        pairs = undeclared(self.posts.texts, list(self.posts.frame["group"]))
        concerned = {row for pair in pairs for row in pair}
        where = tuple(f"{self.ids[other]} ~ {self.ids[one]}" for one, other in pairs)
        share = len(concerned) / len(self.ids)
        return [Finding("share of posts that are nearly one of another group", share, self.limits.copies, where=where)]

    def shared(self) -> list[Finding]:
        """Posts that stand among the checks."""
        pairs = shared(self.posts.texts, [text for _, text in self.checks])
        where = tuple(f"{self.ids[row]} ~ {self.checks[check][0]}" for row, check in pairs)
        count = len({row for row, _ in pairs})
        return [Finding("posts that are nearly a check", count, self.limits.shared, where=where)]

    def script(self) -> list[Finding]:
        """Posts whose letters or words belong to another language."""
        frame = self.posts.frame[(self.posts.frame["lang"] != "") & (self.posts.frame["disguised"] != "1")]
        rows = list(zip(frame["id"], frame["text"], frame["lang"], strict=True))
        script = tuple(name for name, text, lang in rows if other_script(text, lang))
        language = tuple(name for name, text, lang in rows if other_language(text, lang))
        size = max(1, len(rows))
        return [
            Finding("share of posts in another script than lang", len(script) / size, self.limits.script, where=script),
            Finding("share that reads as another language", len(language) / size, self.limits.language, where=language),
        ]

    def spreads(self) -> dict[str, Spread]:
        """Spread of each batch, with one post of each declared group: twins open and read alike on purpose."""
        frame = self.posts.frame[self.posts.frame["batch"] != ""]
        again = (frame["group"] != "") & frame["group"].duplicated()
        frame = frame[~again & (frame["twin"] == "")]
        return {str(name): spread(list(part["text"])) for name, part in frame.groupby("batch")}

    def batches(self) -> list[Finding]:
        """Spread of the batch that has the least."""
        spreads = {name: one for name, one in self.spreads().items() if one.posts >= LEAST_TO_JUDGE}
        findings = []
        for name, what in (
            ("quartiles", "upper over lower quartile of length, least spread batch"),
            ("vocabulary", "share of distinct words in a thousand, least spread batch"),
            ("openings", "share of posts that open like no other, least spread batch"),
        ):
            if spreads:
                limit, values = getattr(self.limits, name), {key: getattr(one, name) for key, one in spreads.items()}
                where = tuple(sorted(key for key, value in values.items() if value < limit))
                findings.append(Finding(what, min(values.values()), limit, at_most=False, where=where))
        return findings

    def topic_words(self) -> list[Finding]:
        """The topic word that comes nearest to telling each label."""
        return [
            Finding(
                f"{label}: highest share of positives with one topic word",
                shares[0].share,
                self.limits.topic,
                where=tuple(
                    f"{one.topic.lang} {one.topic.word} ({one.share:.0%} of {one.posts})"
                    for one in shares
                    if one.share > self.limits.topic
                ),
            )
            for label in self.posts.labels
            if (shares := self.shares(label))
        ]

    def shares(self, label: str) -> list[Share]:
        """Share of positives with each topic word."""
        truth = self.posts.frame[label].to_numpy(float)
        return topic_shares(self.posts.texts, self.languages, truth, self.topics)

    def style(self) -> list[Finding]:
        """What style alone tells of each label, with batches kept whole."""
        _, groups = np.unique(self.posts.frame["batch"], return_inverse=True)
        findings = []
        for label in self.posts.labels:
            known = self.posts.frame[label].notna().to_numpy()
            texts = list(self.posts.frame["text"][known])
            truth = self.posts.frame[label][known].to_numpy() == 1
            found = style_baseline(texts, truth, groups[known], self.seed)
            what = (
                f"{label}: area under the ROC curve by style alone "
                f"(average precision {found['average_precision']:.2f}, chance {found['prevalence']:.2f})"
            )
            findings.append(Finding(what, found["auc"], self.limits.style))
        return findings

    def telling(self) -> Iterator[tuple[str, str, Telling]]:
        """Label, language and word of the words that speak most for a label, strongest first."""
        languages = np.array(self.languages, object)
        for label in self.posts.labels:
            known = self.posts.frame[label].notna().to_numpy()
            for lang in sorted(set(languages)):
                part = self.posts.frame[known & (languages == lang)]
                truth = part[label].to_numpy() == 1
                if truth.sum() >= LEAST_TO_JUDGE:
                    for word in telling_words(list(part["text"]), truth):
                        yield label, lang, word
