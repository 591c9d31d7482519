"""`Evaluation`: what `evaluate` found, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibrant.analysis.expected import ExpectedIfCalibrated
from calibrant.analysis.intervals import LEVEL, Interval
from calibrant.analysis.table import as_text
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics.convention import DEFAULT_BINS, Convention
from calibrant.metrics.foreign_ece import OURS
from calibrant.metrics.foreign_tools import TOOLS

SCHEMA = "calibrant.evaluation/1"

TITLES = {
    "accuracy": "accuracy",
    "mean_confidence": "mean confidence",
    "confidence_gap": "confidence - accuracy",
    "nll": "log-loss (nats)",
    "brier": "Brier score (0 to 2)",
    "ece": "ECE, top-label",
    "ece_l2_debiased": "debiased L2, top-label",
    "mce": "MCE, top-label",
    "rmsce": "RMSCE, top-label",
    "classwise_ece": "ECE, class-wise",
    "classwise_l2_debiased": "debiased L2, class-wise",
    "ece_positive": "ECE, positive class",
}
"""What a person reads for each metric, in the order of the tables."""


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
    convention : str
        "calibrant", or the tool whose ECE was asked for.
    accuracy, mean_confidence : float
        Means over rows.
    confidence_gap : float
        Mean confidence minus accuracy: above 0 overconfident.
    nll, brier : float or None
        Means over rows.
    ece, mce, rmsce : float
        Top-label, over equal-width bins; or what the tool measures, joined over its bins.
    ece_l2_debiased : float or None
        Top-label, the bias of chance subtracted from its square; None under the convention of a tool and for
        soft labels.
    classwise_ece : float or None
        Mean over classes of the one-against-rest ECE; None under the convention of a tool.
    classwise_l2_debiased : float or None
        Root of the mean over classes of the squared L2 errors, debiased (see `l2_error_interval`); also None
        for rows with weights or soft labels, and where no bin has two rows.
    ece_positive : float or None
        ECE of class 1's probability; only for two classes, and of tools that measure one class.
    floored_rows : int or None
        Rows whose true class, or one that an annotator chose, had a probability of 2⁻¹²⁶ or less, which
        counts as that.
    conventions : mapping of str to Convention
        By metric name.
    intervals : mapping of str to Interval
        By metric name, for those that are means, for the debiased errors, and for an ECE of at least twice
        its expectation under perfect calibration: below that, no interval covers what it should. The errors
        of a tool, and those of soft labels, have none; nor has the class-wise one of fewer than 100 rows a
        class, or above 1/k.
    expected_if_calibrated : mapping of str to ExpectedIfCalibrated
        What each ECE would be if these probabilities were perfectly calibrated, under the same convention;
        not the class-wise one of rows with weights or soft labels.
    """

    n: int
    k: int | None
    convention: str
    accuracy: float
    mean_confidence: float
    confidence_gap: float
    nll: float | None
    brier: float | None
    ece: float
    ece_l2_debiased: float | None
    mce: float
    rmsce: float
    classwise_ece: float | None
    classwise_l2_debiased: float | None
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
        result: dict[str, Any] = {"schema": SCHEMA, "n": self.n, "k": self.k, "convention": self.convention}
        for name in TITLES:
            if name != "ece_positive" or self.k == 2:
                result[name] = getattr(self, name)
        result["floored_rows"] = self.floored_rows
        for group in ("conventions", "intervals", "expected_if_calibrated"):
            result[group] = {name: value.to_json() for name, value in getattr(self, group).items()}
        return result

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        header = ["", "value", f"{LEVEL:.0%} interval", "if perfectly calibrated"]
        rows = [
            [title, _number(getattr(self, name)), self._interval(name), self._expected(name)]
            for name, title in self._titles().items()
            if getattr(self, name) is not None
        ]
        blocks: list[Block] = [f"{self.rows_in_words}{self._bins_in_words()}", Grid(header, rows)]
        return [*blocks, self._floored()] if self.floored_rows else blocks

    def _titles(self) -> dict[str, str]:
        """Return the titles, where a tool's own ECE of two classes is that of the positive class."""
        if self.conventions["ece"].notion == "top-label":
            return TITLES
        return {
            name: title.replace("top-label", "positive class")
            for name, title in TITLES.items()
            if name != "ece_positive"
        }

    def _bins_in_words(self) -> str:
        used = self.conventions["ece"]
        if self.convention == OURS:
            return "" if used.bins == DEFAULT_BINS else f", {used.bins} bins"
        tool = TOOLS[self.convention]
        return (
            f"\nECE, MCE and RMSCE over the bins of {tool.name} {tool.version}, {tool.function}:"
            f"\n{used.bins} {used.scheme} bins {used.edges}"
        )

    def _floored(self) -> str:
        return (
            f"{self.floored_rows:,} rows give their true class a probability of 2^-126 or less; "
            "log-loss counts it as 2^-126."
        )

    def _interval(self, name: str) -> str:
        interval = self.intervals.get(name)
        return "" if interval is None else f"{_number(interval.low)} to {_number(interval.high)}"

    def _expected(self, name: str) -> str:
        expected = self.expected_if_calibrated.get(name)
        if expected is None:
            return ""
        return f"{_number(expected.mean)} ({_number(expected.low)} to {_number(expected.high)})"


def _number(value: float) -> str:
    return f"{value:.4f}"
