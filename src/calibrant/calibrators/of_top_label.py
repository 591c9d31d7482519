"""Calibrators on files of the top label alone: the two-class problem whether the top label is right.

Only methods that read one probability take part; the others need the scores of all classes.
"""

from __future__ import annotations

from calibrant.calibrators.base import Calibrator
from calibrant.errors import IncompatiblePredictions
from calibrant.predictions import TopLabelPredictions
from calibrant.predictions.top_label import RIGHT_OR_WRONG

ONE_DIMENSIONAL = (
    "platt",
    "beta",
    "quadratic",
    "histogram",
    "isotonic",
    "bbq",
    "spline",
    "scaling_binning",
    "venn_abers",
    "identity",
)
"""Methods that calibrate one probability by itself."""


def check_one_dimensional(method: str) -> None:
    """Raise `IncompatiblePredictions` for a method that needs more than the top label's confidence."""
    if method not in ONE_DIMENSIONAL:
        raise IncompatiblePredictions(
            f"{method} needs the scores of all classes; these rows have only the confidence of the top "
            f"label. Choose with --method from {', '.join(ONE_DIMENSIONAL)}."
        )


def calibrate_top_label(calibrator: Calibrator, predictions: TopLabelPredictions) -> TopLabelPredictions:
    """Return the rows with calibrated confidence.

    Raises
    ------
    IncompatiblePredictions
        The calibrator was fitted on classes, not on whether the top label is right.
    """
    record = calibrator.fitted_on_
    if record is None or record.classes != RIGHT_OR_WRONG:
        raise IncompatiblePredictions(
            f"this {calibrator.method} calibrator was not fitted on confidences of the top label, and these "
            "rows have nothing else. Fit one on such rows."
        )
    return predictions.with_confidence(calibrator.transform(predictions.as_binary()).probs()[:, 1])
