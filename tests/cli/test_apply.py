"""`calibrant apply`, and the chain from fit to evaluate."""

from __future__ import annotations

from pathlib import Path

import pytest

import calibrant as package
from tests.cli.conftest import Program


@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_fit_apply_evaluate_is_what_python_gives(
    calibrant: Program, validation: Path, held_out: Path, tmp_path: Path, suffix: str
) -> None:
    fitted, calibrated = tmp_path / "c.json", tmp_path / f"calibrated{suffix}"
    calibrant("fit", validation, "-o", fitted)
    applied = calibrant("apply", fitted, held_out, "-o", calibrated, "--json")
    evaluated = calibrant("evaluate", calibrated, "--json")

    rows = package.read(held_out)
    wanted = package.TemperatureScaling().fit(package.read(validation)).transform(rows)
    found = package.read(calibrated)
    assert found.kind == "logits"
    assert (found.scores == wanted.scores).all()
    assert found.labels.tolist() == rows.labels.tolist()
    assert found.classes == ("bird", "cat")
    assert evaluated.json == package.evaluate(wanted).to_json()
    assert applied.json == {
        "schema": "calibrant.apply/1",
        "method": "temperature",
        "before": package.evaluate(rows).to_json(),
        "after": package.evaluate(wanted).to_json(),
    }
    assert applied.err == f"wrote {calibrated}\n"


def test_the_table_shows_both_and_says_what_was_done(
    calibrant: Program, calibrator: Path, held_out: Path, tmp_path: Path
) -> None:
    outcome = calibrant("apply", calibrator, held_out, "-o", tmp_path / "out.npz")
    assert outcome.code == 0
    assert outcome.out.startswith("temperature scaling: T = ")
    assert "before" in outcome.out
    assert "after" in outcome.out
    assert "flatters" not in outcome.err
    assert "flatter" not in outcome.err


def test_the_rows_of_the_fit_are_recognised_in_any_order_and_format(
    calibrant: Program, calibrator: Path, validation: Path, tmp_path: Path
) -> None:
    shuffled = tmp_path / "shuffled.csv"
    package.write(package.read(validation).take(range(399, -1, -1)), shuffled)
    for file in (validation, shuffled):
        outcome = calibrant("apply", calibrator, file, "-o", tmp_path / "out.npz", "--json")
        assert outcome.json["method"] == "temperature"
        assert "these are the rows the calibrator was fitted on: their scores flatter it\n" in outcome.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["absent.json", "test.csv", "-o", "out.npz"], "cannot read absent.json"),
        (["test.csv", "test.csv", "-o", "out.npz"], "test.csv is not a calibrator"),
        (["cut.json", "test.csv", "-o", "out.npz"], "cut.json is not a calibrator"),
        (["calibrator.json", "absent.csv", "-o", "out.npz"], "there is no such file"),
        (["calibrator.json", "test.csv", "-o", "out.txt"], "has the suffix '.txt'"),
        (["calibrator.json", "test.csv", "-o", "missing/out.npz"], "there is no folder missing"),
        (["calibrator.json", "three.csv", "-o", "out.npz"], "fitted on 2 classes; these rows have 3"),
        (["calibrator.json", "swapped.csv", "-o", "out.npz"], "Reorder the columns or fit again"),
    ],
)
def test_what_cannot_be_applied_leaves_nothing(
    calibrant: Program,
    calibrator: Path,
    held_out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cut.json").write_bytes(calibrator.read_bytes()[:-20])
    Path("three.csv").write_text("labels,logit_0,logit_1,logit_2\n0,1,2,3\n")
    Path("swapped.csv").write_text('labels,logit,classes\n0,1,"[""cat"", ""bird""]"\n1,1,\n')
    before = sorted(tmp_path.iterdir())
    outcome = calibrant("apply", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("calibrant: ")
    assert message in outcome.err
    assert sorted(tmp_path.iterdir()) == before
