"""`evaluate`: every default metric of a set of predictions, with conventions and uncertainty.

It describes the rows as they are; it fits and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant.analysis.expected import ExpectedIfCalibrated, expected_ece_if_calibrated
from calibrant.analysis.intervals import LEVEL, Interval, mean_interval, proportion_interval
from calibrant.analysis.table import plain_table
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import METRICS, Convention, Measurement, Rows
from calibrant.metrics.rows import FLOORED_NLL
from calibrant.predictions import Predictions

SCHEMA = "calibrant.evaluation/1"

TITLES = {
    "accuracy": "accuracy",
    "mean_confidence": "mean confidence",
    "nll": "log-loss (nats)",
    "brier": "Brier score (0 to 2)",
    "ece": "ECE, top-label",
    "mce": "MCE, top-label",
    "rmsce": "RMSCE, top-label",
    "classwise_ece": "ECE, class-wise",
    "ece_positive": "ECE, positive class",
}
"""What a person reads for each metric, in the order of the tables."""


@dataclass(frozen=True)
class Evaluation:
    """The default metrics of a set of predictions. Fractions and nats; None where undefined.

    Attributes
    ----------
    n, k : int
        Rows and classes.
    accuracy, mean_confidence, nll, brier : float
        Means over rows.
    ece, mce, rmsce : float
        Top-label, 15 equal-width bins.
    classwise_ece : float
        Mean over classes of the one-against-rest ECE.
    ece_positive : float or None
        ECE of class 1's probability; only for two classes.
    floored_rows : int
        Rows whose true class had a probability of 2⁻¹²⁶ or less, which counts as that.
    conventions : mapping of str to Convention
        By metric name.
    intervals : mapping of str to Interval
        By metric name, for those that are means.
    expected_if_calibrated : mapping of str to ExpectedIfCalibrated
        What `ece` (and `ece_positive`) would be if these probabilities were perfectly calibrated.
    """

    n: int
    k: int
    accuracy: float
    mean_confidence: float
    nll: float
    brier: float
    ece: float
    mce: float
    rmsce: float
    classwise_ece: float
    ece_positive: float | None
    floored_rows: int
    conventions: Mapping[str, Convention]
    intervals: Mapping[str, Interval]
    expected_if_calibrated: Mapping[str, ExpectedIfCalibrated]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form, at full precision."""
        result: dict[str, Any] = {"schema": SCHEMA, "n": self.n, "k": self.k}
        for name in TITLES:
            if name != "ece_positive" or self.k == 2:
                result[name] = getattr(self, name)
        result["floored_rows"] = self.floored_rows
        for group in ("conventions", "intervals", "expected_if_calibrated"):
            result[group] = {name: value.to_json() for name, value in getattr(self, group).items()}
        return result

    def __str__(self) -> str:
        header = ["", "value", f"{LEVEL:.0%} interval", "if perfectly calibrated"]
        rows = [
            [title, _number(getattr(self, name)), self._interval(name), self._expected(name)]
            for name, title in TITLES.items()
            if getattr(self, name) is not None
        ]
        floored = (
            ""
            if self.floored_rows == 0
            else (
                f"\n{self.floored_rows:,} rows give their true class a probability of 2^-126 or less; "
                "log-loss counts it as 2^-126."
            )
        )
        return f"{self.n:,} rows, {self.k} classes\n{plain_table(header, rows)}{floored}"

    def _interval(self, name: str) -> str:
        interval = self.intervals.get(name)
        return "" if interval is None else f"{_number(interval.low)} to {_number(interval.high)}"

    def _expected(self, name: str) -> str:
        expected = self.expected_if_calibrated.get(name)
        if expected is None:
            return ""
        return f"{_number(expected.mean)} ({_number(expected.low)} to {_number(expected.high)})"


def evaluate(predictions: Predictions, *, seed: int = 0, engine: Engine = DEFAULT_ENGINE) -> Evaluation:
    """Measure predictions under the default conventions.

    Parameters
    ----------
    predictions : Predictions
        Rows to describe, as they are.
    seed : int
        For the simulated expectation under perfect calibration.
    engine : Engine
        What runs the sums.

    Examples
    --------
    >>> rows = Predictions.from_logits([[2.0, 0.0], [0.5, 1.0], [3.0, 0.0]], [0, 1, 1])
    >>> round(evaluate(rows).accuracy, 4)
    0.6667
    """
    rows = Rows(predictions, engine)
    names = [name for name in TITLES if name != "ece_positive" or predictions.k == 2]
    measured: dict[str, Measurement] = {name: METRICS[name](rows) for name in names}
    expected = {"ece": expected_ece_if_calibrated(rows, seed=seed)}
    if predictions.k == 2:
        expected["ece_positive"] = expected_ece_if_calibrated(
            rows, notion="one-class", class_index=1, seed=seed
        )
    values: dict[str, Any] = {name: measurement.value for name, measurement in measured.items()}
    values.setdefault("ece_positive", None)
    return Evaluation(
        n=predictions.n,
        k=predictions.k,
        **values,
        floored_rows=int(np.count_nonzero(rows.summary.nll >= FLOORED_NLL)),
        conventions={name: measurement.convention for name, measurement in measured.items()},
        intervals=_intervals(rows, values["accuracy"]),
        expected_if_calibrated=expected,
    )


def _intervals(rows: Rows, accuracy: float) -> dict[str, Interval]:
    summary = rows.summary
    total = float(rows.weight.sum()) if rows.weight.size else float(rows.predictions.n)
    intervals: dict[str, Interval | None] = {
        "accuracy": proportion_interval(accuracy, total),
        "mean_confidence": mean_interval(summary.confidence, rows.weight),
        "nll": mean_interval(summary.nll, rows.weight),
        "brier": mean_interval(summary.brier, rows.weight),
    }
    return {name: interval for name, interval in intervals.items() if interval is not None}


def _number(value: float) -> str:
    return f"{value:.4f}"
