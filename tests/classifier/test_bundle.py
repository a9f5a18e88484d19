"""A model on disk: verified before use, written whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import Classifier
from classifier.bundle import (
    CARD,
    DATASHEET,
    MANIFEST,
    PATTERNS,
    SEAL,
    WEIGHTS,
    read_bundle,
    seal,
    sha256,
    write_bundle,
)
from classifier.cues import packed_cues
from classifier.errors import BundleError
from tests.classifier.making import made_bundle, write_made

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def copy(made_bundle_directory: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be damaged."""
    return Path(shutil.copytree(made_bundle_directory, tmp_path / "bundle"))


def refusal(directory: Path) -> str:
    """The message that reading ends with: one line, with the place."""
    with pytest.raises(BundleError) as fault:
        read_bundle(directory)
    message = str(fault.value)
    assert message.startswith(str(directory))
    assert "\n" not in message
    return message.removeprefix(str(directory)).lstrip("/: ")


def forge(directory: Path, change: Change) -> None:
    """Change a manifest and seal it anew, as somebody who means it would."""
    path = directory / MANIFEST
    written = json.loads(path.read_bytes())
    change(written)
    path.write_text(json.dumps(written | {SEAL: seal(written)}), encoding="utf-8")


def swap_file(directory: Path, name: str, content: bytes) -> None:
    """Put another content in a file's place, its size and digest too."""
    (directory / name).write_bytes(content)
    stated = {"sha256": sha256(content), "size": len(content)}
    forge(directory, lambda written: written["files"].__setitem__(name, stated))


def packed(arrays: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = made_bundle()
    digest = write_bundle(tmp_path / "new" / "bundle", made.manifest, made.arrays, made.cues)
    found = read_bundle(tmp_path / "new" / "bundle")
    assert found.manifest == replace(made.manifest)
    assert found.sha256 == digest == sha256((tmp_path / "new" / "bundle" / MANIFEST).read_bytes())
    assert found.cues.cues == made.cues.cues
    assert found.cues.sha256 == made.cues.sha256
    assert found.cues.written == made.cues.written
    for kept, parsed in zip(found.cues.patterns, made.cues.patterns, strict=True):
        np.testing.assert_array_equal(kept, parsed)
    for name, array in made.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 0, -1])
def test_an_older_format_is_refused_with_what_to_do(copy: Path, version: int) -> None:
    forge(copy, lambda written: written.update(format_version=version))
    assert refusal(copy) == f"bundle format {version}, this program reads 5; train it anew"


def test_a_bundle_without_categories_has_no_arrays_of_them(tmp_path: Path) -> None:
    found = read_bundle(write_made(tmp_path / "plain", categories=False))
    assert found.manifest.categories == {}
    assert set(found.arrays) == {"bias", "cue_weights", "idf", "known_words", "weights"}


DOCUMENTS = {CARD: "# Карточка\n", DATASHEET: "# Datasheet\n"}


def with_documents(directory: Path, documents: Mapping[str, str] = DOCUMENTS) -> Path:
    made = made_bundle()
    write_bundle(directory, made.manifest, made.arrays, made.cues, documents=documents)
    return directory


def test_documents_are_listed_and_read_as_they_were_written(tmp_path: Path) -> None:
    directory = with_documents(tmp_path / "bundle")
    listed = json.loads((directory / MANIFEST).read_bytes())["files"]
    content = (directory / CARD).read_bytes()
    assert listed[CARD] == {"sha256": sha256(content), "size": len(content)}
    assert content == "# Карточка\n".encode()
    assert read_bundle(directory).documents == DOCUMENTS


def test_a_bundle_without_documents_is_read_and_has_none(copy: Path) -> None:
    assert read_bundle(copy).documents == {}


@pytest.mark.parametrize("name", [CARD, DATASHEET])
def test_a_document_that_was_changed_or_is_gone_is_named(name: str, tmp_path: Path) -> None:
    directory = with_documents(tmp_path / "bundle")
    (directory / name).write_text("# Better figures\n", encoding="utf-8")
    assert refusal(directory).startswith(f"{name}: damaged: size or digest differ from the manifest")
    (directory / name).unlink()
    assert refusal(directory) == f"{name}: cannot be read: No such file or directory"


def test_a_document_that_is_no_text_is_refused(tmp_path: Path) -> None:
    directory = with_documents(tmp_path / "bundle")
    swap_file(directory, CARD, b"\xff\xfe")
    assert refusal(directory).startswith("card.md: not UTF-8; make one with")


