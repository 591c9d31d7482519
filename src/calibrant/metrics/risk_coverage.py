"""Selective prediction: how the error rate falls as the least confident rows are left out.

The area under that curve (AURC) and its excess over the best possible order (E-AURC) depend on ranks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from scipy.special import digamma

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.convention import Convention
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.soft_labels import stamped
from calibrant.metrics.tally_metric import TallyMetric
from calibrant.metrics.views import views

Baseline = Literal["none", "best-order"]

_WORDS = {
    "none": "mean over coverages 1/n..1 of the error rate of the most confident rows, ties in random order",
    "best-order": "AURC minus that of the same rows with all errors ranked last",
}


@dataclass(frozen=True, eq=False, slots=True)
class RiskCoverageCurve:
    """Error rate of the most confident rows, one point a distinct confidence.

    Attributes
    ----------
    threshold : float64 array, (g,)
        Distinct confidences, descending: the rows at or above each are kept.
    coverage, risk : float64 array, (g,)
        Share of the rows that is kept, and the share of errors among them.
    convention : Convention
        What the curve is.
    """

    threshold: Floats
    coverage: Floats
    risk: Floats
    convention: Convention


def risk_coverage_curve(predictions: Measurable, *, engine: Engine | None = None) -> RiskCoverageCurve:
    """Return the risk-coverage curve of the top label (Geifman & El-Yaniv, NeurIPS 2017).

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    engine : Engine, optional
        What runs the passes over the rows.

    Raises
    ------
    EmptyPredictions
        All rows weigh 0.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> curve = risk_coverage_curve(Predictions.from_probs([0.9, 0.8, 0.8, 0.6], [1, 0, 1, 1]))
    >>> curve.coverage.tolist(), curve.risk.round(3).tolist()
    ([0.25, 0.75, 1.0], [0.0, 0.333, 0.25])
    """
    rows = as_rows(predictions, engine)
    (view,) = views(rows, "top-label", name="a risk-coverage curve")
    tally = view.tally()
    weight, errors = _descending(tally)
    kept = np.cumsum(weight)
    return RiskCoverageCurve(
        tally.values[::-1],
        kept / kept[-1],
        np.cumsum(errors) / kept,
        stamped(_convention("error rate of the rows with at least this confidence", rows.n), rows),
    )


@final
class RiskCoverageArea(TallyMetric):
    """The area under the risk-coverage curve, or its excess over the best order of the same errors.

    Parameters
    ----------
    name : str
        Name in results.
    baseline : {"none", "best-order"}
        What is subtracted: nothing (AURC), or the area if every error came after every right row (E-AURC).

    Notes
    -----
    AURC = (1/n) Σ_i (errors among the i most confident rows)/i (Geifman & El-Yaniv, NeurIPS 2017); E-AURC by
    Geifman, Uziel & El-Yaniv, ICLR 2019, with the exact best area, not its limit for many rows. Rows of equal
    confidence count with the mean over all their orders: a group of g rows with e errors, after a rows with
    E errors, adds e + (E - a e/g)(H_{a+g} - H_a), with H the harmonic numbers. Weights are frequencies.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9, 0.8, 0.6, 0.7], [1, 0, 1, 1])
    >>> round(RiskCoverageArea("aurc")(rows).value, 6)
    0.270833
    """

    best = 0.0

    def __init__(self, name: str, *, baseline: Baseline = "none") -> None:
        if baseline not in _WORDS:
            raise InvalidArgument(f"baseline must be 'none' or 'best-order'; got {baseline!r}.")
        self.name = name
        self.baseline: Baseline = baseline
        self.notion = "top-label"
        self.class_index = None

    def _finalise(self, tallies: Sequence[Tally], n: int) -> Measurement:
        weight, errors = _descending(tallies[0])
        value = _area(weight, errors)
        if self.baseline == "best-order":
            wrong = float(errors.sum())
            best = _area(np.array([weight.sum() - wrong, wrong]), np.array([0.0, wrong]))
            value = max(value - best, 0.0)
        return Measurement(self.name, value, _convention(_WORDS[self.baseline], n))


def _convention(definition: str, n: int) -> Convention:
    return Convention(definition, n, notion="top-label")


def _descending(tally: Tally) -> tuple[Floats, Floats]:
    """Return weight and weight of the errors of each distinct confidence, the greatest first."""
    return tally.weight[::-1], (tally.weight - tally.events)[::-1]


def _area(weight: Floats, errors: Floats) -> float:
    """Return the mean over all coverages of the expected error rate, groups in the given order."""
    rows = weight > 0
    weight, errors = weight[rows], errors[rows]
    before, errors_before = np.cumsum(weight) - weight, np.cumsum(errors) - errors
    steps = np.where(weight == 1.0, 1 / (before + 1), digamma(before + weight + 1) - digamma(before + 1))
    return float((errors + (errors_before - before * errors / weight) * steps).sum() / weight.sum())
