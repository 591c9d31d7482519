"""`export_onnx`: a calibrated scikit-learn classifier, or a pipeline that ends in one, as one ONNX file.

skl2onnx writes the classifier, `calibrant.deploy` the calibrator; the two are joined and compared here.
"""

from __future__ import annotations

import os
import warnings
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline

from calibrant.errors import InvalidArgument, MissingExtra, NotFitted
from calibrant.sklearn.calibrated_classifier import CalibratedClassifier
from calibrant.sklearn.logits import has_raw_scores
from calibrant.sklearn.scores_graph import check_skl2onnx, graph_of_scores, name_of

if find_spec("torch") is None:
    raise MissingExtra("Exporting a scikit-learn classifier", "export", "torch")

import torch
from torch import Tensor, nn

from calibrant.calibrators import Calibrator
from calibrant.deploy import CalibratedModel
from calibrant.deploy.compared import Exported, keep_if_equal, trying
from calibrant.deploy.facts import facts_for
from calibrant.deploy.onnx_graph import check_onnx, graph_of, save_graph
from calibrant.exported.ends import OUTPUT
from calibrant.predictions.scored_rows import SMALLEST_PROBABILITY

if TYPE_CHECKING:
    import onnx

_TAKES: Final = "features"
_SCORES = "scores"


def export_onnx(classifier: Any, path: str | os.PathLike[str], X: ArrayLike) -> Exported:
    """Write a calibrated classifier as an ONNX file, from features to calibrated probabilities.

    Parameters
    ----------
    classifier : CalibratedClassifier or Pipeline
        Fitted; a pipeline that ends in a `CalibratedClassifier`, or one around a pipeline.
    path : path
        The file.
    X : array-like, (n, d)
        Rows of numbers to compare on, one or more; they are taken as float32, as the file takes them.

    Returns
    -------
    Exported
        How many rows were compared, and the largest difference of a probability from `predict_proba`.

    Raises
    ------
    InvalidArgument
        It is no such classifier, or X is no table of numbers.
    NotFitted
        It is not fitted.
    IncompatiblePredictions
        The method is looked up in what it saw of its validation rows, or has no head here.
    ExportFailed
        skl2onnx does not convert the classifier, or what was written says something else. There is no file
        then.
    MissingExtra
        skl2onnx or ONNX is not installed.

    Notes
    -----
    Trees compare features with thresholds, so a row that lies on one as float64 may fall on its other side as
    float32. Fit on float32 features where that must not happen.
    """
    check_onnx()
    check_skl2onnx()
    fitted, alone = _without_calibrator(classifier)
    rows = _table(X)
    features = getattr(classifier, "n_features_in_", rows.shape[1])
    if rows.shape[1] != features:
        raise InvalidArgument(
            f"X has {rows.shape[1]} columns, and the classifier was fitted on {features}. Give rows as it "
            "takes them."
        )
    facts = facts_for(
        fitted.calibrator_,
        classes=tuple(str(label) for label in fitted.classes_),
        takes=_TAKES,
        features=rows.shape[1],
    )
    head = _Head(fitted.calibrator_, len(fitted.classes_), raw=has_raw_scores(alone)).eval()
    return keep_if_equal(
        Path(path),
        lambda temporary: save_graph(_joined(head, alone, rows.shape[1]), facts, temporary),
        inputs=rows,
        wanted=trying(lambda: _said(classifier, rows)),
    )


def _said(classifier: Any, rows: NDArray[np.float32]) -> NDArray[Any]:
    """Return the probabilities of rows whose columns have no names, as those of a file have none."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=".* does not have valid feature names", category=UserWarning
        )
        return np.asarray(classifier.predict_proba(rows))


@final
class _Head(nn.Module):
    """A calibrator of scores as skl2onnx gives them, (n, k): probabilities, or of two classes (-z, z)."""

    def __init__(self, calibrator: Calibrator, k: int, *, raw: bool) -> None:
        super().__init__()
        self.calibrated = CalibratedModel(nn.Identity(), calibrator)
        self.raw, self.k = raw, k

    def forward(self, scores: Tensor) -> Tensor:
        """Return the probabilities, float32 (n, k)."""
        if not self.raw:
            logits = torch.log(torch.clamp(scores, min=SMALLEST_PROBABILITY))
        else:
            logits = scores[:, -1:] if self.k == 2 else scores
        probs: Tensor = self.calibrated(logits)
        return probs


def _without_calibrator(classifier: Any) -> tuple[CalibratedClassifier, Any]:
    """Return the calibrated classifier, and the same without calibration: all steps down to the scores."""
    steps = list(classifier.steps) if isinstance(classifier, Pipeline) else []
    fitted = steps[-1][1] if steps else classifier
    if not isinstance(fitted, CalibratedClassifier):
        raise InvalidArgument(
            f"{name_of(classifier)} is no CalibratedClassifier and no pipeline that ends in one. Of a "
            "ScoreCalibrator save the calibrator_, and `calibrant export` writes it."
        )
    if not hasattr(fitted, "calibrator_"):
        raise NotFitted(f"{name_of(classifier)} is not fitted: call fit(X, y) first.")
    inside = fitted.estimator_
    if isinstance(inside, FrozenEstimator):
        inside = inside.estimator
    before = steps[:-1]
    if isinstance(inside, Pipeline):
        return fitted, Pipeline([*before, *inside.steps])
    return fitted, Pipeline([*before, ("classifier", inside)]) if before else inside


def _table(X: ArrayLike) -> NDArray[np.float32]:
    try:
        rows = np.asarray(X, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(
            f"X must be a dense table of numbers, which is what the file takes ({error})."
        ) from error
    if rows.ndim != 2 or len(rows) == 0:
        raise InvalidArgument(
            f"X must have one row or more to compare on, (n, d); got the shape {rows.shape}."
        )
    return rows


def _joined(head: _Head, classifier: Any, features: int) -> onnx.ModelProto:
    """Return the graph of the classifier with that of the calibrator behind its scores."""
    from onnx import compose

    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calibrator = graph_of(head, torch.full((2, head.k), 0.5), takes=_SCORES)
    (opset,) = (each.version for each in calibrator.opset_import if each.domain == "")
    scores = graph_of_scores(classifier, features, takes=_TAKES, opset=opset)
    scores.ir_version = calibrator.ir_version
    first = compose.add_prefix(scores, "classifier.", rename_inputs=False)
    second = compose.add_prefix(calibrator, "calibrator.", rename_outputs=False)
    joint = (first.graph.output[1].name, second.graph.input[0].name)
    return compose.merge_models(first, second, io_map=[joint], outputs=[OUTPUT])
