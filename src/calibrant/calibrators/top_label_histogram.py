"""Top-label histogram binning: for each predicted class, bins of the confidence and how often it was right.

It calibrates "class c, with confidence p" for every c; what the other classes get is their old proportion.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.binning import equal_mass_bins
from calibrant.calibrators.choices import check_amount, check_count
from calibrant.calibrators.class_problems import check_few_problems
from calibrant.calibrators.curves import Curve, decode_curves, encode_curves, step
from calibrant.calibrators.document import number
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.top_label import (
    correctness,
    predicted_problems,
    top_label,
    top_labels,
    with_confidence,
)
from calibrant.engine import Engine
from calibrant.errors import IncompatiblePredictions, NotFitted, UnreadableFile
from calibrant.predictions import Derived, Predictions, Table


@final
class TopLabelHistogramBinning(PartedCalibrator):
    """Calibrate the confidence with histogram binning among the rows of the same predicted class.

    Parameters
    ----------
    rows_per_bin : int
        A predicted class with weight w gets ⌊w / rows_per_bin⌋ equal-mass bins, at least one. A class that
        was never predicted takes the bins of all rows together.
    smoothing : float
        Pseudo-rows α ≥ 0 in every bin, split as right and wrong rows are. The other classes' shares are
        mixed with equal ones by α / (w + α), w being the weight of the wrongly predicted rows. Without them
        (0) a probability may be exactly 0 and the log-loss infinite but for its floor.

    Attributes
    ----------
    curves_ : tuple of Curve, k
        Upper ends and values of the bins of each predicted class.

    Notes
    -----
    The top-label calibrator of Gupta & Ramdas (ICLR 2022) with histogram binning, 50 rows a bin as there.
    No predicted class changes: a confidence so low that another class would overtake is raised.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.9, 0.8, 0.7, 0.2], [1, 1, 0, 0])
    >>> plain = TopLabelHistogramBinning(rows_per_bin=4, smoothing=0).fit(rows)
    >>> plain.transform(rows).scores[:, 1].round(3).tolist()
    [0.667, 0.667, 0.667, 0.0]
    """

    method: ClassVar[str] = "top_label_histogram"
    keeps_argmax: ClassVar[bool] = True
    use_when: ClassVar[str] = "for a guarantee on the predicted class alone, whatever the classifier"

    def __init__(self, rows_per_bin: int = 50, *, smoothing: float = 1.0) -> None:
        self.rows_per_bin = check_count("rows_per_bin", rows_per_bin)
        self.smoothing = check_amount("smoothing", smoothing)
        self.fit_: tuple[Curve, ...] | None = None
        self.uniform_ = 0.0

    @property
    def curves_(self) -> tuple[Curve, ...]:
        """The bins of each predicted class."""
        if self.fit_ is None:
            raise NotFitted("there are no bins yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments and the bins."""
        return {
            "rows_per_bin": self.rows_per_bin,
            "smoothing": self.smoothing,
            "uniform": self.uniform_,
            "curves": encode_curves(self.curves_),
        }

    def describe(self) -> str:
        """Say how many bins there are."""
        bins = sum(len(curve.knots) for curve in self.curves_)
        return f"top-label histogram binning: {bins} bins for {len(self.curves_)} predicted classes"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_)

    def _fit_table(self, table: Table) -> float:
        check_few_problems(table.k)
        tops = table.derived(top_labels)
        right = correctness(tops)
        problems: Derived[Problems] = tops.derived(predicted_problems)
        weights = problems.total(partial(_weights, count=table.k + 1)).tolist()
        counts = [max(1, int(weight // self.rows_per_bin)) for weight in weights]
        found = equal_mass_bins(problems, counts, method=self.method)
        of_all = found[table.k].shares(right.prior, self.smoothing)
        self.fit_ = tuple(
            found[index].shares(right.prior, self.smoothing) if weights[index] > 0 else of_all
            for index in range(table.k)
        )
        self.uniform_ = right.uniform_share(self.smoothing)
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        curves = self.curves_
        if len(curves) != predictions.k:
            raise IncompatiblePredictions(
                f"the calibrator knows {len(curves)} classes; these rows have {predictions.k}."
            )
        top = top_label(predictions)
        confidence = np.empty(predictions.n)
        for index, curve in enumerate(curves):
            rows = top.prediction == index
            confidence[rows] = step(curve, top.confidence[rows])
        return predictions.with_scores(with_confidence(top, confidence, self.uniform_), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.rows_per_bin = check_count("rows_per_bin", parameters.get("rows_per_bin"))
        self.smoothing = check_amount("smoothing", parameters.get("smoothing"))
        uniform = number(parameters, "uniform")
        if uniform is None or not 0 <= uniform <= 1:
            raise UnreadableFile(f"'uniform' must lie in 0..1; got {uniform}.")
        self.uniform_ = uniform
        self.fit_ = decode_curves(parameters, "curves")


def _weights(problems: Problems, engine: Engine, *, count: int) -> Floats:
    each = (problems.problem(index) for index in range(count))
    return np.array([len(one.scores) if one.weight is None else one.weight.sum() for one in each], np.float64)
