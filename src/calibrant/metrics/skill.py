"""Skill scores: the share of the base rate's loss that the predictions save.

The base rate predicts for every row the class frequencies of these same rows.
"""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import EmptyPredictions
from calibrant.metrics.convention import Convention
from calibrant.metrics.metric import Measurement
from calibrant.metrics.row_means import brier, nll
from calibrant.metrics.rows import Measurable, Rows, as_rows


def brier_skill(predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
    """Return 1 - Brier / Brier of the base rate: 1 is perfect, 0 no better than the base rate.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    engine : Engine, optional
        What runs the sums.

    Raises
    ------
    EmptyPredictions
        All rows have one label, so that the base rate is perfect and no skill is defined; or no weight.

    Notes
    -----
    With class frequencies f, the base rate's Brier score is 1 - Σ f² (Murphy, Journal of Applied Meteorology,
    1973).

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> round(brier_skill(Predictions.from_probs([0.9, 0.1, 0.8, 0.4], [1, 0, 1, 0])).value, 6)
    0.78
    """
    rows = as_rows(predictions, engine)
    frequencies = _frequencies(rows)
    base = 1 - float(frequencies @ frequencies)
    definition = "1 - Brier score / Brier score of the class frequencies of these rows"
    return _skill("brier_skill", brier(rows).value, base, definition, rows)


def nll_skill(predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
    """Return 1 - log-loss / log-loss of the base rate: 1 is perfect, 0 no better than the base rate.

    Parameters and errors as in `brier_skill`. With class frequencies f, the base rate's log-loss is their
    entropy -Σ f log f; the quotient is McFadden's R² against the model of an intercept alone.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> round(nll_skill(Predictions.from_probs([0.5, 0.5], [1, 0])).value, 6)
    0.0
    """
    rows = as_rows(predictions, engine)
    frequencies = _frequencies(rows)
    base = -float(xlogy(frequencies, frequencies).sum())
    definition = "1 - log-loss / log-loss of the class frequencies of these rows"
    return _skill("nll_skill", nll(rows).value, base, definition, rows)


def _frequencies(rows: Rows) -> Floats:
    weight = rows.weight if rows.weight.size else np.ones(rows.n)
    counts = np.bincount(rows.predictions.labels, weight, minlength=rows.predictions.k)
    if np.count_nonzero(counts) < 2:
        raise EmptyPredictions(
            "skill against the base rate is undefined: all rows that weigh more than 0 have one label, "
            "which the base rate predicts perfectly."
        )
    return np.asarray(counts / counts.sum())


def _skill(name: str, loss: float, base: float, definition: str, rows: Rows) -> Measurement:
    return Measurement(name, 1 - loss / base, Convention(definition, rows.n))
