"""The loss of one logistic regression as sums over rows, and with its ridge.

Where the columns and the ridge come from is the business of `logistic`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.kernels.logistic import LOGISTIC_HEAD, logistic_sums
from calibrant.solvers import Quadratic


@dataclass(frozen=True, eq=False, slots=True)
class LogisticRows:
    """Rows as the loss takes them.

    Attributes
    ----------
    columns : float64 array, (n, m)
        What the coefficients are multiplied by.
    targets : float64 array, (n,)
        What the regression aims at, in 0..1.
    weight : float64 array, (n,) or (0,)
        Weight of each row; empty for 1.
    """

    columns: Floats
    targets: Floats
    weight: Floats

    def sums(self, engine: Engine, coefficients: Floats) -> Floats:
        """Return weight, loss, wrong weight, gradient and Hessian, summed and without the ridge."""
        n, m = self.columns.shape
        return engine.sum_rows(
            lambda start, stop, out: logistic_sums(
                start, stop, self.columns, self.targets, self.weight, coefficients, out
            ),
            n,
            m,
            LOGISTIC_HEAD + m + m * m,
        )


@dataclass(frozen=True, eq=False, slots=True)
class LogisticLoss:
    """Mean log-loss + Σ ridge · (θ - centre)² / 2 over the summed weight.

    Attributes
    ----------
    ridge, centre : float64 array, (m,)
        How strongly each coefficient is held, and where.
    """

    ridge: Floats
    centre: Floats

    def at(self, coefficients: Floats, sums: Floats) -> Quadratic:
        """Return value, gradient and Hessian, given the sums over all rows."""
        m = len(coefficients)
        change = coefficients - self.centre
        weight = sums[0]
        return Quadratic(
            float(sums[1] + self.ridge @ (change * change) / 2) / weight,
            (sums[LOGISTIC_HEAD : LOGISTIC_HEAD + m] + self.ridge * change) / weight,
            (sums[LOGISTIC_HEAD + m :].reshape(m, m) + np.diag(self.ridge)) / weight,
        )
