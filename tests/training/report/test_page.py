"""The page is whole in itself, shows hostile posts as they are, and can be read without seeing the pictures."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from tests.training.report.conftest import HOSTILE
from training.report.figures import FLAGGED_ONLY, NOT_RECORDED
from training.report.page import change, count, estimate, page
from training.report.plots import drawn, plots_of

VOID = {"meta", "path", "use", "rect", "circle", "line"}


class Reader(HTMLParser):
    """Elements with their attributes, and the text within elements of each kind."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID and tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="session")
def html(figures: dict[str, Any]) -> str:
    return page(figures)


@pytest.fixture(scope="session")
def reader(html: str) -> Reader:
    return Reader(html)


def test_nothing_comes_from_elsewhere_and_nothing_runs(html: str, reader: Reader) -> None:
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "foreignobject"}
    names = [(name, value or "") for _, attributes in reader.elements for name, value in attributes.items()]
    assert not [name for name, _ in names if name.startswith("on")]
    targets = [value for name, value in names if name in {"href", "xlink:href", "src", "action"}]
    assert targets
    assert all(target.startswith("#") for target in targets)
    assert re.findall(r"url\((?!#)", html) == re.findall("@import", html) == []


def test_references_lead_somewhere_and_names_are_unique(html: str, reader: Reader) -> None:
    names = Counter(attributes["id"] for _, attributes in reader.elements if "id" in attributes)
    assert [name for name, times in names.items() if times > 1] == []
    attributes = [found for _, found in reader.elements]
    links = {str(one[key])[1:] for one in attributes for key in ("href", "xlink:href") if one.get(key)}
    links |= {str(one["aria-labelledby"]) for one in attributes if "aria-labelledby" in one}
    links |= set(re.findall(r"url\(#([^)]*)\)", html))
    assert links <= set(names)


def test_hostile_posts_are_text(html: str, reader: Reader) -> None:
    assert "<script" not in html
    assert "<b>bold" not in html
    assert "49" not in [text.strip() for _, text in reader.texts if "squad" in text]
    assert "\u202e" not in html
    assert "\u200b" not in html
    shown = "".join(text for where, text in reader.texts if "mark" in where or "p" in where)
    assert "<script>alert(1)</script>[U+202E][U+200B] join our squad" in shown
    assert "{{ 7*7 }}" in shown
    assert "<u>odd</u>" in {text for where, text in reader.texts if where[-1:] == ("th",)}
    assert any("<i>x</i>" in text for _, text in reader.texts)
    assert any(text == "a note <here>" for _, text in reader.texts)


def test_a_mistake_is_shown_with_what_spoke(figures: dict[str, Any], reader: Reader) -> None:
    worst = figures["labels"]["recruitment"]["mistakes"]["false_flags"]["worst"]
    assert any(one["text"] == HOSTILE for one in worst), "squad and join are words of recruiters"
    assert {"for-3", "for-2", "for-1"} & {part for one in reader.all("mark") for part in str(one["class"]).split()}
    assert all(one.get("title") for one in reader.all("mark") if one["class"] not in {"for for-2", "against against-2"})


def test_pictures_have_titles_and_tables_captions(reader: Reader, figures: dict[str, Any]) -> None:
    assert len(reader.all("svg")) == 4 * len(figures["labels"])
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in reader.all("svg"))
    titles = [text for where, text in reader.texts if where[-2:] == ("svg", "title")]
    assert len(titles) == len(set(titles)) == len(reader.all("svg"))
    assert len(reader.all("table")) == len(reader.all("caption")) > 10
    assert all("scope" in head for head in reader.all("th"))
    assert reader.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_same_figures_give_the_same_bytes(html: str, figures: dict[str, Any]) -> None:
    assert page(json.loads(json.dumps(figures))) == html
    assert not re.search(r"20\d\d-\d\d-\d\dT", re.sub(r"2026-0\d", "", html))


def test_pictures_take_their_colours_from_the_page(html: str) -> None:
    pictures = "".join(re.findall("<svg.*?</svg>", html, re.DOTALL))
    colours = set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r'(href="|url\()#[\w-]+', "", pictures)))
    assert colours == set()
    assert "var(--main)" in pictures
    assert "prefers-color-scheme: dark" in html


def test_figures_of_the_page_are_those_of_the_json(figures: dict[str, Any], reader: Reader) -> None:
    cells = " ".join("".join(text for _, text in reader.texts).split())
    for one in figures["labels"].values():
        for found in (one["curves"]["auc"], *(row["recall"] for row in one["rates"].values())):
            assert f"{found['value']:.3f} [{found['low']:.3f}–{found['high']:.3f}]" in cells
        for row in one["workload"]:
            assert f"{row['hours']['value']:.1f} [" in cells
    assert f"{figures['drift']['language']['psi']:.3f}" in cells


def test_what_cannot_be_had_is_said(figures: dict[str, Any]) -> None:
    poor = copy.deepcopy(figures)
    for one in poor["labels"].values():
        one["curves"] = dict.fromkeys(one["curves"])
        one["workload"] = one["calibration"] = None
        one["slices"]["batch"] = {}
        for row in one["rates"].values():
            row["recall"] = row["false_flags"] = None
    poor["sampling"] = {"weighted": 0, "recall_measurable": False, "reason": FLAGGED_ONLY}
    poor |= {"categories": {}, "identities": {}, "drift": {"skipped": NOT_RECORDED}}
    poor |= {"checks": {"skipped": "of other labels"}, "lawful": {"skipped": "of other labels"}}
    text = page(poor)
    assert "<svg" not in text
    for said in (FLAGGED_ONLY, NOT_RECORDED, "Skipped: of other labels", "By batch: these posts do not say"):
        assert said in text
    assert "None" not in text.replace("None of these posts has such a name", "")
    assert text.count(FLAGGED_ONLY) > 1, "also where the page begins"


def test_classes_have_a_confusion_matrix(figures: dict[str, Any]) -> None:
    share = {"value": 0.5, "low": 0.4, "high": 0.6}
    classes = {"classes": ["<a>", "b"], "confusion": [[5, 1], [2, 777]], "accuracy": share, "macro_f1": share}
    text = page(figures | {"classes": classes})
    assert "macro-F1 0.500" in text
    assert "777" in text
    assert "&lt;a&gt;" in text


def test_numbers_are_written_for_readers() -> None:
    assert str(estimate({"value": 0.5, "low": 0.25, "high": 1}, 2)) == '0.50 <span class="range">[0.25–1.00]</span>'
    assert (estimate(None), str(estimate({"value": 1.0, "low": None, "high": None}, 1))) == ("–", "1.0")
    assert (count(12345.6), count(-0.25, 2)) == ("12\u202f346", "−0.25")
    assert [change(psi) for psi in (0.0, 0.1, 0.25)] == ["little", "some", "much"]


def test_a_title_may_hold_anything() -> None:
    svg = drawn("x", "<&$x$", lambda axes: axes.plot([0, 1], [0, 1]))
    assert '<title id="x-title">&lt;&amp;$x$</title>' in svg


def test_pictures_without_figures_are_left_out(figures: dict[str, Any]) -> None:
    one = figures["labels"]["recruitment"]
    assert list(plots_of(0, "a", one)) == ["precision_recall", "roc", "reliability", "histogram"]
    poor = one | {"curves": dict.fromkeys(one["curves"])}
    assert list(plots_of(0, "a", poor)) == ["reliability", "histogram"]
