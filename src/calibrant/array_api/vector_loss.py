"""The penalised log-loss of vector scaling as its solvers see it, from sums made where the logits are.

Numbers (v, u) are scaled so that the curvature at the temperature solution is near 1: with q = p (1 - p)
there and m = Σ q z / Σ q, slopes are a = 1/T + c v and biases b = d u - m (a - 1/T).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.array_api.row_scores import at_label
from calibrant.array_api.rows import ArrayRows, Block
from calibrant.solvers import Slope

HEAD = 3
"""Weight, loss, and the weight of the rows in which another class scores as high as the true one."""

_RIDGE = 1e-6
_ABSENT_RIDGE = 1.0


class VectorLoss:
    """Mean log-loss of softmax(a ∘ z + b) with its ridge.

    Parameters
    ----------
    rows : ArrayRows
        Logits without -inf.
    temperature : float
        Where the ridge ties slopes to, 1/T.
    scale : float
        Unit of the logits for the ridge.

    Attributes
    ----------
    occurs : bool array, (k,)
        Whether each class is a label.
    """

    def __init__(self, rows: ArrayRows, *, temperature: float, scale: float) -> None:
        self._rows, self._start = rows, 1 / temperature
        sums = rows.sum(lambda block: _curvature_sums(rows, block, self._start))
        plain, first, second, labels = sums.reshape(4, rows.k)
        self._weight = float(labels.sum())
        self.occurs = labels > 0
        ridge = np.where(self.occurs, _RIDGE, _ABSENT_RIDGE) / self._weight
        self._ridge = np.concatenate((ridge * scale**2, ridge))
        plain = plain / self._weight + ridge
        first, second = first / self._weight, second / self._weight
        self._means = first / plain
        self._slope_scale = 1 / np.sqrt(np.maximum(second - self._means * first, 0.0) + ridge * scale**2)
        self._bias_scale = 1 / np.sqrt(plain)

    def natural(self, x: Floats) -> tuple[Floats, Floats]:
        """Return slopes and biases, the biases centred: their mean changes nothing but rounding."""
        slopes, biases = np.split(self._change(x), 2)
        return self._start + slopes, biases - biases.mean()

    def sums(self, slopes: Floats, biases: Floats) -> Floats:
        """Return HEAD numbers and the gradient (2k), summed and without the ridge."""
        library = self._rows.library
        a, b = library.placed(slopes), library.placed(biases)
        return self._rows.sum(lambda block: _gradient_sums(self._rows, block, a, b))

    def at(self, x: Floats) -> Slope:
        """Return value and gradient at (v, u)."""
        change = self._change(x)
        sums = self.sums(*self.natural(x)) / self._weight
        value = float(sums[1] + (self._ridge * change**2).sum() / 2)
        return Slope(value, self._pulled_back(sums[HEAD:] + self._ridge * change))

    def product(self, x: Floats, step: Floats) -> Floats:
        """Return the Hessian at (v, u) times a step."""
        library, change = self._rows.library, self._change(step)
        vectors = [library.placed(vector) for vector in (*self.natural(x), *np.split(change, 2))]
        product = self._rows.sum(lambda block: _product_sums(self._rows, block, *vectors))
        return self._pulled_back(product / self._weight + self._ridge * change)

    def _change(self, x: Floats) -> Floats:
        slopes, biases = np.split(x, 2)
        slopes = self._slope_scale * slopes
        return np.concatenate((slopes, self._bias_scale * biases - self._means * slopes))

    def _pulled_back(self, gradient: Floats) -> Floats:
        slopes, biases = np.split(gradient, 2)
        return np.concatenate(
            (self._slope_scale * (slopes - self._means * biases), self._bias_scale * biases)
        )


def _softmax(xp: Any, scores: Any) -> tuple[Any, Any, Any]:
    """Return probabilities (b, k), and the exponents they are made of with the log of their sum (b,)."""
    exponent = scores - xp.max(scores, axis=1, keepdims=True)
    masses = xp.exp(exponent)
    total = xp.sum(masses, axis=1, keepdims=True)
    return masses / total, exponent, xp.log(total[:, 0])


def _gradient_sums(rows: ArrayRows, block: Block, slopes: Any, biases: Any) -> Any:
    xp = rows.library.xp
    probs, exponent, log_total = _softmax(xp, block.scores * slopes + biases)
    truth = at_label(xp, block, exponent)
    as_high = xp.sum(xp.astype(exponent >= truth[:, None], exponent.dtype), axis=1)
    wrong = xp.where(as_high > 1, block.weight, 0.0)
    head = (block.weight, block.weight * (log_total - truth), wrong)
    residual = block.weight[:, None] * xp.where(block.is_label, probs - 1, probs)
    gradient = [xp.sum(residual * block.scores, axis=0), xp.sum(residual, axis=0)]
    return xp.concat([xp.stack([xp.sum(column) for column in head]), *gradient])


def _product_sums(
    rows: ArrayRows, block: Block, slopes: Any, biases: Any, slope_step: Any, bias_step: Any
) -> Any:
    xp = rows.library.xp
    probs, _, _ = _softmax(xp, block.scores * slopes + biases)
    moved = block.scores * slope_step + bias_step
    moved = moved - xp.sum(probs * moved, axis=1, keepdims=True)
    change = block.weight[:, None] * probs * moved
    return xp.concat([xp.sum(change * block.scores, axis=0), xp.sum(change, axis=0)])


def _curvature_sums(rows: ArrayRows, block: Block, inverse_temperature: float) -> Any:
    """Return Σ q, Σ q z, Σ q z² with q = p (1 - p), and the weight of each class's labels."""
    xp, z = rows.library.xp, block.scores
    probs, _, _ = _softmax(xp, inverse_temperature * z)
    q = block.weight[:, None] * probs * (1 - probs)
    labels = xp.where(block.is_label, block.weight[:, None], 0.0)
    return xp.concat([xp.sum(column, axis=0) for column in (q, q * z, q * z * z, labels)])
