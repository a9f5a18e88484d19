"""The reader of labelled posts: every fault has its place, all are listed, and a blank is no 0."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import InputError
from tests.commands import Command
from tests.training.conftest import reproducibly
from tests.training.making import Row, invented, write
from training.posts import LabelledPosts, read_posts, unchanged
from training.schema import Schema, mapping

GOOD: Row = {"id": "a", "text": "Good morning", "recruitment": "0", "separatism": "0"}
BY_GUIDE: Row = GOOD | {"means": "", "uncertain": "", "lang": "en", "category": "chatter", "group": "", "twin": ""}
ONE_CLASS = Schema(label="topic")


def read(path: Path, schema: Schema | None = None, *, drop_conflicts: bool = False) -> LabelledPosts:
    return read_posts([str(path)], schema or Schema(), drop_conflicts)


def refusal(*paths: Path, schema: Schema | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_posts([str(path) for path in paths], schema or Schema())
    return str(caught.value)


# What is good is read as it stands.


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_rows_come_in_order_with_texts_labels_and_columns(suffix: str, tmp_path: Path) -> None:
    rows = invented(20)
    posts = read(write(tmp_path / f"a{suffix}", rows))
    assert posts.texts == [row["text"] for row in rows]
    assert list(posts.frame["id"]) == [row["id"] for row in rows]
    assert list(posts.frame["recruitment"]) == [float(row["recruitment"]) for row in rows]
    assert list(posts.frame["lang"]) == [row["lang"] for row in rows]
    assert (posts.labels, posts.exclusive, posts.dropped) == (("recruitment", "separatism"), False, {})


def test_files_of_every_kind_are_read_as_one(tmp_path: Path) -> None:
    rows = invented(12)
    csv, jsonl = write(tmp_path / "a.csv", rows[:4]), write(tmp_path / "b.jsonl", rows[4:8])
    pd.DataFrame(rows[8:]).to_parquet(tmp_path / "c.parquet")
    packed = tmp_path / "d.csv.gz"
    packed.write_bytes(gzip.compress(write(tmp_path / "d.csv", invented(14)[12:]).read_bytes()))
    posts = read_posts([str(csv), str(jsonl), str(tmp_path / "c.parquet"), str(packed)], Schema())
    assert list(posts.frame["id"]) == [row["id"] for row in invented(14)]
    assert list(posts.frame["separatism"]) == [float(row["separatism"]) for row in invented(14)]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(suffix: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"a{suffix}", [GOOD])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(read(path).frame["id"]) == ["a"]


@pytest.mark.parametrize(
    ("written", "label"),
    [(0, 0.0), (1, 1.0), (False, 0.0), (True, 1.0), (1.0, 1.0), ("1", 1.0), (" 0 ", 0.0), ("1.0", 1.0)],
)
def test_a_label_may_be_text_a_number_or_a_boolean(written: object, label: float, tmp_path: Path) -> None:
    posts = read(write(tmp_path / "a.jsonl", [GOOD | {"recruitment": written}]))
    assert list(posts.frame["recruitment"]) == [label]


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_label_stays_blank_and_is_never_0(blank: str | None, tmp_path: Path) -> None:
    posts = read(write(tmp_path / "a.jsonl", [GOOD | {"recruitment": blank}]))
    assert math.isnan(posts.frame["recruitment"][0])
    assert posts.frame["separatism"][0] == 0.0


def test_reviewers_decisions_are_read_as_they_leave_the_service(tmp_path: Path) -> None:
    decision = {
        "id": "telegram/7", "text": "Vote for the north to leave", "lang": "en", "recruitment": None, "separatism": 1,
        "means": "peaceful", "uncertain": ["recruitment"], "reader": "r1", "decided_at": "2026-06-01T10:00:00Z",
        "model": "clarion 0.1.0", "policy": "abc", "sampled_by": "queue", "inclusion_probability": 0.2,
        "source": "review",
    }  # fmt: skip
    other = decision | {"id": "telegram/8", "text": "Good night", "recruitment": 0, "separatism": 0, "means": None}
    posts = read(write(tmp_path / "decisions.jsonl", [decision, other | {"uncertain": None}]))
    assert math.isnan(posts.frame["recruitment"][0])
    assert list(posts.frame["separatism"]) == [1.0, 0.0]
    assert list(posts.frame["means"]) == ["peaceful", ""]
    assert list(posts.frame["source"]) == ["review", "review"]


def test_one_column_of_classes_gives_one_label_per_class(tmp_path: Path) -> None:
    rows = [{"text": f"text {name}", "topic": name} for name in ("sport", "news", "sport ")]
    rows[2]["text"] = "another text"
    posts = read(write(tmp_path / "a.csv", rows), ONE_CLASS)
    assert (posts.labels, posts.exclusive) == (("news", "sport"), True)
    assert posts.frame[["news", "sport"]].to_numpy().tolist() == [[0, 1], [1, 0], [0, 1]]


def test_other_columns_may_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"post": "hello", "war": "1"}, {"post": "bye", "war": "0"}])
    posts = read(path, Schema(("war",), "post"))
    assert (posts.texts, list(posts.frame["war"])) == (["hello", "bye"], [1.0, 0.0])


def test_posts_without_an_id_are_numbered_from_0(tmp_path: Path) -> None:
    rows = [{key: value for key, value in row.items() if key != "id"} for row in invented(3)]
    assert list(read(write(tmp_path / "a.csv", rows)).frame["id"]) == ["0", "1", "2"]


def test_a_number_given_to_a_post_is_never_the_id_of_another(tmp_path: Path) -> None:
    numbered = [row | {"id": str(number)} for number, row in enumerate(invented(6), 1)]
    bare = [{key: value for key, value in row.items() if key != "id"} for row in invented(4, seed=5)]
    posts = read_posts([str(write(tmp_path / "a.csv", numbered)), str(write(tmp_path / "b.csv", bare))], Schema())
    assert posts.frame["id"].is_unique
    assert list(posts.frame["id"][:6]) == list("123456")


def test_a_missing_number_in_a_column_of_numbers_is_blank(tmp_path: Path) -> None:
    rows = invented(4)
    frame = pd.DataFrame(rows).assign(group=[7.0, 7.0, math.nan, math.nan])
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(frame, safe=False), tmp_path / "null.parquet")
    columns = {name: list(frame[name]) for name in frame}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "nan.parquet")
    for name in ("null", "nan"):
        groups = list(read(tmp_path / f"{name}.parquet").frame["group"])
        assert groups[0] == groups[1] != ""
        assert groups[2:] == ["", ""]


def test_the_digest_is_of_ids_texts_labels_and_their_order(tmp_path: Path) -> None:
    rows = invented(5)
    same = read(write(tmp_path / "a.csv", rows))
    assert read(write(tmp_path / "b.jsonl", [row | {"region": "moon"} for row in rows])).sha256 == same.sha256
    for number, changed in enumerate(
        (
            [*rows[:4], rows[4] | {"text": "other"}],
            [*rows[:4], rows[4] | {"id": "other"}],
            [rows[0] | {"separatism": ""}, *rows[1:]],
            rows[::-1],
        )
    ):
        assert read(write(tmp_path / f"{number}.csv", changed)).sha256 != same.sha256


# Every fault has file, row and column.


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"text": ""}, "text", "the text is empty"),
        ({"text": " \t"}, "text", "the text is empty"),
        ({"text": "a\0b"}, "text", "NUL character at 1"),
        ({"recruitment": "2"}, "recruitment", "'2' is no label; write 0, 1 or leave it blank"),
        ({"separatism": "yes"}, "separatism", "'yes' is no label"),
        ({"separatism": "-1"}, "separatism", "'-1' is no label"),
        ({"uncertain": "recruitment"}, "recruitment", "`uncertain` says that readers would split"),
        ({"uncertain": "nonsense"}, "uncertain", "'nonsense' is no label"),
        ({"means": "peaceful"}, "means", "only where separatism is 1"),
        ({"separatism": "1", "category": "slogan", "means": "maybe"}, "means", "one of peaceful, coercive"),
        ({"separatism": "", "uncertain": "separatism", "means": "unclear"}, "means", "only where separatism is 1"),
        ({"category": "slogan"}, "category", "does not go with the labels"),
        ({"recruitment": "1"}, "category", "'chatter' does not go with the labels"),
        ({"category": "gossip"}, "category", "is not in the labelling guide"),
        ({"lang": "klingon"}, "lang", "'klingon' is none of ru"),
        ({"twin": "nobody"}, "twin", "no post has the id 'nobody'"),
    ],
)
def test_a_fault_is_named_with_file_row_and_column(change: Row, column: str, reason: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [BY_GUIDE, BY_GUIDE | {"id": "b", "text": "Good evening"} | change])
    assert f"\n  {path}, row 3, column {column!r}: " in (said := refusal(path))
    assert reason in said
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"text": 7}, "text", "must be a string, not int"),
        ({"text": None}, "text", "must be a string, not NoneType"),
        ({"text": "\ud800"}, "text", "half of a surrogate pair"),
        ({"recruitment": [1]}, "recruitment", "'[1]' is no label"),
        ({"recruitment": {"a": 1}}, "recruitment", "is no label"),
        ({"recruitment": "true"}, "recruitment", "'true' is no label"),
        ({"recruitment": 0.5}, "recruitment", "'0.5' is no label"),
        ({"recruitment": math.nan}, "recruitment", "'nan' is no label"),
    ],
)
def test_a_fault_in_json_lines_is_named_likewise(change: Row, column: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(GOOD), json.dumps(GOOD | {"id": "b"} | change)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert f"{path}, line 2, column {column!r}: " in (said := refusal(path))
    assert reason in said


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    csv, jsonl = tmp_path / "a.csv", tmp_path / "b.jsonl"
    csv.write_text("text,recruitment,separatism\nhello,0\nbye,0,0\n", encoding="utf-8")
    assert f"{csv}, row 2: the row has 2 cells, the header 3" in refusal(csv)
    write(jsonl, [GOOD])
    with jsonl.open("a", encoding="utf-8") as file:
        file.write("\n[1]\n{'text': 1}\n")
    said = refusal(jsonl)
    assert f"{jsonl}, line 3: not a JSON object" in said
    assert f"{jsonl}, line 4: not JSON" in said


def test_all_faults_of_all_files_are_listed(tmp_path: Path) -> None:
    bad = [row | {"recruitment": "maybe", "text": ""} for row in invented(90)]
    paths = [write(tmp_path / "a.csv", bad[:40]), write(tmp_path / "b.csv", bad[40:])]
    said = refusal(*paths)
    assert said.startswith("180 faults")
    for path, rows in zip(paths, (40, 50), strict=True):
        for row in range(2, rows + 2):
            assert f"{path}, row {row}, column 'text': " in said
            assert f"{path}, row {row}, column 'recruitment': " in said


def test_unknown_names_in_uncertain_are_listed_in_order(tmp_path: Path) -> None:
    names = [f"name{number}" for number in range(9)]
    said = refusal(write(tmp_path / "a.csv", [BY_GUIDE | {"uncertain": " ".join(names[::-1])}]))
    assert [line.split("'")[3] for line in said.splitlines()[1:]] == names


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", [GOOD, GOOD | {"id": "b", "text": "one"}])
    second = write(tmp_path / "b.csv", [GOOD | {"id": "c", "text": "two"}, GOOD | {"id": "b", "text": "three"}])
    said = refusal(first, second)
    assert f"{second}, row 3, column 'id': 'b' stands twice" in said
    assert len(said.splitlines()) == 2


def test_a_twin_may_stand_in_another_file(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", [BY_GUIDE])
    twin = BY_GUIDE | {"id": "b", "text": "Come and fight", "twin": "a", "recruitment": "1", "category": "next_step"}
    second = write(tmp_path / "b.csv", [twin])
    assert list(read_posts([str(first), str(second)], Schema()).frame["twin"]) == ["", "a"]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"twin": "a"}, "twin", "'a' has the same labels; a twin's edit changes one"),
        ({"twin": "b"}, "twin", "'b' has the same labels; a twin's edit changes one"),
        ({"twin": "c"}, "twin", "no post has the id 'c'"),
        (
            {"twin": "a", "recruitment": "1", "category": "next_step", "group": "h"},
            "group",
            "'h' is not that of its twin",
        ),
        ({"disguised": "yes"}, "disguised", "'yes': write 0, 1 or leave it blank"),
        ({"separatism": "1", "category": "slogan"}, "means", "separatism is 1; say by what means: peaceful"),
        ({"recruitment": "1", "category": "both"}, "category", "'both' is for posts with both labels"),
        (
            {"recruitment": "1", "separatism": "1", "means": "violent", "category": "slogan"},
            "category",
            "'both' is for posts with both labels",
        ),
        ({"text": "Доброе \ufffdтро"}, "text", "the character at 7 was lost in a wrong decoding"),
        ({"text": "Доброе утро".encode().decode("cp1252", "replace")}, "text", "read as another encoding"),
        ({"text": "Иди к нам".encode().decode("latin-1")}, "text", "UTF-8 that was read as another encoding"),
    ],
)
def test_a_fault_that_creeps_in_while_posts_are_written_is_named(
    change: Row, column: str, reason: str, tmp_path: Path
) -> None:
    rows = [BY_GUIDE | {"group": "g", "disguised": "0"}, BY_GUIDE | {"id": "b", "text": "Good night"} | change]
    said = refusal(path := write(tmp_path / "a.csv", rows))
    assert f"{path}, row 3, column {column!r}: " in said
    assert reason in said


@pytest.mark.parametrize("text", ["Ñandú y Ðá", "ÐÑÐÑ", "naïve café", "Ñ±", "Добрый день, Ñ"])
def test_letters_that_only_look_garbled_are_left_alone(text: str, tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", [BY_GUIDE | {"text": text}])).texts == [text]


def test_a_blank_twin_label_is_no_same_label_but_no_difference_either(tmp_path: Path) -> None:
    blank = BY_GUIDE | {"id": "b", "text": "b", "twin": "a", "recruitment": "", "uncertain": "recruitment"}
    assert "has the same labels" in refusal(write(tmp_path / "a.csv", [BY_GUIDE, blank]))


def test_a_blank_label_frees_the_category(tmp_path: Path) -> None:
    leaning = BY_GUIDE | {"separatism": "", "uncertain": "separatism", "category": "argument"}
    assert len(read(write(tmp_path / "a.csv", [leaning])).frame) == 1


def test_the_guides_rules_do_not_bind_other_labels(tmp_path: Path) -> None:
    row = {"text": "hello", "war": "1", "category": "gossip", "means": "by car", "twin": "nobody", "lang": "klingon"}
    assert len(read(write(tmp_path / "a.csv", [row]), Schema(("war",))).frame) == 1


def test_missing_columns_are_named_beside_those_that_are_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"text": "hello", "label": "0"}])
    assert refusal(path) == f"{path}: missing column 'recruitment', 'separatism'; it has: text, label"
    assert "missing column 'topic'" in refusal(path, schema=ONE_CLASS)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,recruitment,separatism\n", encoding="utf-8")
    assert refusal(path) == f"{path}: no labelled posts"


def test_every_post_needs_a_class_and_one_class_is_too_few(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"text": "one", "topic": "sport"}, {"text": "two", "topic": " "}])
    assert f"{path}, row 3, column 'topic': no class" in refusal(path, schema=ONE_CLASS)
    path = write(tmp_path / "b.csv", [{"text": "one", "topic": "sport"}])
    assert "only one class, 'sport'" in refusal(path, schema=ONE_CLASS)


@pytest.mark.parametrize("name", ["text", "id", "group", "split", "place", "class"])
def test_a_label_with_the_name_of_a_kept_column_is_refused(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"text": "one", "topic": name}, {"text": "two", "topic": "sport"}])
    assert repr(name) in refusal(path, schema=ONE_CLASS)
    path = write(tmp_path / "b.csv", [{"text": "one", name: "1"}])
    assert repr(name) in refusal(path, schema=Schema((name,)))


@pytest.mark.parametrize("labels", [(), ("war", "war")])
def test_labels_are_named_and_named_once(labels: tuple[str, ...], tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"text": "one", "war": "1"}])
    assert "--labels" in refusal(path, schema=Schema(labels))


# The same text with other labels.


def conflicting(tmp_path: Path) -> Path:
    rows = [
        GOOD,
        GOOD | {"id": "b", "recruitment": "1"},
        GOOD | {"id": "c", "text": "Good night"},
        GOOD | {"id": "d", "text": "Good night"},
    ]
    return write(tmp_path / "a.csv", rows)


def test_posts_with_one_text_and_different_labels_are_refused_with_their_places(tmp_path: Path) -> None:
    path = conflicting(tmp_path)
    said = refusal(path)
    assert said.startswith("2 posts stand elsewhere with the same text and different labels; mend them:\n")
    assert f"{path}, row 2\n  {path}, row 3" in said
    assert "row 4" not in said


@pytest.mark.parametrize(("command", "offered"), [("inspect", False), ("audit", True)])
def test_the_refusal_names_the_option_of_commands_that_have_it(
    clarion: Command, tmp_path: Path, command: str, offered: bool
) -> None:
    ended = clarion(command, conflicting(tmp_path))
    assert ended.code == 2
    assert "same text and different labels; mend them" in ended.err
    assert ("or pass --drop-conflicts" in ended.err) is offered


def test_a_blank_beside_a_0_is_a_different_label(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [GOOD, GOOD | {"id": "b", "separatism": ""}])
    assert refusal(path).startswith("2 posts stand elsewhere")


def test_all_conflicts_are_listed(tmp_path: Path) -> None:
    rows = [GOOD | {"id": str(number), "recruitment": str(number % 2)} for number in range(130)]
    path = write(tmp_path / "a.csv", rows)
    assert [line.strip() for line in refusal(path).splitlines()[1:]] == [f"{path}, row {row}" for row in range(2, 132)]


def test_conflicts_are_left_out_and_counted_when_asked(tmp_path: Path) -> None:
    posts = read(conflicting(tmp_path), drop_conflicts=True)
    assert list(posts.frame["id"]) == ["c", "d"]
    assert posts.dropped == {"same text with different labels": 2}


def test_classes_conflict_too(tmp_path: Path) -> None:
    rows = [{"text": "one", "topic": "sport"}, {"text": "one", "topic": "news"}, {"text": "two", "topic": "news"}]
    path = write(tmp_path / "a.csv", rows)
    assert "2 posts" in refusal(path, schema=ONE_CLASS)
    assert read(path, ONE_CLASS, drop_conflicts=True).texts == ["two"]


def test_a_part_keeps_its_own_digest_and_counts_the_rest(tmp_path: Path) -> None:
    rows = invented(6)
    posts = read(write(tmp_path / "a.csv", rows))
    part = posts.part([True, False, True, True, False, True], "for a reason").part([True] * 4, "for none")
    kept = read(write(tmp_path / "b.csv", [rows[number] for number in (0, 2, 3, 5)]))
    assert (part.sha256, part.dropped) == (kept.sha256, {"for a reason": 2})


# Whatever stands in the file, it is read or refused with a place.


@reproducibly
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.none() | st.booleans() | st.integers(-1, 2) | st.text(max_size=6) | st.lists(st.none())
                for name in ("id", "text", "recruitment", "separatism", "means", "uncertain", "category", "lang")
            },
        ),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_any_json_lines_are_read_whole_or_refused_with_a_place(
    tmp_path: Path, rows: list[dict[str, Any]], drop: bool
) -> None:
    path = write(tmp_path / "any.jsonl", [])
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    try:
        posts = read(path, drop_conflicts=drop)
    except InputError as fault:
        said = str(fault)
    else:
        said = str(path)
        assert len(posts.frame) + sum(posts.dropped.values()) == len(rows)
        assert posts.frame["id"].is_unique
    assert str(path) in said


def test_order_of_columns_makes_no_difference(tmp_path: Path) -> None:
    rows, names = invented(5), ["text", "lang", "separatism", "id", "recruitment"]
    shuffled = [{name: row[name] for name in names} for row in rows]
    assert read(write(tmp_path / "a.csv", rows)).sha256 == read(write(tmp_path / "b.csv", shuffled)).sha256


def test_weights_and_inclusion_probabilities_are_numbers_or_blank(tmp_path: Path) -> None:
    rows = [
        row | {"weight": weight, "inclusion_probability": "0.25"}
        for row, weight in zip(invented(2), ("2.5", ""), strict=True)
    ]
    frame = read(write(tmp_path / "posts.csv", rows)).frame
    assert frame["weight"].tolist()[0] == 2.5
    assert np.isnan(frame["weight"].tolist()[1])
    assert frame["inclusion_probability"].tolist() == [0.25, 0.25]


@pytest.mark.parametrize(
    ("column", "value"),
    [("weight", "0"), ("weight", "-1"), ("weight", "nan"), ("weight", "inf"), ("weight", "much"),
     ("inclusion_probability", "1.5"), ("inclusion_probability", "0")],
)  # fmt: skip
def test_a_number_out_of_range_is_refused_with_its_place(tmp_path: Path, column: str, value: str) -> None:
    path = write(tmp_path / "posts.csv", [row | {column: value} for row in invented(1)])
    with pytest.raises(InputError, match=rf"row 2, column '{column}': '{value}'"):
        read(path)


def test_a_reviewers_decisions_are_read_as_they_are(tmp_path: Path) -> None:
    decision = {
        "id": "d1", "text": "some text", "lang": "ru", "recruitment": 1, "separatism": None, "means": None,
        "uncertain": "separatism", "reader": "r-07", "decided_at": "2026-11-02T10:00:00Z", "model": "clarion 0.1.0",
        "policy": "1", "sampled_by": "random", "inclusion_probability": 0.02, "source": "review",
    }  # fmt: skip
    frame = read(write(tmp_path / "decisions.jsonl", [decision])).frame
    assert frame.loc[0, ["recruitment", "reader", "sampled_by", "inclusion_probability", "source"]].tolist() == [
        1.0, "r-07", "random", 0.02, "review",
    ]  # fmt: skip


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    rows = [{"body": "some text", "join": "1", "separatism": "0", "tongue": "kk", "no": "7"}]
    names = {"text": "body", "recruitment": "join", "lang": "tongue", "id": "no"}
    frame = read_posts([str(write(tmp_path / "a.csv", rows))], Schema(renamed=names)).frame
    assert frame.loc[0, ["id", "text", "recruitment", "lang"]].tolist() == ["7", "some text", 1.0, "kk"]


def test_a_fault_in_a_mapped_column_is_named_as_the_file_names_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [{"body": "some text", "join": "maybe", "separatism": "0"}])
    said = refusal(path, schema=Schema(renamed={"text": "body", "recruitment": "join"}))
    assert f"{path}, row 2, column 'recruitment' (--map: 'join'): 'maybe' is no label" in said


def test_of_several_files_only_those_without_the_name_are_mapped(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", [{"body": "first", "recruitment": "1", "separatism": "0"}])
    other = write(tmp_path / "b.jsonl", [{"text": "second", "recruitment": 0, "separatism": None}])
    assert read_posts([str(one), str(other)], Schema(renamed={"text": "body"})).texts == ["first", "second"]


def test_a_mapped_column_that_need_not_be_there_stands_in_one_file_at_least(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", [{"text": "first", "recruitment": "1", "separatism": "0", "who": "ann"}])
    other = write(tmp_path / "b.jsonl", [{"text": "second", "recruitment": 0, "separatism": None}])
    files = [str(one), str(other)]
    assert read_posts(files, Schema(renamed={"author": "who"})).frame["author"].tolist() == ["ann", ""]
    with pytest.raises(InputError, match=r"a\.csv, .*b\.jsonl: missing column 'whom'; it has: text, .*, who"):
        read_posts(files, Schema(renamed={"author": "whom"}))


def test_a_mapping_to_nothing_is_refused_with_the_columns_there_are(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", invented(1))
    with pytest.raises(InputError, match=r"a.csv: missing column 'tongue'; it has: id, text"):
        read_posts([str(path)], Schema(renamed={"author": "tongue"}))


@pytest.mark.parametrize("pairs", [["text"], ["=b"], ["a="], ["a=b", "a=c"]])
def test_what_is_no_mapping_is_refused(pairs: list[str]) -> None:
    with pytest.raises(InputError, match="write each name once, as in --map text=body"):
        mapping(pairs)


@pytest.mark.parametrize("written", ["2026-11-27", "2026-11-27T10:00:00Z", "2026-11-27 10:00:00+06:00", "20261127", ""])
def test_dates_are_iso(tmp_path: Path, written: str) -> None:
    frame = read(write(tmp_path / "a.csv", [invented(1)[0] | {"created_at": written}])).frame
    assert frame["created_at"].tolist() == [written]


@pytest.mark.parametrize("written", ["27.11.2026", "11/27/2026", "27 Nov 2026", "1764200000", "yesterday"])
def test_other_dates_are_refused_with_what_to_write(tmp_path: Path, written: str) -> None:
    path = write(tmp_path / "a.csv", [invented(1)[0] | {"decided_at": written}])
    with pytest.raises(InputError, match=rf"row 2, column 'decided_at': '{written}' is no date; write 2026-11-27 or"):
        read(path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", invented(3))
    with pytest.raises(InputError, match="the file changed while it was read"), unchanged(str(path)):
        path.write_text(path.read_text("utf-8") + "more\n", "utf-8")
