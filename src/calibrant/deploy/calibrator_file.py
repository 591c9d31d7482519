"""`export_calibrator`: a fitted calibrator alone as one file, from logits to calibrated probabilities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from calibrant.calibrators import load
from calibrant.calibrators.base import FitRecord
from calibrant.deploy.classes import compare_classes
from calibrant.deploy.compared import COMPARED, Exported
from calibrant.deploy.export import Format, export
from calibrant.deploy.facts import facts_for
from calibrant.deploy.logits import LogitsModel
from calibrant.errors import IncompatiblePredictions
from calibrant.exported.facts import ModelFacts
from calibrant.io import read

_SCALES = (0.1, 1.0, 5.0, 30.0)


def export_calibrator(
    path: Path, output: Path, *, form: Format, data: Path | None = None
) -> tuple[Exported, ModelFacts]:
    """Write a calibrator of `calibrant fit` as one file that takes logits, float32 (n, k).

    Parameters
    ----------
    path : Path
        The calibrator.
    output : Path
        The file.
    form : {"onnx", "torch"}
        Its format.
    data : Path, optional
        Predictions with logits to compare on; by default drawn ones.

    Raises
    ------
    IncompatiblePredictions
        The calibrator does not say how many classes it has, the method is no formula of the logits, or the
        predictions are of other classes.
    ExportFailed
        What was written would say something else; there is no file then.
    """
    calibrator = load(path)
    record = calibrator.fitted_on_
    if record is None:
        raise IncompatiblePredictions(
            f"{path} does not say how many classes it was fitted on. Fit it with calibrant fit."
        )
    logits = _drawn(record.k) if data is None else _read(data, path, record)
    facts = facts_for(calibrator, classes=names_of(record), takes="logits")
    written = export(LogitsModel(calibrator), output, form=form, facts=facts, inputs=torch.from_numpy(logits))
    return written, facts


def names_of(record: FitRecord) -> tuple[str, ...]:
    """Return the names of the classes, or their numbers where the rows had no names."""
    return record.classes or tuple(str(index) for index in range(record.k))


def _drawn(k: int) -> NDArray[np.float32]:
    """Return logits between which the classes are open, and such that leave no doubt."""
    scales = np.resize(_SCALES, COMPARED)[:, None]
    return (scales * np.random.default_rng(0).normal(size=(COMPARED, k))).astype(np.float32)


def _read(data: Path, path: Path, record: FitRecord) -> NDArray[np.float32]:
    rows = read(data)
    compare_classes(record, rows.classes, rows.k, calibrator=str(path), other=str(data))
    return np.array(rows.logits(), dtype=np.float32, order="C")
