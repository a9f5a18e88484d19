"""`clarion export-sklearn`."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import pytest

from classifier import Classifier
from tests.commands import Command
from training.posts import LabelledPosts


def test_a_pipeline_is_written_with_a_warning(clarion: Command, tiny: Path, few: LabelledPosts, tmp_path: Path) -> None:
    out = tmp_path / "model.joblib"
    ended = clarion("export-sklearn", tiny, "--out", out)
    assert (ended.code, ended.out) == (0, "")
    first, warning = ended.err.splitlines()
    assert first == f"pipeline {out}, of bundle {tiny}"
    assert warning.startswith("a .joblib file runs code when it is loaded")
    assert "give the bundle, which holds no code" in warning
    wanted = [score.labels["separatism"].probability for score in Classifier.load(tiny).score(few.texts)]
    np.testing.assert_allclose(joblib.load(out).predict_proba(few.texts)[:, 1], wanted, rtol=0, atol=1e-6)


def test_the_same_bundle_gives_the_same_bytes(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    for name in ("a.joblib", "b.joblib"):
        assert clarion("export-sklearn", tiny, "--out", tmp_path / name).code == 0
    assert (tmp_path / "a.joblib").read_bytes() == (tmp_path / "b.joblib").read_bytes()


@pytest.mark.parametrize("name", ["model.pkl", "model", "-"])
def test_another_name_is_refused(name: str, clarion: Command, tiny: Path, tmp_path: Path) -> None:
    ended = clarion("export-sklearn", tiny, "--out", tmp_path / name)
    assert ended.code == 2
    assert "give it a name that ends in .joblib" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_bundle_and_what_cannot_be_written_are_named(clarion: Command, tiny: Path, tmp_path: Path) -> None:
    ended = clarion("export-sklearn", tmp_path, "--out", tmp_path / "m.joblib")
    assert (ended.code, ended.err.startswith(f"clarion: {tmp_path}: no bundle here")) == (2, True)
    out = tmp_path / "nowhere" / "m.joblib"
    ended = clarion("export-sklearn", tiny, "--out", out)
    assert (ended.code, ended.err.startswith(f"clarion: {out}: cannot be written: ")) == (2, True)
    assert list(tmp_path.iterdir()) == []
