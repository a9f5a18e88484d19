"""Evidence becomes stretches of text that cover the post once, in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classifier.marks import Stretch, stretches

NAMES = {"pay": "offers pay"}


def evidence(spans: list[tuple[int, int, float]], cues: list[tuple[int, int, float]], window: tuple[int, int]) -> Any:
    return {
        "window": {"start": window[0], "end": window[1]},
        "spans": [{"start": a, "end": b, "weight": w} for a, b, w in spans],
        "cues": [{"cue": "pay", "weight": w, "spans": [{"start": a, "end": b}]} for a, b, w in cues],
    }


def text_of(stretch: Stretch) -> str:
    return "".join(piece.text for piece in stretch.pieces)


def test_weights_of_what_overlaps_are_added() -> None:
    found = stretches("pay 500 now", evidence([(0, 3, 0.5), (8, 11, -0.2)], [(0, 7, 0.6)], (0, 11)), NAMES)
    assert [(text_of(s), round(s.weight, 3), s.cues) for s in found] == [
        ("pay", 1.1, ("offers pay",)),
        (" 500", 0.6, ("offers pay",)),
        (" ", 0, ()),
        ("now", -0.2, ()),
    ]
    assert [(s.strength, s.speaks) for s in found if s.strength] == [(3, "for"), (2, "for"), (1, "against")]


def test_a_cue_in_two_places_is_shared_between_them() -> None:
    twice = evidence([], [], (0, 3))
    twice["cues"] = [{"cue": "pay", "weight": 1.0, "spans": [{"start": 0, "end": 1}, {"start": 2, "end": 3}]}]
    assert [stretch.weight for stretch in stretches("a b", twice, NAMES)] == [0.5, 0, 0.5]


def test_offsets_are_code_points() -> None:
    found = stretches("😀 join שלום", evidence([(2, 6, 1.0), (7, 11, -1.0)], [], (0, 11)), NAMES)
    assert [text_of(stretch) for stretch in found if stretch.strength] == ["join", "שלום"]


def test_outside_the_window_is_told_apart() -> None:
    found = stretches("long post here", evidence([(5, 9, 1.0)], [], (5, 9)), NAMES)
    assert [(text_of(stretch), stretch.inside) for stretch in found] == [
        ("long ", False),
        ("post", True),
        (" here", False),
    ]


@given(st.text(min_size=1, max_size=40), st.data())
def test_the_whole_text_once(text: str, data: st.DataObject) -> None:
    pair = (
        st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
        .map(sorted)
        .filter(lambda ends: ends[0] < ends[1])
    )
    part = st.tuples(pair, st.floats(-3, 3)).map(lambda found: (*found[0], found[1]))
    spans, cues = data.draw(st.lists(part, max_size=5)), data.draw(st.lists(part, max_size=3))
    window = tuple(data.draw(pair))
    assert "".join(map(text_of, stretches(text, evidence(spans, cues, window), NAMES))) == text  # type: ignore[arg-type]