def test_a_document_of_another_name_is_refused(tmp_path: Path) -> None:
    assert refusal(with_documents(tmp_path / "bundle", {"readme.md": "#"})) == (
        "unexpected file 'readme.md' in the manifest"
    )


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = write_made(tmp_path / "one"), write_made(tmp_path / "two")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == [Path("cues/made.yaml"), Path(PATTERNS), Path(MANIFEST), Path(WEIGHTS)]
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)


@pytest.mark.parametrize("name", [MANIFEST, WEIGHTS, PATTERNS, "cues/made.yaml"])
def test_a_flipped_bit_anywhere_is_noticed(copy: Path, name: str) -> None:
    path = copy / name
    content = path.read_bytes()
    places = range(0, len(content), max(1, len(content) // 400))
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        assert refusal(copy)
    path.write_bytes(content)
    read_bundle(copy)


@pytest.mark.parametrize("name", [WEIGHTS, PATTERNS, "cues/made.yaml"])
def test_a_file_cut_short_or_missing_is_named(copy: Path, name: str) -> None:
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[:-1])
    assert refusal(copy).startswith(f"{name}: damaged: size or digest differ from the manifest; make one with")
    (copy / name).unlink()
    assert refusal(copy) == f"{name}: cannot be read: No such file or directory"


def test_a_missing_bundle_is_told_how_to_make_one(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"no bundle here; make one with: clarion train --out {tmp_path}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "damaged, not JSON"),
        (b"{", "damaged, not JSON"),
        (b"\xff\xfe", "damaged, not JSON"),
        (b"[" * 100_000, "damaged, not JSON"),
        (b"[]", "not a Clarion bundle"),
        (b'{"name": "an app"}', "not a Clarion bundle"),
        (b'{"format": "clarion-bundle", "format_version": 6}', "bundle format 6, this program reads 5; update Clarion"),
        (
            b'{"format": "clarion-bundle", "format_version": "2"}',
            "bundle format 2, this program reads 5; update Clarion",
        ),
        (b'{"format": "clarion-bundle"}', "bundle format None, this program reads 5; update Clarion"),
        (b'{"format": "clarion-bundle", "format_version": 5}', "damaged: its digest differs"),
    ],
)
def test_what_is_no_bundle_of_ours_is_refused(copy: Path, content: bytes, message: str) -> None:
    (copy / MANIFEST).write_bytes(content)
    assert message in refusal(copy)


def without(*path: str) -> Change:
    def change(written: dict[str, Any]) -> None:
        for name in path[:-1]:
            written = written[name]
        del written[path[-1]]

    return change


def put(value: object, *path: str) -> Change:
    def change(written: dict[str, Any]) -> None:
        for name in path[:-1]:
            written = written[name]
        written[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("0" * 64, "fold_sha256"), "made with another folding than this program's; train it anew"),
        (without("files"), "names no weights.npz"),
        (without("files", WEIGHTS), "names no weights.npz"),
        (put({}, "files", "../secret.yaml"), "unexpected file '../secret.yaml' in the manifest"),
        (put({}, "files", "cues/../../secret.yaml"), "unexpected file"),
        (put({}, "files", "cues/a\0.yaml"), "unexpected file"),
        (put("x", "files", WEIGHTS), "weights.npz: damaged"),
        (without("files", "cues/made.yaml"), "its cue files and its manifest name different cues"),
        (put(["a", "b", "c"], "features", "cues"), "its cue files and its manifest name different cues"),
        (put("abc", "features", "cues"), "odd part"),
        (without("features", "cues"), "odd part"),
        (without("labels"), "odd part"),
        (lambda written: written.update(labels=[], calibration={}), "odd part: labels and calibration disagree"),
        (put(["recruitment", "recruitment"], "labels"), "odd part"),
        (put([{}], "labels"), "odd part"),
        (without("calibration", "separatism"), "odd part"),
        (put(None, "calibration", "separatism", "slope"), "odd part"),
        (put(float("nan"), "calibration", "separatism", "slope"), "odd part: calibration of separatism"),
        (put(1, "calibration", "separatism", "prevalence"), "odd part: calibration of separatism"),
        (put({}, "profiles"), "odd part"),
        (without("profiles", "balanced", "separatism"), "odd part: profile balanced"),
        (put(1.5, "profiles", "balanced", "separatism", "threshold"), "odd part: profile balanced"),
        (put(float("nan"), "profiles", "balanced", "separatism", "threshold"), "odd part: profile balanced"),
        (put(0, "features", "ngrams", "buckets"), "odd part: n-gram buckets"),
        (put(1000, "features", "ngrams", "buckets"), "odd part: n-gram buckets"),
        (put(2.0, "features", "ngrams", "least"), "odd part: n-gram buckets"),
        (put(1, "features", "ngrams", "least"), "odd part: n-gram settings"),
        (put(99, "features", "ngrams", "most"), "odd part: n-gram settings"),
        (put(256, "features", "ngrams", "cap"), "odd part: n-gram settings"),
        (put(1, "features", "ngrams", "stride"), "odd part"),
        (put({"news": ["nothing"]}, "features", "categories"), "odd part: category news"),
        (put(3, "features", "categories"), "odd part"),
        (put({"news": 3}, "features", "categories"), "odd part"),
        (put(-1, "features", "category_weight"), "odd part: category weight"),
        (put(float("nan"), "features", "category_weight"), "odd part: category weight"),
        (put("much", "features", "category_weight"), "odd part"),
        (put({"news": []}, "features", "categories"), "category_weights is int8(1024, 4), expected int8(1024, 1)"),
        (put({}, "features", "categories"), "expected ['bias', 'cue_weights', 'idf', 'known_words', 'weights']"),
        (put(2048, "features", "ngrams", "buckets"), "weights.npz: idf is float32(1024,), expected float32(2048,)"),
    ],
)
def test_a_manifest_that_means_something_else_is_refused(copy: Path, change: Change, message: str) -> None:
    forge(copy, change)
    assert message in refusal(copy)


