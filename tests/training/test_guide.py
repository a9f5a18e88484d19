"""The reader's words are those of the labelling guide that ships."""

from __future__ import annotations

import re

import pytest

from training.guide import LABELS, LANGUAGES, MEANS, NEGATIVE, POSITIVE
from training.schema import KEPT, TAKEN
from training.shipped import data_directory


@pytest.fixture(scope="module")
def guide() -> str:
    return (data_directory() / "labelling-guide.md").read_text("utf-8")


def names_in(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def test_categories_are_those_of_the_guide(guide: str) -> None:
    positive, negative = guide.split("Categories, positive: ")[1].split("Negative: ")
    assert names_in(positive) == POSITIVE
    assert names_in(negative) == NEGATIVE
    assert not POSITIVE & NEGATIVE


def test_labels_have_a_section_each(guide: str) -> None:
    assert tuple(re.findall(r"^## `(\w+)`$", guide, re.MULTILINE)) == LABELS


def test_means_and_languages_are_those_of_the_guide(guide: str) -> None:
    means = re.search(r"\| `means` \| for `separatism` = 1: ([a-z, ]+) \|", guide)
    languages = re.search(r"\| `lang` \|.*BCP 47: (.*) \|", guide)
    assert means
    assert tuple(means[1].split(", ")) == MEANS
    assert languages
    assert tuple(re.findall(r"`([\w-]+)`", languages[1])) == LANGUAGES


def test_every_column_of_the_guide_is_kept(guide: str) -> None:
    table = guide.split("## Columns")[1].split("Categories, positive", maxsplit=1)[0]
    columns = {name for line in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in names_in(line)}
    assert columns - set(LABELS) <= TAKEN
    assert set(KEPT) - columns == {"split", "author", "created_at", "reader", "decided_at", "sampled_by"}
