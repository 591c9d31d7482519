"""`reliability`: the table of bins behind every reliability diagram."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.analysis.binned_parts import NO_WEIGHT, binned_parts, view_of
from calibrant.analysis.intervals import LEVEL, wilson
from calibrant.analysis.table import as_text
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics.bins import BinState, bin_by_edges, bin_values, equal_mass_edges, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Scheme
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.soft_labels import stamped
from calibrant.predictions import Table

SCHEMA = "calibrant.reliability/1"
_EDGES: dict[Scheme, str] = {
    "equal-width": "(lo, hi], first closed at 0, at j/m",
    "equal-mass": "(lo, hi] at order statistics, equal edges merged",
}
_COLUMNS = ("lower", "upper", "n", "confidence", "accuracy", "low", "high")


@dataclass(frozen=True, eq=False)
class ReliabilityTable:
    """Bins of confidence: how many rows, how sure, how often right.

    Attributes
    ----------
    lower, upper : float64 array, (m,)
        Ends of the bins; the upper end belongs to the bin, the lower one only in the first.
    n : int64 array, (m,)
        Rows.
    weight : float64 array, (m,)
        Their weight.
    confidence, accuracy : float64 array, (m,)
        Means; NaN in an empty bin. For one class: its mean probability and its frequency.
    low, high : float64 array, (m,)
        Wilson interval of the accuracy; NaN in an empty bin. Of soft labels it is as wide as for one
        annotator a row, which is wider than need be: shares vary less.
    level : float
        Of that interval.
    ece, mce : float
        Calibration errors of this table.
    convention : Convention
        How the bins were made.
    """

    lower: Floats
    upper: Floats
    n: Integers
    weight: Floats
    confidence: Floats
    accuracy: Floats
    low: Floats
    high: Floats
    level: float
    ece: float
    mce: float
    convention: Convention

    @property
    def mean_confidence(self) -> float:
        """Mean confidence of all rows; for one class, its mean probability."""
        return self._mean(self.confidence)

    @property
    def mean_accuracy(self) -> float:
        """Accuracy of all rows; for one class, its frequency."""
        return self._mean(self.accuracy)

    def records(self) -> list[dict[str, Any]]:
        """Return one mapping a bin; None where a bin is empty."""
        columns = [getattr(self, name).tolist() for name in _COLUMNS]
        return [
            {name: None if value != value else value for name, value in zip(_COLUMNS, values, strict=True)}
            for values in zip(*columns, strict=True)
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "convention": self.convention.to_json(),
            "level": self.level,
            "ece": self.ece,
            "mce": self.mce,
            "bins": self.records(),
        }

    def to_csv(self) -> str:
        """Return the bins as CSV; empty bins leave their means blank."""
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.records())
        return buffer.getvalue()

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        header = ["bin", "rows", "confidence", "accuracy", "gap", f"{self.level:.0%} of accuracy"]
        rows = [_text_row(record) for record in self.records()]
        return [Grid(header, rows), f"ECE {self.ece:.4f}, MCE {self.mce:.4f} ({self.convention})"]

    def _mean(self, of_bins: Floats) -> float:
        used = self.weight > 0
        return float(np.average(of_bins[used], weights=self.weight[used]))


def _text_row(record: dict[str, Any]) -> list[str]:
    confidence, accuracy = record["confidence"], record["accuracy"]
    row = [f"({record['lower']:.4g}, {record['upper']:.4g}]", f"{record['n']:,}"]
    if accuracy is None:
        return [*row, "", "", "", ""]
    gap = f"{accuracy - confidence:+.4f}"
    return [*row, f"{confidence:.4f}", f"{accuracy:.4f}", gap, f"{record['low']:.3f} to {record['high']:.3f}"]


def reliability(
    predictions: Measurable | Table,
    *,
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    level: float = LEVEL,
    engine: Engine = DEFAULT_ENGINE,
) -> ReliabilityTable:
    """Return the bin table of the top label, or of one class's probability.

    Parameters
    ----------
    predictions : Predictions, SoftLabelPredictions, TopLabelPredictions or Table
        Rows to bin, whole or in parts; one class's probability needs the probabilities of all.
    class_index : int, optional
        Bin this class's probability against its frequency; by default the top label's confidence.
    scheme : {"equal-width", "equal-mass"}
        How bins are cut. The edges of equal mass take a few passes more over rows in parts.
    bins : int
        Number of bins; with equal-mass an upper bound.
    level : float
        Of the interval of each bin's accuracy.
    engine : Engine
        What runs the sums; a table has its own.

    Raises
    ------
    InvalidArgument
        No such scheme or class, or a number of bins below 1.
    EmptyPredictions
        All rows weigh 0.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9, 0.9, 0.6, 0.2], [1, 1, 0, 0])
    >>> reliability(rows, bins=2, class_index=1).n.tolist()
    [1, 3]
    """
    if scheme not in _EDGES:
        raise InvalidArgument(f"scheme must be 'equal-width' or 'equal-mass'; got {scheme!r}.")
    if isinstance(predictions, Table):
        edges, state = binned_parts(predictions, class_index, scheme, bins)
        return table_of_bins(state, edges, level, convention_of_bins(state.n, class_index, scheme, bins))
    rows = as_rows(predictions, engine)
    values, correct = view_of(rows, class_index)
    if scheme == "equal-width":
        edges = equal_width_edges(bins)
        state = bin_values(rows, values, correct, edges)
    else:
        edges = equal_mass_edges(values, rows.weight, bins)
        state = bin_by_edges(values, correct, rows.weight, edges)
    return table_of_bins(
        state, edges, level, stamped(convention_of_bins(rows.n, class_index, scheme, bins), rows)
    )


def convention_of_bins(n: int, class_index: int | None, scheme: Scheme, bins: int) -> Convention:
    """Return what the bins of a reliability table are stamped with."""
    return Convention(
        definition="accuracy against mean confidence in bins of confidence",
        n=n,
        notion="top-label" if class_index is None else "one-class",
        class_index=class_index,
        scheme=scheme,
        bins=bins,
        edges=_EDGES[scheme],
        norm="l1",
        debiased=False,
    )


def table_of_bins(state: BinState, edges: Floats, level: float, convention: Convention) -> ReliabilityTable:
    """Return the table of sums that are there already, one row of bins between these edges."""
    accuracy, weight = state.accuracy[0], state.weight[0]
    if not weight.any():
        raise EmptyPredictions(NO_WEIGHT)
    low, high = wilson(accuracy, weight, level)
    return ReliabilityTable(
        lower=edges[:-1],
        upper=edges[1:],
        n=state.count[0].astype(np.int64),
        weight=weight,
        confidence=state.confidence[0],
        accuracy=accuracy,
        low=low,
        high=high,
        level=level,
        ece=float(calibration_error(state, "l1")[0]),
        mce=float(calibration_error(state, "max")[0]),
        convention=convention,
    )
