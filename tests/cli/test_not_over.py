"""No command writes its result over what it was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibrant.io import write
from calibrant.predictions import Predictions
from tests.cli.program import run_program


@pytest.mark.parametrize(
    "words",
    [
        ("fit", "rows.csv", "-o", "rows.csv"),
        ("fit", "rows.csv", "-o", "link.csv", "--in-parts"),
        ("reliability", "rows.csv", "-o", "rows.csv"),
        ("apply", "calibrator.json", "rows.csv", "-o", "rows.csv"),
        ("apply", "calibrator.json", "rows.csv", "-o", "calibrator.json"),
        ("convert", "rows.csv", "link.csv"),
        ("plot", "rows.csv", "-o", "rows.png"),
        ("report", "rows.csv", "-o", "rows.md"),
        ("report", "rows.csv", "--calibrator", "calibrator.json", "-o", "calibrator.json"),
        ("export", "calibrator.json", "-o", "calibrator.json", "--format", "onnx"),
        ("export", "calibrator.json", "-o", "rows.csv", "--data", "rows.csv", "--format", "onnx"),
    ],
)
def test_the_input_stays(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    write(Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50)), "rows.csv")
    for link in ("link.csv", "rows.md", "rows.png"):
        Path(link).symlink_to("rows.csv")
    assert run_program("fit", "rows.csv", "-o", "calibrator.json").code == 0
    before = {path: path.read_bytes() for path in Path().iterdir()}
    outcome = run_program(*words)
    assert outcome.code == 2
    assert "Name another place." in " ".join(outcome.err.split())
    assert {path: path.read_bytes() for path in Path().iterdir()} == before
