"""A calibrator alone becomes a file from logits to probabilities, whichever formula it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibrant.calibrators import TemperatureScaling, calibrator
from calibrant.deploy.calibrator_file import export_calibrator
from calibrant.deploy.export import SUFFIXES, Format
from calibrant.deploy.heads import FORMULAS
from calibrant.errors import ExportFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.exported.opening import open_exported
from calibrant.io import write
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident, overconfident_logits
from tests.real_predictions import predictions_of

REAL = ("temperature", "platt", "vector", "matrix", "basis")
BIRD_CAT = (2, 3)


@pytest.mark.parametrize("form", SUFFIXES)
@pytest.mark.parametrize("method", FORMULAS)
def test_every_formula_says_what_its_calibrator_says(method: str, form: Format, tmp_path: Path) -> None:
    fitted = calibrator(method).fit(overconfident(400, 3, seed=1))
    fitted.save(tmp_path / "fitted.json")
    logits, labels = overconfident_logits(100, 3, seed=2)
    wanted = fitted.transform(Predictions.from_logits(logits.astype(np.float32), labels)).probs()
    path = tmp_path / f"head{SUFFIXES[form]}"
    found, facts = export_calibrator(tmp_path / "fitted.json", path, form=form)
    assert (found.compared, facts.method, facts.takes) == (200, method, "logits")
    model = open_exported(path)
    assert model.run(logits) == pytest.approx(wanted, abs=1e-6)
    masked = np.where([False, False, True], -np.inf, logits).astype(np.float32)
    rows = Predictions.from_logits(masked, labels % 2)
    try:
        wanted = fitted.transform(rows).probs()
    except InvalidPredictions:
        with pytest.raises(InvalidArgument, match="it holds NaN, an infinity"):
            model.run(masked)
    else:
        assert model.run(masked) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.data
@pytest.mark.parametrize("form", ["onnx", "torch"])
@pytest.mark.parametrize("method", REAL)
def test_on_real_birds_and_cats_it_says_what_the_calibrator_says(
    method: str, form: Format, tmp_path: Path
) -> None:
    validation, test = (birds_and_cats(split) for split in ("val", "test"))
    write(test, tmp_path / "test.npz")
    fitted = calibrator(method).fit(validation)
    fitted.save(tmp_path / "fitted.json")
    path = tmp_path / f"head{SUFFIXES[form]}"
    found, facts = export_calibrator(tmp_path / "fitted.json", path, form=form, data=tmp_path / "test.npz")
    assert (found.compared, facts.classes) == (test.n, ("bird", "cat"))
    assert found.difference <= 1e-6
    probs = open_exported(path).run(test.logits())
    assert probs == pytest.approx(fitted.transform(test).probs(), abs=1e-6)
    assert np.abs(probs - test.probs()).max() > 1e-3
    if fitted.keeps_argmax:
        assert np.array_equal(probs.argmax(axis=1), test.scores.argmax(axis=1))


def birds_and_cats(split: str) -> Predictions:
    """The logits of two classes of a network of ten, of the images that show them."""
    rows = predictions_of("c10-resnet50-cross-entropy", split)
    kept = np.isin(rows.labels, BIRD_CAT)
    labels = (rows.labels[kept] == BIRD_CAT[1]).astype(np.int64)
    return Predictions.from_logits(rows.logits()[kept][:, BIRD_CAT], labels, classes=["bird", "cat"])


def test_classes_without_names_are_called_by_their_numbers(tmp_path: Path) -> None:
    calibrator("temperature").fit(overconfident(100, 3)).save(tmp_path / "fitted.json")
    _, facts = export_calibrator(tmp_path / "fitted.json", tmp_path / "head.pt2", form="torch")
    assert facts.classes == ("0", "1", "2")


def test_what_cannot_be_exported_leaves_nothing(tmp_path: Path) -> None:
    TemperatureScaling(2.0).save(tmp_path / "given.json")
    with pytest.raises(IncompatiblePredictions, match="does not say how many classes"):
        export_calibrator(tmp_path / "given.json", tmp_path / "head.pt2", form="torch")
    calibrator("isotonic").fit(overconfident(100, 3)).save(tmp_path / "table.json")
    with pytest.raises(IncompatiblePredictions, match="isotonic cannot be part of a network"):
        export_calibrator(tmp_path / "table.json", tmp_path / "head.pt2", form="torch")
    calibrator("temperature").fit(overconfident(100, 3)).save(tmp_path / "fitted.json")
    write(overconfident(50, 4), tmp_path / "four.npz")
    with pytest.raises(IncompatiblePredictions, match=r"was fitted on 3 classes, and .*four\.npz has 4"):
        export_calibrator(
            tmp_path / "fitted.json", tmp_path / "head.pt2", form="torch", data=tmp_path / "four.npz"
        )
    assert not (tmp_path / "head.pt2").exists()


def test_a_calibrator_beyond_a_protobuf_message_is_no_onnx_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibrator("matrix").fit(overconfident(100, 3)).save(tmp_path / "fitted.json")
    monkeypatch.setattr("calibrant.deploy.onnx_graph.MOST_BYTES", 10)
    with pytest.raises(ExportFailed, match="at most 2 GB"):
        export_calibrator(tmp_path / "fitted.json", tmp_path / "head.onnx", form="onnx")
