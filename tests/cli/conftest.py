"""The program, and small files for it to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibrant.io import write
from calibrant.predictions import Predictions
from tests.cli.program import Outcome, run_program
from tests.drawn_predictions import overconfident_logits

Program = Callable[..., Outcome]


@pytest.fixture
def calibrant() -> Program:
    """Return a function that runs the program with these words."""
    return run_program


def birds_and_cats(n: int, seed: int) -> Predictions:
    """Rows of a network whose logits are twice too large."""
    logits, labels = overconfident_logits(n, 2, seed=seed)
    return Predictions.from_logits(logits, labels, classes=["bird", "cat"])


@pytest.fixture
def validation(tmp_path: Path) -> Path:
    """Return a file of validation rows."""
    path = tmp_path / "val.npz"
    write(birds_and_cats(400, 1), path)
    return path


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    """Return a file of test rows."""
    path = tmp_path / "test.csv"
    write(birds_and_cats(300, 2), path)
    return path


@pytest.fixture
def three_classes(tmp_path: Path) -> Path:
    """Return a file of other rows, with names of its own for everything."""
    path = tmp_path / "three.npz"
    logits, labels = overconfident_logits(100, 3)
    np.savez(path, outputs=logits, truth=labels, epoch=7)
    return path


@pytest.fixture
def calibrator(validation: Path, tmp_path: Path) -> Path:
    """Return a calibrator fitted on the validation rows."""
    path = tmp_path / "calibrator.json"
    assert run_program("fit", validation, "-o", path).code == 0
    return path
