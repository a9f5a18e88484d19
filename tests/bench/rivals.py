"""Pieces of work: what others would use, trained on the same posts and asked for the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.bench.posts import read_posts
from tests.bench.rounds import Repeat, rated
from training.posts import LabelledPosts
from training.posts import read_posts as read_labelled
from training.schema import Schema


def scikit_learn(files: Sequence[str], posts: str) -> Repeat:
    """Character n-grams within words and logistic regression, the usual baseline, one model per label."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    labelled, texts = read_labelled(files, Schema()), read_posts(posts)
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit(labelled.texts)
    models = []
    for label in labelled.labels:
        known = labelled.frame[label].notna()
        table = vectoriser.transform(labelled.frame["text"][known])
        models.append(LogisticRegression(C=30, solver="liblinear").fit(table, labelled.frame[label][known]))

    def score() -> object:
        table = vectoriser.transform(texts)
        return [model.predict_proba(table) for model in models]

    return rated(score, len(texts))


def fasttext(files: Sequence[str], posts: str, directory: str) -> Repeat:
    """Supervised fastText with subwords: a single model whose classes are the combinations of labels.

    That is fairer to it than a model per label: a post is read and its vectors are summed once for all labels, and only
    the likeliest class is asked for. A whole list is given at a time, which is the fastest that its Python offers.
    """
    # By name, since it has no types and is installed for the bench only.
    library = import_module("fasttext")
    lines, texts = Path(directory) / "fasttext.txt", read_posts(posts)
    lines.write_text("".join(_lines(read_labelled(files, Schema()))), encoding="utf-8")
    model = library.train_supervised(str(lines), minn=2, maxn=5, wordNgrams=2, thread=1, verbose=0)
    return rated(lambda: model.predict(texts), len(texts))


def _lines(labelled: LabelledPosts) -> list[str]:
    columns = zip(*(labelled.frame[label] == 1 for label in labelled.labels), strict=True)
    classes = ["".join(str(int(label)) for label in row) for row in columns]
    return [f"__label__{name} {' '.join(text.split())}\n" for name, text in zip(classes, labelled.texts, strict=True)]
