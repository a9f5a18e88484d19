"""The figures of a portrait as they stand in the document."""

from __future__ import annotations

import pytest

from training.portrait.tables import (
    EXCERPT,
    ablation_table,
    all_tables,
    calibration_table,
    categories_table,
    disguise_table,
    excerpt,
    hidden_table,
    languages_table,
    mistakes_table,
    three,
)

LABELS = ("recruitment", "separatism")


def body(written: str) -> list[list[str]]:
    """Cells of the rows below the head; all rows have as many."""
    head, _, *rows = [line.strip("| ").split(" | ") for line in written.splitlines()]
    assert {len(row) for row in rows} <= {len(head)}
    return rows


@pytest.mark.parametrize(("value", "said"), [(0.12345, ".123"), (1.0, "1.000"), (None, "–"), (0.9996, "1.000")])
def test_three_decimals(value: float | None, said: str) -> None:
    assert three(value) == said


def test_what_each_part_is_worth() -> None:
    whole = {
        "recruitment": 0.9512,
        "separatism": 0.9,
        "twins": 0.805,
        "checks": 0.75,
        "ordinary": 1.4,
        "microseconds": 21.5,
    }
    bare = whole | {"recruitment": None, "twins": None, "checks": None, "ordinary": None}
    assert body(ablation_table({"as it ships": whole, "bare": bare}, LABELS)) == [
        ["as it ships", ".951", ".900", ".81", ".75", "1.4", "21.5"],
        ["bare", "–", ".900", "–", "–", "–", "21.5"],
    ]


def test_a_disguise_shows_how_much_is_lost() -> None:
    def figures(value: float, flags: float) -> dict[str, dict[str, float]]:
        return {label: {"average_precision": value, "false_flags": flags} for label in LABELS}

    found = body(disguise_table({"plain": figures(0.95, 3.0), "zero_width": figures(0.94, 4.5)}, LABELS))
    assert found == [
        ["**plain**", *(".950", "+0.000", "3.0") * 2],
        ["zero width", *(".940", "+0.010", "4.5") * 2],
    ]
    better = body(disguise_table({"plain": figures(0.5, 0), "marks": figures(0.6, 0)}, LABELS))
    assert better[1][2] == "−0.100"


def test_calibration_stands_beside_its_floor() -> None:
    one = {"n": 40, "error": 0.0123, "floor": 0.01, "brier": 0.2}
    assert body(calibration_table({"recruitment": {"all": one}})) == [
        ["recruitment", "all", ".012", ".010", ".200", "40"]
    ]


def test_languages_with_and_without_short_posts() -> None:
    counts = {"n": 4, "right": 3, "unknown": 1, "wrong": 0}
    found = languages_table({"all": {"ru": counts, "tg": counts}, "short": {"ru": counts | {"n": 8}}})
    assert body(found) == [
        ["ru", "4", ".75", ".25", ".00", "8", ".38", ".12", ".00"],
        ["tg", "4", ".75", ".25", ".00", "–", "–", "–", "–"],
    ]


def test_hidden_appeals_in_the_order_of_the_figures() -> None:
    figures = {around: {label: {"found": 0.5, "false": 0.01} for label in LABELS} for around in ("0", "60")}
    assert body(hidden_table(figures, LABELS)) == [["0", *(".50", ".01") * 2], ["60", *(".50", ".01") * 2]]


def test_the_weakest_category_comes_first() -> None:
    figures = {"b": {"n": 4, "right": 3}, "a": {"n": 8, "right": 6}, "c": {"n": 5, "right": 1}}
    assert body(categories_table(figures)) == [
        ["c", "1 of 5", ".20"],
        ["a", "6 of 8", ".75"],
        ["b", "3 of 4", ".75"],
    ]


def test_mistakes_are_one_line_each() -> None:
    one = {"id": "7", "category": "joke", "probability": 0.914, "text": "a | b\n<b>c"}
    found = mistakes_table({"recruitment": {"false_flags": [one], "missed": [], "false_flags_n": 1, "missed_n": 0}})
    assert found.splitlines()[2:] == [r"| recruitment | false flags | joke | .91 | a \| b &lt;b>c |"]


def test_a_long_post_is_cut() -> None:
    assert excerpt("x" * EXCERPT) == "x" * EXCERPT
    assert excerpt("x" * (EXCERPT + 1)) == "x" * EXCERPT + "…"


def test_every_table_has_a_name() -> None:
    nothing: dict[str, object] = {}
    empty = dict.fromkeys(("ablation", "disguises", "calibration", "hidden", "categories", "worst"), nothing)
    tables = all_tables(empty | {"languages": {"all": {}, "short": {}}}, LABELS)
    assert set(tables) == {"ablation", "disguises", "calibration", "languages", "hidden", "kinds", "mistakes"}
    assert all(len(content.splitlines()) == 2 for content in tables.values())
