"""Isotonic regression: the non-decreasing curve from score to frequency that fits best.

It assumes only that a higher score means a more likely class, and needs more rows than scaling does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

import numpy as np

from calibrant.calibrators.choices import MODES, Mode, check_amount, check_choice
from calibrant.calibrators.curves import Curve, linear
from calibrant.calibrators.fitted_curves import FittedCurves, apply_curves, fit_curves, pooled_curves
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.smoothing import inside
from calibrant.calibrators.tally import ScoreTally
from calibrant.errors import NotFitted
from calibrant.predictions import Predictions, Table
from calibrant.predictions.scored_rows import SMALLEST_PROBABILITY
from calibrant.solvers import isotonic_blocks

Interpolation = Literal["centred", "linear"]
INTERPOLATIONS: tuple[Interpolation, ...] = ("centred", "linear")


@final
class IsotonicCalibration(PartedCalibrator):
    """Calibrate with the non-decreasing function of the score that has the least squared error.

    Parameters
    ----------
    mode : {"one-vs-rest", "top-label"}
        One curve for each class's probability, the rows then normalised (two classes: one curve, for class
        1); or one curve for the confidence in the predicted class, the other classes sharing the rest in
        proportion. The second changes no predicted class: a confidence too low for that is raised.
    interpolation : {"centred", "linear"}
        What lies between the runs of equal values that the regression finds. "centred": straight lines
        between the mean scores of the runs, which orders scores within a run too and has the smaller
        log-loss. "linear": flat over each run, straight lines in the gaps, as scikit-learn does.
    smoothing : float
        Pseudo-rows α ≥ 0: α·prior positive rows at the lowest score and α·(1 - prior) others at the
        highest. Without them (0) a probability may be exactly 0 and the log-loss infinite but for its
        floor. In "top-label" mode the other classes' shares are mixed with equal ones by α / (w + α), w
        being the weight of the wrongly predicted rows.

    Attributes
    ----------
    curves_ : FittedCurves
        What was learned.

    Notes
    -----
    Minimises Σ w (g(p) - [y = c])² over non-decreasing g by pooling adjacent violators; the same g has the
    least log-loss (Zadrozny & Elkan, KDD 2002; the centred form is that of Oron & Flournoy, Statistics in
    Biopharmaceutical Research 2017). The rows enter as counts per
    distinct score, so a weight of w counts as w rows and their order does not matter. Of rows in parts these
    counts are pooled: memory grows with the distinct scores, at most 2²⁵ at a time, and many classes are gone
    through in several readings.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1])
    >>> plain = IsotonicCalibration(interpolation="linear", smoothing=0).fit(rows)
    >>> plain.transform(rows).scores[:, 1].tolist()
    [0.0, 0.5, 0.5, 1.0]
    """

    method: ClassVar[str] = "isotonic"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for two classes and thousands of rows, where the curve has no known shape"

    def __init__(
        self,
        mode: Mode = "one-vs-rest",
        *,
        interpolation: Interpolation = "centred",
        smoothing: float = 4.0,
    ) -> None:
        self.mode = check_choice("mode", mode, MODES)
        self.interpolation = check_choice("interpolation", interpolation, INTERPOLATIONS)
        self.smoothing = check_amount("smoothing", smoothing)
        self.fit_: FittedCurves | None = None

    @property
    def curves_(self) -> FittedCurves:
        """The fitted curves."""
        if self.fit_ is None:
            raise NotFitted("there are no curves yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments and the curves."""
        return {
            "interpolation": self.interpolation,
            "smoothing": self.smoothing,
            "curves": self.curves_.encode(),
        }

    def describe(self) -> str:
        """Say how many curves there are, and how many knots they have."""
        curves = self.curves_.curves
        knots = sum(len(curve.knots) for curve in curves)
        return f"isotonic regression ({self.mode}): {knots} knots on {len(curves)} non-decreasing curve(s)"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_.curves)

    def _fit_table(self, table: Table) -> float:
        learn = pooled_curves(self._curve, method=self.method)
        self.fit_ = fit_curves(table, self.mode, learn, self.smoothing)
        return self._loss_over(table)

    def _curve(self, tally: ScoreTally, prior: float) -> Curve:
        """Return the curve of one problem: pseudo-rows at both ends, pooling, then knots."""
        weight, positives = tally.weight.copy(), tally.positives.copy()
        positives[0] += self.smoothing * prior
        weight[0] += self.smoothing * prior
        weight[-1] += self.smoothing * (1 - prior)
        blocks = isotonic_blocks(positives, weight)
        values = inside(blocks.values, self.smoothing)
        if self.interpolation == "linear":
            ends = np.stack((tally.scores[blocks.first], tally.scores[blocks.last]), axis=1).ravel()
            return _without_repeats(Curve(ends, np.repeat(values, 2)))
        moments = np.add.reduceat(tally.weight * tally.scores, blocks.first)
        centres = moments / np.add.reduceat(tally.weight, blocks.first)
        return _without_repeats(Curve(centres, values))

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        return apply_curves(self.curves_, predictions, linear)

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.interpolation = check_choice("interpolation", parameters.get("interpolation"), INTERPOLATIONS)
        self.smoothing = check_amount("smoothing", parameters.get("smoothing"))
        self.fit_ = FittedCurves.decode(parameters, "curves")
        self.mode = self.fit_.mode


def _without_repeats(curve: Curve) -> Curve:
    """Return the curve with the first of each run of knots that are equal or too close for a finite slope."""
    kept = np.diff(curve.knots, prepend=-np.inf) > SMALLEST_PROBABILITY
    return Curve(curve.knots[kept], curve.values[kept])
