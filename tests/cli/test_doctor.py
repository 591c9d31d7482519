"""`calibrant doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Program
from tests.cli.program import check_schema
from tests.drawn_predictions import overconfident_logits


def save(path: Path, n: int, *, seed: int = 0, shift: int = 0, key: str = "logits") -> Path:
    logits, labels = overconfident_logits(n, 3, seed=seed)
    arrays: dict[str, Any] = {key: logits, "labels": labels + shift}
    np.savez(path, **arrays)
    return path


def test_a_sound_file_ends_with_0(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("doctor", save(tmp_path / "test.npz", 20_000))
    assert outcome.code == 0
    assert outcome.out == "nothing found: 28 checks made.\n"
    assert outcome.err == ""


def test_notes_end_with_0(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("doctor", save(tmp_path / "test.npz", 200))
    assert outcome.code == 0
    assert outcome.out.startswith("note     rows_for_bins: 200 rows are few for 15 bins")
    assert outcome.out.splitlines()[-1] == "0 errors, 0 warnings, 1 note; 28 checks made."


def test_an_error_ends_with_1_and_says_what_to_do(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("doctor", save(tmp_path / "test.npz", 200, shift=1))
    assert outcome.code == 1
    assert "error    label_range: the labels count from 1" in outcome.out
    assert "Subtract 1 from every label." in outcome.out
    assert outcome.err == ""


def test_the_same_file_for_fitting(calibrant: Program, tmp_path: Path) -> None:
    path = save(tmp_path / "test.npz", 3000)
    outcome = calibrant("doctor", path, "--fit", path)
    assert outcome.code == 1
    assert "error    overlap: 3,000 of 3,000 scored rows" in outcome.out


def test_one_json_object_that_keeps_its_schema(calibrant: Program, tmp_path: Path) -> None:
    fit = save(tmp_path / "val.npz", 3000, seed=1)
    sound = calibrant("doctor", save(tmp_path / "test.npz", 20_000), "--fit", fit, "--json").json
    assert (sound["n"], sound["fit_n"], sound["findings"]) == (20_000, 3000, [])
    assert sound["counts"] == {"error": 0, "warning": 0, "note": 0}
    outcome = calibrant("doctor", save(tmp_path / "test.npz", 200, shift=1), "--fit", fit, "--json")
    assert outcome.code == 1
    spoilt = json.loads(outcome.out)
    check_schema(spoilt)
    assert spoilt["findings"][0]["name"] == "label_range"
    assert spoilt["counts"]["error"] == 1


@pytest.mark.parametrize("words", [("missing.npz",), ("test.npz", "--fit", "missing.npz")])
def test_what_cannot_be_read_ends_with_2(
    calibrant: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    save(tmp_path / "test.npz", 100)
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("doctor", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no such file" in outcome.err


def test_names_of_others_and_what_was_not_read(calibrant: Program, tmp_path: Path) -> None:
    path = tmp_path / "test.npz"
    logits, labels = overconfident_logits(20_000, 3)
    np.savez(
        path, outputs=np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)), y=labels, epoch=3
    )
    words = ("doctor", path, "--logits-key", "outputs", "--label-key", "y")
    outcome = calibrant(*words)
    assert outcome.code == 0
    assert "note     log_probs_as_logits" in outcome.out
    assert outcome.err == f"{path}: not read: epoch\n"
    assert "error    log_probs_as_probs" in calibrant(*words, "--kind", "probs").out


def test_a_table_of_confidences(calibrant: Program, tmp_path: Path) -> None:
    confidence = np.random.default_rng(0).random(2000)
    right = np.random.default_rng(1).random(2000) < confidence
    rows = [f"{100 * c!r},{int(r)}" for c, r in zip(confidence.tolist(), right.tolist(), strict=True)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["confidence,correct", *rows]) + "\n")
    outcome = calibrant("doctor", path)
    assert outcome.code == 1
    assert outcome.out.startswith("error    confidence_range: confidences must lie in 0..1")
    assert "These look like per cent: divide by 100." in outcome.out
    sound = tmp_path / "answers.npz"
    np.savez(sound, confidence=confidence, correct=right)
    outcome = calibrant("doctor", sound, "--json")
    check_schema(outcome.json)
    assert (outcome.code, outcome.json["n"], outcome.json["k"]) == (0, 2000, None)
    assert "not the scores of all classes" in outcome.json["left_out"]["row_sums"]
