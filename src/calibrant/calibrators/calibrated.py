"""What a fitted calibrator makes of rows of any form: whole, in parts, or of the top label alone.

Nothing is fitted here, and rows with the scores of all classes could go to `Calibrator.transform` as well.
"""

from __future__ import annotations

from calibrant.calibrators.base import Calibrator
from calibrant.errors import IncompatiblePredictions
from calibrant.predictions import AnyPredictions, Table, TopLabelPredictions
from calibrant.predictions.top_label import RIGHT_OR_WRONG


def calibrated(calibrator: Calibrator, rows: AnyPredictions | Table) -> AnyPredictions | Table:
    """Return the rows with calibrated scores, in the form they came in."""
    if isinstance(rows, Table):
        return rows.changed(calibrator.transform)
    if isinstance(rows, TopLabelPredictions):
        return calibrate_top_label(calibrator, rows)
    return calibrator.transform(rows)


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
