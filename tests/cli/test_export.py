"""`calibrant export` of a calibrator alone, and what `calibrant predict` says of files without images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calibrant.exported.opening import open_exported
from calibrant.io import read, write
from tests.cli.conftest import Program
from tests.cli.program import check_schema
from tests.exported.graphs import brightness


@pytest.fixture
def calibrator(calibrant: Program, validation: Path, tmp_path: Path) -> Path:
    """Return a calibrator of birds and cats."""
    path = tmp_path / "calibrator.json"
    assert calibrant("fit", validation, "--method", "vector", "-o", path).code == 0
    return path


def test_a_calibrator_becomes_a_file_that_takes_logits(
    calibrant: Program, calibrator: Path, held_out: Path, tmp_path: Path
) -> None:
    head = tmp_path / "head.pt2"
    content = calibrant("export", calibrator, "-o", head, "--data", held_out, "--json").json
    rows = read(held_out)
    assert (content["method"], content["takes"], content["temperature"]) == ("vector", "logits", None)
    assert (content["compared"], content["own_data"], content["names_compared"]) == (rows.n, True, None)
    calibrated = tmp_path / "calibrated.npz"
    calibrant("apply", calibrator, held_out, "-o", calibrated)
    model = open_exported(head)
    assert model.classes == ("bird", "cat")
    assert model.run(rows.logits()) == pytest.approx(read(calibrated).probs(), abs=1e-6)
    said = calibrant("export", calibrator, "-o", head).out
    assert said.startswith("vector: compared with Python on 200 drawn rows, largest difference ")


def test_what_is_not_there_is_called_missing(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("export", tmp_path / "absent.json", "-o", tmp_path / "head.onnx")
    assert (outcome.code, outcome.out) == (2, "")
    assert "absent.json: there is no such file or folder" in outcome.err


def test_one_row_is_enough_to_compare_on(
    calibrant: Program, calibrator: Path, held_out: Path, tmp_path: Path
) -> None:
    rows = read(held_out)
    write(rows.take(np.array([0])), tmp_path / "one.npz")
    words = ("export", calibrator, "-o", tmp_path / "head.pt2", "--data", tmp_path / "one.npz")
    content = calibrant(*words, "--json").json
    check_schema(content)
    assert content["compared"] == 1
    assert open_exported(tmp_path / "head.pt2").run(rows.logits()).shape == (rows.n, 2)


def test_a_name_and_a_format_that_contradict_each_other_are_refused(
    calibrant: Program, calibrator: Path, tmp_path: Path
) -> None:
    outcome = calibrant("export", calibrator, "-o", tmp_path / "head.onnx", "--format", "torch")
    assert outcome.code == 2
    assert "--format torch writes files that end with .pt2" in outcome.err
    assert not (tmp_path / "head.onnx").exists()


def test_a_calibrator_has_no_other_calibrator(calibrant: Program, calibrator: Path, tmp_path: Path) -> None:
    words = ("export", calibrator, "-o", tmp_path / "head.pt2", "--calibrator", calibrator)
    outcome = calibrant(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "is a calibrator itself" in outcome.err
    assert not (tmp_path / "head.pt2").exists()


def test_models_that_are_none_are_an_error_without_a_traceback(
    calibrant: Program, calibrator: Path, tmp_path: Path
) -> None:
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "0.png")
    calibrant("export", calibrator, "-o", tmp_path / "head.pt2")
    (tmp_path / "noise.onnx").write_bytes(b"\x08\x0anoise")
    brightness(tmp_path / "foreign.onnx", None)
    for name, message in (
        ("noise.onnx", "is no ONNX file"),
        ("foreign.onnx", "`calibrant export` did not write it"),
        ("calibrator.json", "is no ONNX file"),
        ("head.pt2", "takes logits and no images"),
        ("absent.onnx", "No such file"),
        ("absent", "holds no finished run"),
    ):
        outcome = calibrant("predict", tmp_path / name, tmp_path / "0.png")
        assert (outcome.code, outcome.out) == (2, "")
        assert message in outcome.err
        assert "Traceback" not in outcome.err