ARRAYS = dict(made_bundle().arrays)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {name: ARRAYS[name] for name in ARRAYS if name != "bias"},
            "'category_weights', 'cue_weights', 'idf', 'known_words', 'weights'], expected",
        ),
        (ARRAYS | {"more": np.zeros(2)}, "expected ['bias', 'category_bias', 'category_scale', 'category_weights', "),
        (ARRAYS | {"category_weights": np.zeros((1024, 4))}, "category_weights is float64(1024, 4), expected int8"),
        (ARRAYS | {"known_words": np.zeros(1024)}, "known_words is float64(1024,), expected uint8(1024,)"),
        (ARRAYS | {"bias": np.zeros(3)}, "bias is float64(3,), expected float64(2,)"),
        (ARRAYS | {"weights": ARRAYS["weights"].T}, "weights is float32(2, 1024), expected float32(1024, 2)"),
        (ARRAYS | {"idf": ARRAYS["idf"].astype(float)}, "idf is float64(1024,), expected float32(1024,)"),
        (ARRAYS | {"idf": ARRAYS["idf"].astype(">f4")}, "idf is >f4(1024,), expected float32(1024,)"),
        (ARRAYS | {"bias": np.array([0, np.nan])}, "bias holds NaN or infinity"),
        (ARRAYS | {"cue_weights": np.full((3, 2), np.inf)}, "cue_weights holds NaN or infinity"),
        (ARRAYS | {"bias": np.array([{}, {}], object)}, "not a readable array file"),
    ],
)
def test_arrays_must_be_exactly_those_of_the_manifest(copy: Path, arrays: dict[str, Any], message: str) -> None:
    swap_file(copy, WEIGHTS, packed(arrays))
    refused = refusal(copy)
    assert refused.startswith(WEIGHTS)
    assert message in refused


def single_array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(2))
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        b"\x80\x04N.",
        packed(ARRAYS)[:-50],
        single_array(),
        zipped("idf.npy", b"text"),
        zipped("idf", b"x"),
    ],
    ids=["empty", "text", "pickle", "truncated", "one array", "no array", "other file"],
)
def test_weights_that_are_no_array_file_are_refused(copy: Path, content: bytes) -> None:
    swap_file(copy, WEIGHTS, content)
    assert refusal(copy).startswith(WEIGHTS)


TABLES = packed_cues(made_bundle().cues)


