"""Vector scaling: a slope and a bias for each class's logit, chosen by log-loss on validation rows.

It moves biases that temperature scaling cannot move; it does not let classes look at each other's logits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.calibrators.anchor import (
    UNBOUNDED_REASONS,
    Anchor,
    Unbounded,
    anchor_of,
    check_unbounded,
    largest_logit,
    refuse_masked,
    refuse_masked_parts,
    resolved,
    ridge_of_classes,
    unbounded,
)
from calibrant.calibrators.class_scores import check_class_count, class_probs
from calibrant.calibrators.curvature import curvature_at
from calibrant.calibrators.row_arrays import row_arrays
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.engine import Engine
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.kernels.curvature import CURVATURE_VECTORS
from calibrant.kernels.vector import VECTOR_HEAD, vector_product, vector_sums
from calibrant.predictions import Predictions, Table
from calibrant.solvers import Slope, minimise_lbfgs, minimise_newton_cg

_ROUGH = 1e-12
_STEEPEST = 1e5


@dataclass(frozen=True, slots=True)
class VectorFit:
    """Slopes (k,) and biases (k,), and why they have no finite optimum, if so."""

    slopes: Floats
    biases: Floats
    unbounded: Unbounded | None


@final
class VectorScaling(SummedCalibrator):
    """Calibrate with softmax(a ∘ z + b), the slopes a and biases b minimising the log-loss.

    Attributes
    ----------
    slopes_, biases_ : float64 array, (k,)
        a and b.
    unbounded_ : {"separable", "absent class"} or None
        Why the log-loss has no finite optimum: every row can be made right, or a class never occurs.

    Notes
    -----
    Guo, Pleiss, Sun & Weinberger, ICML 2017, section 4.2, with the logits as they are: adding a constant to
    a row changes the result unless the slopes are equal. The loss is convex. A ridge of 1e-6 |θ - θ₀|² / 2
    beside the summed loss ties slopes (times the logits' root mean square) and biases to temperature scaling,
    θ₀ = (1/T, 0); for a class that never occurs its weight is 1, so that the class stays possible. The fit is
    never worse than temperature scaling on its own rows. L-BFGS comes near the optimum, Newton's steps with
    conjugate gradients end there. Where z is a hundred thousand times as large
    as what tells its rows apart, slopes stay at 1 and only b learns.

    Examples
    --------
    >>> logits = [[2.0, 0.0], [1.0, 0.0], [0.5, 0.0], [1.5, 0.0], [0.0, 1.0]]
    >>> VectorScaling().fit(logits, [0, 1, 0, 0, 1]).biases_.round(2).tolist()
    [-0.11, 0.11]
    """

    method: ClassVar[str] = "vector"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "where classes are biased against each other, with tens of rows a class"

    def __init__(self) -> None:
        self.fit_: VectorFit | None = None

    @property
    def slopes_(self) -> Floats:
        """Slope of each class's logit."""
        return self._fitted().slopes

    @property
    def biases_(self) -> Floats:
        """What is added to each class's logit."""
        return self._fitted().biases

    @property
    def level_counts(self) -> bool:
        """Whether a constant added to a row changes what comes of it: the slopes differ."""
        return True

    @property
    def unbounded_(self) -> Unbounded | None:
        """Why the log-loss has no finite optimum, if so."""
        return self._fitted().unbounded

    def parameters(self) -> dict[str, Any]:
        """Return slopes and biases."""
        fit = self._fitted()
        return {
            "slopes": document.encode_array(fit.slopes),
            "biases": document.encode_array(fit.biases),
            "unbounded": fit.unbounded,
        }

    def describe(self) -> str:
        """Say the range of slopes and biases."""
        fit = self._fitted()
        return (
            f"vector scaling: slopes {fit.slopes.min():.3g} to {fit.slopes.max():.3g}, "
            f"biases {fit.biases.min():.3g} to {fit.biases.max():.3g}{UNBOUNDED_REASONS[fit.unbounded]}"
        )

    def _fitted(self) -> VectorFit:
        if self.fit_ is None:
            raise NotFitted("this vector calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return self.slopes_.size + self.biases_.size

    def _fit_table(self, table: Table) -> float:
        refuse_masked_parts(table)
        table = table.with_logits()
        anchor = resolved(anchor_of(table), largest_logit(table), _STEEPEST)
        class_weights = table.class_weights()
        loss = _Loss(table, anchor, ridge_of_classes(class_weights))
        start = np.zeros(2 * table.k)
        near = minimise_lbfgs(loss.at, start=start, tolerance=_ROUGH)
        slopes, biases = loss.natural(minimise_newton_cg(loss, start=near.x).x)
        weight, total, wrong = loss.sums(slopes, biases)[:VECTOR_HEAD].tolist()
        self.fit_ = VectorFit(slopes, biases, unbounded(class_weights, wrong))
        return float(total / weight)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        check_class_count(len(self.biases_), predictions.k)
        refuse_masked(predictions)
        scores = predictions.logits() * self.slopes_
        scores += self.biases_
        return predictions.with_scores(class_probs(scores), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        slopes = document.decode_array(parameters, "slopes", shape=(None,))
        biases = document.decode_array(parameters, "biases", shape=slopes.shape)
        if len(biases) < 2:
            raise UnreadableFile(f"'biases' must have at least 2 numbers; got {len(biases)}.")
        self.fit_ = VectorFit(slopes, biases, check_unbounded(parameters.get("unbounded")))


class _Loss:
    """Mean log-loss with its ridge, in numbers (v, u) scaled so that the curvature at the anchor is near 1.

    With q = p (1 - p) at the anchor and m = Σ q z / Σ q: a = 1/T + c v, b = d u - m (a - 1/T).
    """

    def __init__(self, table: Table, anchor: Anchor, ridge: Floats) -> None:
        k = table.k
        self._table, self._k, self._anchor = table, k, anchor
        bend = table.total(partial(curvature_at, normalised=False, temperature=anchor.temperature))
        plain, first, second = bend.reshape(CURVATURE_VECTORS, k)[:3] / anchor.weight
        ridge = ridge / anchor.weight
        self._ridge = np.concatenate((ridge * anchor.scale**2, ridge))
        self._means = first / (plain + self._ridge[k:])
        spread = np.maximum(second - self._means * first, 0.0) + self._ridge[:k]
        self._slope_scale = 1 / np.sqrt(spread)
        self._bias_scale = 1 / np.sqrt(plain + self._ridge[k:])

    def natural(self, x: Floats) -> tuple[Floats, Floats]:
        """Return slopes and biases, the biases centred: their mean changes nothing but rounding."""
        change, k = self._change(x), self._k
        return 1 / self._anchor.temperature + change[:k], change[k:] - change[k:].mean()

    def sums(self, slopes: Floats, biases: Floats) -> Floats:
        return self._table.total(partial(_sums, slopes=slopes, biases=biases))

    def at(self, x: Floats) -> Slope:
        change = self._change(x)
        sums = self.sums(*self.natural(x)) / self._anchor.weight
        value = float(sums[1] + self._ridge @ (change * change) / 2)
        return Slope(value, self._pulled_back(sums[VECTOR_HEAD:] + self._ridge * change))

    def product(self, x: Floats, step: Floats) -> Floats:
        change = self._change(step)
        product = self._table.total(
            partial(_product, point=self.natural(x), step=(change[: self._k], change[self._k :]))
        )
        return self._pulled_back(product / self._anchor.weight + self._ridge * change)

    def _change(self, x: Floats) -> Floats:
        k = self._k
        slopes = self._slope_scale * x[:k]
        return np.concatenate((slopes, self._bias_scale * x[k:] - self._means * slopes))

    def _pulled_back(self, gradient: Floats) -> Floats:
        k = self._k
        slopes, biases = gradient[:k], gradient[k:]
        slopes = self._slope_scale * (slopes - self._means * biases)
        return np.concatenate((slopes, self._bias_scale * biases))


def _sums(rows: Predictions, engine: Engine, *, slopes: Floats, biases: Floats) -> Floats:
    arrays = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: vector_sums(start, stop, *arrays, slopes, biases, out),
        rows.n,
        rows.k,
        VECTOR_HEAD + 2 * rows.k,
    )


def _product(
    rows: Predictions, engine: Engine, *, point: tuple[Floats, Floats], step: tuple[Floats, Floats]
) -> Floats:
    arrays = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: vector_product(start, stop, *arrays, *point, *step, out),
        rows.n,
        rows.k,
        2 * rows.k,
    )
