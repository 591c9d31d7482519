"""`calibrant compare` and `calibrant methods`."""

from __future__ import annotations

from pathlib import Path

import pytest

import calibrant as package
from calibrant.calibrators import CALIBRATORS
from tests.cli.conftest import Program
from tests.drawn_predictions import overconfident


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Validation and test rows of one classifier."""
    for seed, name in enumerate(("val.npz", "test.npz")):
        package.write(overconfident(300, 3, seed=seed), tmp_path / name)
    return tmp_path / "val.npz", tmp_path / "test.npz"


def test_the_table_and_the_json(calibrant: Program, files: tuple[Path, Path]) -> None:
    validation, test = files
    words = ("compare", test, "--validation", validation, "--methods", "temperature, vector")
    assert "vector" in calibrant(*words).out
    found = calibrant(*words, "--json").json
    wanted = package.compare(package.read(validation), package.read(test), methods=["vector"])
    assert [score["nll"] for score in found["scores"]] == [score.nll for score in wanted.scores]


def test_one_file_is_cross_validated(calibrant: Program, files: tuple[Path, Path]) -> None:
    found = calibrant("compare", files[1], "--methods", "platt", "--json").json
    assert found["procedure"] == "5-fold cross-validation"


def test_the_same_file_twice(calibrant: Program, files: tuple[Path, Path]) -> None:
    outcome = calibrant("compare", files[1], "--validation", files[1])
    assert (outcome.code, outcome.out) == (2, "")
    assert "hold the same rows" in outcome.err


def test_an_unknown_method(calibrant: Program, files: tuple[Path, Path]) -> None:
    outcome = calibrant("compare", files[1], "--methods", "platz")
    assert outcome.code == 2
    assert "no calibrator 'platz'" in outcome.err


def test_every_method_is_listed_with_its_use(calibrant: Program) -> None:
    found = calibrant("methods", "--json").json["methods"]
    assert [entry["name"] for entry in found] == list(CALIBRATORS)
    text = calibrant("methods").out
    assert "temperature(temperature=None)" in text
    assert text.count("Use it ") == len(CALIBRATORS)
