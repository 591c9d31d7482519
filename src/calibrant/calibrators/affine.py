"""The penalised log-loss of softmax(W z + b): what matrix scaling and Dirichlet calibration minimise.

Strengths of the penalties come from outside; choosing them is the business of `odir`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.anchor import RIDGE, Anchor
from calibrant.engine import Engine
from calibrant.kernels.curvature import CURVATURE_VECTORS, curvature_sums
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.matrix import MATRIX_HEAD, matrix_product, matrix_sums
from calibrant.predictions import Predictions
from calibrant.solvers import Slope, minimise_lbfgs, minimise_newton_cg

_ROUGH = 1e-12


class AffineLoss:
    """Sums over rows of the loss of (W, b), flattened to k² + k numbers.

    Parameters
    ----------
    predictions : Predictions
        Rows, with the weights that count.
    normalised : bool
        Whether z is the log-softmax of the logits.
    anchor : Anchor
        Where the ridge ties W and b to.
    engine : Engine
        What runs the sums.
    """

    def __init__(self, predictions: Predictions, *, normalised: bool, anchor: Anchor, engine: Engine) -> None:
        n, k = predictions.n, predictions.k
        self.k = k
        self._n, self._engine = n, engine
        self._logits = for_kernels(predictions.logits())
        self._truth = (predictions.labels, weight_for_kernels(predictions.sample_weight))
        self._normalised = normalised
        self._scale = anchor.scale
        self.anchor = np.concatenate((np.eye(k).ravel() / anchor.temperature, np.zeros(k)))
        curvature = engine.sum_rows(
            lambda start, stop, out: curvature_sums(
                start, stop, self._logits, *self._truth, 1 / anchor.temperature, out
            ),
            n,
            k,
            CURVATURE_VECTORS * k,
        ).reshape(CURVATURE_VECTORS, k)
        self._weight = anchor.weight
        spread = curvature[4] / max(float(curvature[0].sum()), np.finfo(np.float64).tiny)
        slopes = np.outer(curvature[0], spread).ravel()
        self._curvature = np.concatenate((slopes, curvature[0])) / self._weight

    def sums(self, natural: Floats) -> Floats:
        """Return weight, loss, wrong weight and the gradient, summed and without penalties."""
        weights, biases = self._split(natural)
        return self._engine.sum_rows(
            lambda start, stop, out: matrix_sums(
                start, stop, self._logits, self._normalised, *self._truth, weights, biases, out
            ),
            self._n,
            self.k,
            MATRIX_HEAD + natural.size,
        )

    def product(self, natural: Floats, step: Floats) -> Floats:
        """Return the Hessian of the summed loss times a step, without penalties."""
        point, move = self._split(natural), self._split(step)
        return self._engine.sum_rows(
            lambda start, stop, out: matrix_product(
                start, stop, self._logits, self._normalised, *self._truth, *point, *move, out
            ),
            self._n,
            self.k,
            natural.size,
        )

    def penalised(self, strength: float) -> _Penalised:
        """Return the mean loss with penalties of this strength, its numbers scaled for a solver."""
        k, squared = self.k, self._scale**2
        weights = np.full((k, k), 2 * strength * squared / (k * (k - 1)))
        np.fill_diagonal(weights, 0.0)
        weights += RIDGE * squared / self._weight
        biases = np.full(k, 2 * strength / k + RIDGE / self._weight)
        penalty = np.concatenate((weights.ravel(), biases))
        return _Penalised(self, self._weight, penalty, 1 / np.sqrt(self._curvature + penalty))

    def _split(self, natural: Floats) -> tuple[Floats, Floats]:
        """Return Wᵀ, contiguous, and b."""
        size = self.k * self.k
        return np.ascontiguousarray(natural[:size].reshape(self.k, self.k).T), natural[size:]


@dataclass(frozen=True, eq=False, slots=True)
class _Penalised:
    """Mean log-loss + Σ penalty · (θ - θ₀)² / 2 at θ = θ₀ + scale · x."""

    loss: AffineLoss
    weight: float
    penalty: Floats
    scale: Floats

    def minimum(self, start: Floats) -> Floats:
        """Return θ at the minimum, from a natural start."""
        near = minimise_newton_cg(self, start=(self.near(start, _ROUGH) - self.loss.anchor) / self.scale)
        return self._centred(self.loss.anchor + self.scale * near.x)

    def near(self, start: Floats, tolerance: float) -> Floats:
        """Return θ where a step of L-BFGS gains less than `tolerance`."""
        found = minimise_lbfgs(self.at, start=(start - self.loss.anchor) / self.scale, tolerance=tolerance)
        return self.loss.anchor + self.scale * found.x

    def at(self, x: Floats) -> Slope:
        change = self.scale * x
        sums = self.loss.sums(self.loss.anchor + change) / self.weight
        value = float(sums[1] + self.penalty @ (change * change) / 2)
        return Slope(value, self.scale * (sums[MATRIX_HEAD:] + self.penalty * change))

    def product(self, x: Floats, step: Floats) -> Floats:
        change = self.scale * step
        product = self.loss.product(self.loss.anchor + self.scale * x, change)
        return self.scale * (product / self.weight + self.penalty * change)

    def _centred(self, natural: Floats) -> Floats:
        """Add to each column of (W | b) the constant that costs least: it changes nothing but the penalty."""
        k = self.loss.k
        weights, biases = natural[: k * k].reshape(k, k), natural[k * k :]
        penalty = self.penalty[: k * k].reshape(k, k)
        change = weights - self.loss.anchor[: k * k].reshape(k, k)
        shift = (penalty * change).sum(axis=0) / penalty.sum(axis=0)
        return np.concatenate(((weights - shift).ravel(), biases - biases.mean()))
