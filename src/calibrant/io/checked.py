"""The check of what a reader returned, whatever form of rows it is."""

from __future__ import annotations

from calibrant.io.format import AnyRaw
from calibrant.predictions import (
    AnyPredictions,
    Predictions,
    RawSoftLabel,
    RawTopLabel,
    SoftLabelPredictions,
    TopLabelPredictions,
)


def checked(raw: AnyRaw) -> AnyPredictions:
    """Return the rows as predictions, or raise what is wrong with them."""
    if isinstance(raw, RawSoftLabel):
        return SoftLabelPredictions.from_raw(raw)
    if isinstance(raw, RawTopLabel):
        return TopLabelPredictions.from_raw(raw)
    return Predictions.from_raw(raw)
