"""The usual n-grams that ship are those of the posts that ship."""

from __future__ import annotations

import numpy as np

from classifier.foldtable import folding
from classifier.kernels.hashing import GRAM_SEED, PRIME
from classifier.kernels.hidden import is_usual
from training.posts import read_posts
from training.schema import Schema
from training.shipped import post_files
from training.usual import build, usual_grams

U64 = 2**64 - 1


def noted(gram: str, usual: np.ndarray) -> bool:
    digest = int(GRAM_SEED)
    for letter in gram:
        digest = (digest ^ ord(letter)) * int(PRIME) & U64
    return bool(is_usual(np.uint64(digest), usual))


def test_ngrams_of_one_post_are_not_usual() -> None:
    assert usual_grams(["мама мама", "тост"]) == []
    grams = usual_grams(["рота", "рота", "рот*а"])
    assert " rota " in grams
    assert " rot " not in grams


def test_all_that_is_noted_is_found_and_little_else() -> None:
    texts = ["вступай в отряд", "вступай в роту", "набор в отряд"]
    usual = build(texts)
    assert (build(texts) == usual).all()
    assert all(noted(gram, usual) for gram in usual_grams(texts))
    assert not any(noted(gram, usual) for gram in ("xyz", "набор", "kkk", " rotu "))


def test_the_shipped_ones_are_of_the_shipped_posts() -> None:
    grams, letters = usual_grams(read_posts(post_files()[::4], Schema()).texts), list("abdegiklmnoprstuv")
    share = sum(noted(gram, folding().usual) for gram in grams) / len(grams)
    assert share > 0.98, "many posts were added: run python -m training.usual, and train anew"
    unusual = ["".join(word) for word in np.random.default_rng(0).choice(letters, (5000, 6))]
    assert sum(noted(gram, folding().usual) for gram in unusual) / len(unusual) < 0.03
