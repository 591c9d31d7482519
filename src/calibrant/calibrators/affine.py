"""The log-loss of softmax(W z + b) as sums over rows: what matrix scaling and Dirichlet calibration share.

No penalty is added here; see `penalised_affine`.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.anchor import Anchor, ridge_of_classes
from calibrant.calibrators.curvature import curvature_at
from calibrant.calibrators.row_arrays import row_arrays
from calibrant.engine import Engine
from calibrant.kernels.curvature import CURVATURE_VECTORS
from calibrant.kernels.matrix import MATRIX_HEAD, matrix_product, matrix_sums
from calibrant.predictions import Predictions, Table

RIDGE = 1e-2
"""Weight of ½ |θ - θ₀|² beside the summed log-loss: a matrix has directions that few rows decide, or none."""


class AffineLoss:
    """Sums over rows of the loss of (W, b), flattened to k² + k numbers.

    Parameters
    ----------
    table : Table
        Rows with logits, and the weights that count.
    normalised : bool
        Whether z is the log-softmax of the logits.
    anchor : Anchor
        The temperature solution.
    class_weights : float64 array, (k,)
        Weight of the rows of each class.

    Attributes
    ----------
    k : int
        Classes.
    anchor : Anchor
        As given.
    ridge : float64 array, (k,)
        Weight of the ridge on what belongs to each class, beside the summed loss.
    curvature : float64 array, (5, k)
        How the loss bends at the anchor, as `curvature_sums` leaves it.
    """

    def __init__(self, table: Table, *, normalised: bool, anchor: Anchor, class_weights: Floats) -> None:
        k = table.k
        self.k = k
        self._table, self._normalised = table, normalised
        self.anchor = anchor
        self.ridge = np.maximum(ridge_of_classes(class_weights), RIDGE)
        bend = partial(curvature_at, normalised=normalised, temperature=anchor.temperature)
        self.curvature = table.total(bend).reshape(CURVATURE_VECTORS, k)

    def sums(self, natural: Floats) -> Floats:
        """Return weight, loss, wrong weight and the gradient, summed and without penalties."""
        return self._table.total(partial(_sums, normalised=self._normalised, point=self._split(natural)))

    def product(self, natural: Floats, step: Floats) -> Floats:
        """Return the Hessian of the summed loss times a step, without penalties."""
        point, move = self._split(natural), self._split(step)
        return self._table.total(partial(_product, normalised=self._normalised, point=point, step=move))

    def _split(self, natural: Floats) -> tuple[Floats, Floats]:
        """Return Wᵀ, contiguous, and b."""
        size = self.k * self.k
        return np.ascontiguousarray(natural[:size].reshape(self.k, self.k).T), natural[size:]


def _sums(rows: Predictions, engine: Engine, *, normalised: bool, point: tuple[Floats, Floats]) -> Floats:
    logits, labels, weight = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: matrix_sums(start, stop, logits, normalised, labels, weight, *point, out),
        rows.n,
        rows.k,
        MATRIX_HEAD + rows.k * rows.k + rows.k,
    )


def _product(
    rows: Predictions,
    engine: Engine,
    *,
    normalised: bool,
    point: tuple[Floats, Floats],
    step: tuple[Floats, Floats],
) -> Floats:
    logits, labels, weight = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: matrix_product(
            start, stop, logits, normalised, labels, weight, *point, *step, out
        ),
        rows.n,
        rows.k,
        rows.k * rows.k + rows.k,
    )
