"""`calibrant fit`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import calibrant as package
from tests.cli.conftest import Program


def test_the_calibrator_is_that_of_python(calibrant: Program, validation: Path, tmp_path: Path) -> None:
    path = tmp_path / "calibrator.json"
    outcome = calibrant("fit", validation, "-o", path)
    scaling = package.TemperatureScaling().fit(package.read(validation))
    assert outcome.code == 0
    assert f"T = {scaling.temperature_:.4f}" in outcome.out
    assert "On the rows of the fit (test rows tell the truth):\n400 rows, 2 classes" in outcome.out
    assert outcome.err == f"wrote {path}\n"
    loaded = package.load(path)
    assert isinstance(loaded, package.TemperatureScaling)
    assert loaded.temperature_ == scaling.temperature_
    assert loaded.fitted_on_ == scaling.fitted_on_


def test_json_holds_what_was_learned_and_both_evaluations(
    calibrant: Program, validation: Path, tmp_path: Path
) -> None:
    outcome = calibrant("fit", validation, "-o", tmp_path / "c.json", "--json")
    rows = package.read(validation)
    scaling = package.TemperatureScaling().fit(rows)
    assert outcome.json == {
        "schema": "calibrant.fit/1",
        "method": "temperature",
        "parameters": scaling.parameters(),
        "before": package.evaluate(rows).to_json(),
        "after": package.evaluate(scaling.transform(rows)).to_json(),
    }
    assert outcome.err == f"wrote {tmp_path / 'c.json'}\n"


def test_another_method_by_its_name(calibrant: Program, validation: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    outcome = calibrant("fit", validation, "--method", "identity", "-o", path, "--json")
    assert outcome.json["method"] == "identity"
    assert outcome.json["before"] == outcome.json["after"]
    assert package.load(path).method == "identity"


def test_files_of_others(calibrant: Program, three_classes: Path, tmp_path: Path) -> None:
    keys = ("--logits-key", "outputs", "--label-key", "truth")
    assert calibrant("fit", three_classes, "-o", tmp_path / "c.json", *keys).code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["val.npz", "-o", "test.npz"], "a calibrator is written as .json; got test.npz"),
        (["val.npz", "-o", "c.json", "--method", "magic"], "there is no calibrator 'magic'. Known: "),
        (["val.npz", "-o", "missing/c.json"], "there is no folder missing. Make it first."),
        (["val.npz", "-o", "folder.json"], "it is a folder"),
        (["absent.npz", "-o", "c.json"], "there is no such file"),
        (["impossible.npz", "-o", "c.json"], "the logit of the true class 0 is -inf at row 1"),
    ],
)
def test_what_cannot_be_fitted_leaves_nothing(
    calibrant: Program,
    validation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("impossible.npz", logits=[[1.0, 2.0], [-np.inf, 0.0], [1.0, 0.0]], labels=[0, 0, 1])
    (tmp_path / "folder.json").mkdir()
    before = sorted(tmp_path.iterdir())
    outcome = calibrant("fit", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("calibrant: ")
    assert message in outcome.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_failed_fit_keeps_the_old_calibrator(calibrant: Program, calibrator: Path, tmp_path: Path) -> None:
    old = calibrator.read_bytes()
    assert calibrant("fit", tmp_path / "absent.npz", "-o", calibrator).code == 2
    assert calibrator.read_bytes() == old
