"""A stored calibrator with a value that cannot be is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from calibrant.calibrators import calibrator, load
from calibrant.errors import UnreadableFile
from tests.drawn_predictions import overconfident


@pytest.mark.parametrize(
    ("method", "key", "value"),
    [
        ("histogram", "scheme", "narrow"),
        ("histogram", "bins", "many"),
        ("histogram", "curves", None),
        ("isotonic", "interpolation", None),
        ("isotonic", "smoothing", -1),
        ("bbq", "spread", 0.1),
        ("scaling_binning", "scaling", "isotonic"),
        ("scaling_binning", "scaler", 2.0),
        ("top_label_histogram", "uniform", 2),
        ("venn_abers", "folds", 0),
        ("venn_abers", "opposite", {}),
        ("spline", "temperature", 0),
        ("spline", "shrinkage", 0),
        ("spline", "curves", {"sizes": [1, 1, 1], "knots": [0, 0, 0], "values": [0, 0, 0]}),
    ],
)
def test_it_is_named(method: str, key: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "calibrator.json"
    calibrator(method).fit(overconfident(60, 3)).save(path)
    content = json.loads(path.read_text())
    assert key in content["parameters"]
    content["parameters"][key] = value
    path.write_text(json.dumps(content))
    with pytest.raises(UnreadableFile, match=key):
        load(path)


@pytest.mark.parametrize("mode", [None, "both"])
def test_the_mode_is_checked_too(mode: str | None, tmp_path: Path) -> None:
    path = tmp_path / "calibrator.json"
    calibrator("isotonic").fit(overconfident(60, 3)).save(path)
    content = json.loads(path.read_text())
    content["parameters"]["curves"]["mode"] = mode
    path.write_text(json.dumps(content))
    with pytest.raises(UnreadableFile, match="mode"):
        load(path)
