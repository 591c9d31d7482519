"""Histogram binning: the frequency of positive rows in each bin of the score, in place of the score.

It assumes nothing about the curve, but a bin's rows all get one value and their order within it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Literal, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.binning import equal_mass_bins
from calibrant.calibrators.choices import check_amount, check_choice, check_count
from calibrant.calibrators.class_by_class import class_by_class
from calibrant.calibrators.curves import Curve, step
from calibrant.calibrators.fitted_curves import FittedCurves, apply_curves, fit_curves
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.smoothing import smoothed_share
from calibrant.engine import Engine
from calibrant.errors import NotFitted
from calibrant.metrics.bins import equal_width_edges
from calibrant.predictions import Derived, Predictions, Table

Scheme = Literal["equal-width", "equal-mass"]
SCHEMES: tuple[Scheme, ...] = ("equal-width", "equal-mass")


@final
class HistogramBinning(PartedCalibrator):
    """Calibrate with the share of positive rows among the fitting rows in the same bin.

    Parameters
    ----------
    scheme : {"equal-mass", "equal-width"}
        Bins that hold as many rows each as ties allow, or bins (j/m, (j+1)/m].
    bins : int
        Number m of bins; for "equal-mass" an upper bound.
    smoothing : float
        Pseudo-rows α ≥ 0 in every bin, split as the classes are ("equal-mass") or as the bin's centre says
        ("equal-width", where an empty bin keeps its centre). Without them (0) a probability may be exactly
        0 and the log-loss infinite but for its floor.

    Attributes
    ----------
    curves_ : FittedCurves
        The bins' upper ends and values.

    Notes
    -----
    A bin's value is (n₊ + α·prior) / (n + α). Two classes: the probability of class 1 is binned, the other
    is what is left; more: every class against the rest, the rows then normalised. Bins are (lo, hi], ties
    are never split. Zadrozny & Elkan (ICML 2001), with ten equal-mass bins. Of rows in parts, passes over
    counts find the same ends of equal-mass bins, in memory that does not grow with the rows.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.1, 0.2, 0.7, 0.9], [0, 0, 1, 0])
    >>> plain = HistogramBinning("equal-width", bins=2, smoothing=0).fit(rows)
    >>> plain.transform(rows).scores[:, 1].tolist()
    [0.0, 0.0, 0.5, 0.5]
    """

    method: ClassVar[str] = "histogram"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for bins one can show; with thousands of rows, and mostly two classes"

    def __init__(self, scheme: Scheme = "equal-mass", *, bins: int = 50, smoothing: float = 1.0) -> None:
        self.scheme = check_choice("scheme", scheme, SCHEMES)
        self.bins = check_count("bins", bins)
        self.smoothing = check_amount("smoothing", smoothing)
        self.fit_: FittedCurves | None = None

    @property
    def curves_(self) -> FittedCurves:
        """The bins of each class: upper ends and values."""
        if self.fit_ is None:
            raise NotFitted("there are no bins yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments and the bins."""
        return {
            "scheme": self.scheme,
            "bins": self.bins,
            "smoothing": self.smoothing,
            "curves": self.curves_.encode(),
        }

    def describe(self) -> str:
        """Say how many bins there are."""
        sizes = [len(curve.knots) for curve in self.curves_.curves]
        return f"histogram binning: {sum(sizes)} {self.scheme} bins on {len(sizes)} curve(s)"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_.curves)

    def _fit_table(self, table: Table) -> float:
        learn = self._equal_mass if self.scheme == "equal-mass" else self._equal_width
        self.fit_ = fit_curves(table, "one-vs-rest", learn, self.smoothing)
        return self._loss_over(table)

    def _equal_mass(self, problems: Derived[Problems], priors: Sequence[float]) -> tuple[Curve, ...]:
        found = equal_mass_bins(problems, [self.bins] * len(priors), method=self.method)
        return tuple(bins.shares(prior, self.smoothing) for bins, prior in zip(found, priors, strict=True))

    def _equal_width(self, problems: Derived[Problems], priors: Sequence[float]) -> tuple[Curve, ...]:
        edges = equal_width_edges(self.bins)
        sums = problems.total(partial(_equal_width_sums, inner=edges[1:-1], count=len(priors)))
        centres = (np.arange(self.bins) + 0.5) / self.bins
        return tuple(
            Curve(edges[1:], smoothed_share(positives, weight, centres, self.smoothing))
            for weight, positives in sums
        )

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        return apply_curves(self.curves_, predictions, step)

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.scheme = check_choice("scheme", parameters.get("scheme"), SCHEMES)
        self.bins = check_count("bins", parameters.get("bins"))
        self.smoothing = check_amount("smoothing", parameters.get("smoothing"))
        self.fit_ = FittedCurves.decode(parameters, "curves")


def _equal_width_sums(problems: Problems, engine: Engine, *, inner: Floats, count: int) -> Floats:
    """Return the weight and the positive weight in every bin of each problem, (count, 2, bins)."""

    def sums(index: int) -> Floats:
        tally = problems.problem(index).tally()
        at = np.searchsorted(inner, tally.scores, side="left")
        columns = (tally.weight, tally.positives)
        return np.stack([np.bincount(at, column, len(inner) + 1) for column in columns])

    return np.stack(class_by_class(sums, range(count), problems.n, engine))