def changed(name: str, place: Any, value: int) -> dict[str, Any]:
    table = TABLES[name].copy()
    table.view(np.int32)[place] = value
    return TABLES | {name: table}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({name: TABLES[name] for name in TABLES if name != "files_sha256"}, "of other cue files"),
        (TABLES | {"files_sha256": np.zeros(32, np.uint8)}, "of other cue files"),
        ({name: TABLES[name] for name in TABLES if name != "spans"}, "other arrays"),
        (TABLES | {"members": TABLES["members"].astype(np.int64)}, "other arrays"),
        (TABLES | {"spans": TABLES["spans"].ravel()}, "other arrays"),
        (TABLES | {"neighbours": TABLES["neighbours"][:, :3].copy()}, "neighbours"),
        (TABLES | {"keys": np.ones_like(TABLES["keys"])}, "words"),
        (TABLES | {"keys": TABLES["keys"][:-1]}, "words"),
        (TABLES | {"stem_keys": np.empty(0, np.uint64), "stem_entries": np.empty(0, np.int32)}, "words"),
        (changed("entries", TABLES["keys"] != 0, len(TABLES["spans"])), "entries"),
        (changed("stem_entries", TABLES["stem_keys"] != 0, -1), "entries"),
        (changed("spans", (0, 1), len(TABLES["neighbours"]) + 1), "spans"),
        (changed("spans", (0, 0), -1), "spans"),
        (changed("spans", (0, 2), 3), "spans"),
        (changed("spans", (0, 2), -2), "spans"),
        (changed("choices", (0, 1), len(TABLES["members"]) + 1), "choices"),
        (changed("choices", (0, 0), 2**31 - 1), "choices"),
        (changed("neighbours", (0, 4), len(TABLES["choices"])), "anchors"),
        (changed("neighbours", (0, 5), -1), "anchors"),
        (changed("neighbours", (0, 6), 2**31 - 1), "anchors"),
        (changed("neighbours", (0, 7), 3), "cues"),
    ],
)
def test_patterns_that_could_not_be_searched_are_refused(copy: Path, arrays: dict[str, Any], message: str) -> None:
    swap_file(copy, PATTERNS, packed(arrays))
    assert refusal(copy).startswith(f"{PATTERNS}: damaged: {message}; make one with")


def test_damage_inside_an_array_is_refused_even_when_the_digest_agrees(copy: Path) -> None:
    content = bytearray((copy / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    swap_file(copy, WEIGHTS, bytes(content))
    assert refusal(copy).startswith(f"{WEIGHTS}: not a readable array file")


def test_a_pinned_digest_must_be_the_bundles(copy: Path) -> None:
    digest = read_bundle(copy).sha256
    assert Classifier.load(copy, sha256=digest).sha256 == digest
    with pytest.raises(BundleError, match=f"has digest {digest}, but 00 is pinned$"):
        Classifier.load(copy, sha256="00")


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def test_an_older_bundle_is_replaced_in_one_step(tmp_path: Path) -> None:
    directory = write_made(tmp_path / "bundle", seed=1)
    before = read_bundle(directory).sha256
    write_made(directory, seed=2)
    assert read_bundle(directory).sha256 != before
    assert names(tmp_path) == ["bundle"]


def test_an_empty_directory_is_filled(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    write_made(tmp_path / "bundle")
    read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("there", ["notes.txt", MANIFEST])
def test_what_is_no_bundle_is_never_overwritten(tmp_path: Path, there: str) -> None:
    """Many programs call a file manifest.json."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / there).write_text('{"name": "my web page"}', encoding="utf-8")
    with pytest.raises(BundleError, match=r"is there already and is no bundle; give another --out$"):
        write_made(mine)
    assert (mine / there).read_text(encoding="utf-8") == '{"name": "my web page"}'
    assert names(tmp_path) == ["mine"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_text("mine", encoding="utf-8")
    with pytest.raises(BundleError, match="is no bundle"):
        write_made(tmp_path / "bundle")
    with pytest.raises(BundleError, match=r"cannot be written: (Not a directory|File exists)"):
        write_made(tmp_path / "bundle" / "below")


def fail(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_older_bundle_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write_made(tmp_path / "bundle", seed=1)
    before = read_bundle(directory).sha256
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(BundleError, match=r"bundle: cannot be written: No space left on device$"):
        write_made(directory, seed=2)
    assert read_bundle(directory).sha256 == before
    assert names(tmp_path) == ["bundle"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_made(tmp_path / "bundle")
    assert names(tmp_path) == []


def test_a_replacement_that_fails_half_way_puts_the_older_bundle_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write_made(tmp_path / "bundle", seed=1)
    before, rename = read_bundle(directory).sha256, Path.rename

    def fails_at_the_second(path: Path, target: Path) -> Path:
        if ".partial-" in path.name:
            fail()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails_at_the_second)
    with pytest.raises(BundleError, match="No space left on device"):
        write_made(directory, seed=2)
    assert read_bundle(directory).sha256 == before
    assert names(tmp_path) == ["bundle"]
