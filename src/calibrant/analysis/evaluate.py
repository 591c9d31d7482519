"""`evaluate`: every default metric of a set of predictions, with conventions and uncertainty.

It describes the rows as they are; it fits and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant.analysis.ece_interval import ece_interval
from calibrant.analysis.expected import ExpectedIfCalibrated, expected_ece_if_calibrated
from calibrant.analysis.intervals import LEVEL, Interval, mean_interval
from calibrant.analysis.mean_intervals import accuracy_interval
from calibrant.analysis.table import plain_table
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import METRICS, Convention, Measurement, Rows
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.predictions import AnyPredictions, TopLabelPredictions

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

_OF_ALL_CLASSES = ("nll", "brier", "classwise_ece", "ece_positive")


@dataclass(frozen=True)
class Evaluation:
    """The default metrics of a set of predictions. Fractions and nats; None where undefined.

    Attributes
    ----------
    n : int
        Rows.
    k : int or None
        Classes; None where only the top label's confidence is known, as is then everything that needs the
        probabilities of all classes: log-loss, Brier score, class-wise ECE and the floored rows.
    accuracy, mean_confidence : float
        Means over rows.
    nll, brier : float or None
        Means over rows.
    ece, mce, rmsce : float
        Top-label, 15 equal-width bins.
    classwise_ece : float or None
        Mean over classes of the one-against-rest ECE.
    ece_positive : float or None
        ECE of class 1's probability; only for two classes.
    floored_rows : int or None
        Rows whose true class, or one that an annotator chose, had a probability of 2⁻¹²⁶ or less, which
        counts as that.
    conventions : mapping of str to Convention
        By metric name.
    intervals : mapping of str to Interval
        By metric name, for those that are means, and for an ECE of at least twice its expectation under
        perfect calibration: below that, no interval covers what it should. The ECE of soft labels has none.
    expected_if_calibrated : mapping of str to ExpectedIfCalibrated
        What `ece` (and `ece_positive`) would be if these probabilities were perfectly calibrated.
    """

    n: int
    k: int | None
    accuracy: float
    mean_confidence: float
    nll: float | None
    brier: float | None
    ece: float
    mce: float
    rmsce: float
    classwise_ece: float | None
    ece_positive: float | None
    floored_rows: int | None
    conventions: Mapping[str, Convention]
    intervals: Mapping[str, Interval]
    expected_if_calibrated: Mapping[str, ExpectedIfCalibrated]

    @property
    def rows_in_words(self) -> str:
        """How many rows there are, and of how many classes."""
        classes = "top label only" if self.k is None else f"{self.k} classes"
        soft = self.conventions["accuracy"].labels is not None
        return f"{self.n:,} rows, {classes}" + (", means over their annotators" if soft else "")

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
            if not self.floored_rows
            else (
                f"\n{self.floored_rows:,} rows give their true class a probability of 2^-126 or less; "
                "log-loss counts it as 2^-126."
            )
        )
        return f"{self.rows_in_words}\n{plain_table(header, rows)}{floored}"

    def _interval(self, name: str) -> str:
        interval = self.intervals.get(name)
        return "" if interval is None else f"{_number(interval.low)} to {_number(interval.high)}"

    def _expected(self, name: str) -> str:
        expected = self.expected_if_calibrated.get(name)
        if expected is None:
            return ""
        return f"{_number(expected.mean)} ({_number(expected.low)} to {_number(expected.high)})"


def evaluate(predictions: AnyPredictions, *, seed: int = 0, engine: Engine = DEFAULT_ENGINE) -> Evaluation:
    """Measure predictions under the default conventions.

    Parameters
    ----------
    predictions : Predictions, SoftLabelPredictions or TopLabelPredictions
        Rows to describe, as they are. Of the top label alone there is no log-loss, Brier score or class-wise
        ECE. Of soft labels every value is the expectation over one annotator a row.
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
    k = None if isinstance(predictions, TopLabelPredictions) else predictions.k
    if k is not None:  # the pass over the scores that counts every class leaves the row summary too
        bin_classes(rows, equal_width_edges(DEFAULT_BINS))
    measured: dict[str, Measurement] = {name: METRICS[name](rows) for name in _measurable(k)}
    expected = {"ece": expected_ece_if_calibrated(rows, seed=seed)}
    if k == 2:
        expected["ece_positive"] = expected_ece_if_calibrated(
            rows, notion="one-class", class_index=1, seed=seed
        )
    intervals = _intervals(rows)
    for name, one in () if has_soft_labels(rows) else expected.items():
        convention = measured[name].convention
        found = ece_interval(
            rows, notion=convention.notion or "top-label", class_index=convention.class_index, expected=one
        )
        if found.interval is not None:
            intervals[name] = found.interval
    values: dict[str, Any] = dict.fromkeys(_OF_ALL_CLASSES)
    values |= {name: measurement.value for name, measurement in measured.items()}
    return Evaluation(
        n=rows.n,
        k=k,
        **values,
        floored_rows=None if k is None else int(np.count_nonzero(rows.summary.floored)),
        conventions={name: measurement.convention for name, measurement in measured.items()},
        intervals=intervals,
        expected_if_calibrated=expected,
    )


def _measurable(k: int | None) -> list[str]:
    if k is None:
        return [name for name in TITLES if name not in _OF_ALL_CLASSES]
    return [name for name in TITLES if name != "ece_positive" or k == 2]


def _intervals(rows: Rows) -> dict[str, Interval]:
    summary = rows.summary
    intervals: dict[str, Interval | None] = {
        "accuracy": accuracy_interval(rows),
        "mean_confidence": mean_interval(summary.confidence, rows.weight),
    }
    if summary.losses is not None:
        intervals["nll"] = mean_interval(summary.nll, rows.weight)
        intervals["brier"] = mean_interval(summary.brier, rows.weight)
    return {name: interval for name, interval in intervals.items() if interval is not None}


def _number(value: float) -> str:
    return f"{value:.4f}"
