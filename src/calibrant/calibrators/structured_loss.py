"""The penalised log-loss of a structured softmax over some rows, and its minimum.

Which numbers are free and how strongly each is held comes from outside; nothing is chosen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.structured_features import Features, RowFeatures
from calibrant.calibrators.structured_softmax import StructuredSoftmax
from calibrant.engine import Engine
from calibrant.kernels.basis import basis_losses, basis_sums
from calibrant.solvers import Slope, inner, minimise_lbfgs

_LEAST_CURVATURE = 1e-14
_STRONGEST = 1e100
_MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Structure:
    """Which parts of the model are free.

    Attributes
    ----------
    scalars : tuple of str
        Basis functions with a coefficient α of their own, one for all classes.
    diagonal : tuple of str
        Basis functions with a coefficient for every class, D.
    biases : bool
        Whether b is free.
    mixing : str, optional
        The basis function whose features enter every class, M.
    """

    scalars: tuple[str, ...] = ()
    diagonal: tuple[str, ...] = ()
    biases: bool = False
    mixing: str | None = None


@dataclass(frozen=True, slots=True)
class Penalties:
    """Ridges λ |θ|² beside the mean log-loss, on coefficients of features of unit size.

    Attributes
    ----------
    scalar : float
        On the change of every α from the temperature solution.
    diagonal, bias, mixing : float
        On D, b and M.
    """

    scalar: float
    diagonal: float
    bias: float
    mixing: float


@dataclass(frozen=True, eq=False, slots=True)
class _Counted:
    """What the sums over the rows of a part take.

    Attributes
    ----------
    rows : int64 array
        Those that count.
    shared, mixing : float64 array, (n, J k) and (n, m)
        Features.
    labels : int64 array, (n,)
        True classes.
    weight : float64 array, (n,)
        Share of each row in the weight of all that count.
    """

    rows: Integers
    shared: Floats
    mixing: Floats
    labels: Integers
    weight: Floats


class StructuredLoss:
    """Mean log-loss over rows plus the ridges, as a function of the free numbers.

    Parameters
    ----------
    features : Features
        All rows.
    structure : Structure
        What is free; the rest stays at the temperature solution, which is where all free numbers are 0.
    penalties : Penalties
        How strongly the free numbers are held.
    listed : int64 array, optional
        The rows that count, of rows in one part; by default all.
    """

    def __init__(
        self,
        features: Features,
        structure: Structure,
        penalties: Penalties,
        *,
        listed: Integers | None = None,
    ) -> None:
        shared = features.shared
        weight = float(features.rows.total(partial(_weight, listed=listed))[0])
        self._features = features
        self._rows = features.rows.derived(
            partial(_counted, listed=listed, mixing=structure.mixing, weight=weight)
        )
        self._mixing = features.mixing_by(structure.mixing)
        self._scalars = _positions(shared.names, structure.scalars)
        self._diagonal = _positions(shared.names, structure.diagonal)
        curvature = (
            shared.scalar_curvature[self._scalars],
            shared.curvature[self._diagonal].ravel(),
            shared.bias_curvature if structure.biases else np.empty(0),
            self._mixing.curvature.ravel(),
        )
        self._lengths = [part.size for part in curvature]
        strengths = (penalties.scalar, penalties.diagonal, penalties.bias, penalties.mixing)
        self._ridge = 2 * np.repeat(np.minimum(strengths, _STRONGEST), self._lengths)
        self._scale = 1 / np.sqrt(np.concatenate(curvature) + self._ridge + _LEAST_CURVATURE)

    @property
    def size(self) -> int:
        """How many numbers are free."""
        return sum(self._lengths)

    def minimum(self, start: Floats, *, tolerance: float) -> Floats:
        """Return the free numbers at the minimum, where a step would gain less than `tolerance` nats."""
        x = start / self._scale
        for _ in range(_MOST_ROUNDS):
            found = minimise_lbfgs(self._at, start=x, tolerance=tolerance)
            stuck = np.array_equal(found.x, x)  # rounding keeps the value from falling
            x = found.x
            if found.converged or stuck:
                break
        free: Floats = x * self._scale
        return free

    def row_losses(self, free: Floats, rows: Integers) -> Floats:
        """Return the log-loss of listed rows of rows in one part, nats."""
        (losses,) = self._rows.each(partial(_row_losses, rows=rows, point=self._parts(free)))
        return losses

    def model(self, free: Floats) -> StructuredSoftmax:
        """Return the model that these numbers make."""
        slopes, biases, coefficients = self._parts(free)
        shared, mixing = self._features.shared, self._mixing
        named = zip(shared.names, slopes / shared.scales[:, None], strict=True)
        matrices = {mixing.name: mixing.axes @ coefficients / mixing.scale} if mixing.name else {}
        used = {name: array for name, array in named if array.any()}
        return StructuredSoftmax(self._features.temperature, used, matrices, biases)

    def _at(self, x: Floats) -> Slope:
        """Return the loss and its gradient, in numbers scaled to a Hessian near the identity."""
        free = x * self._scale
        point = self._parts(free)
        slopes, k = point[0], self._features.k
        sums = self._rows.total(partial(_sums, point=point))
        own = sums[1 + k : 1 + k + slopes.size].reshape(slopes.shape)
        parts = (
            own[self._scalars].sum(axis=1),
            own[self._diagonal].ravel(),
            sums[1 : 1 + self._lengths[2]],
            sums[1 + k + slopes.size :],
        )
        value = float(sums[0]) + inner(self._ridge, free * free) / 2
        return Slope(value, self._scale * (np.concatenate(parts) + self._ridge * free))

    def _parts(self, free: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the slopes (J, k), the biases (k,) and the coefficients (m, k) of M along its axes."""
        shared, k = self._features.shared, self._features.k
        scalars, diagonal, biases, mixing = np.split(free, np.cumsum(self._lengths)[:-1])
        slopes = np.zeros((len(shared.names), k))
        slopes[0] = shared.scales[0]
        slopes[self._scalars] += scalars[:, None]
        slopes[self._diagonal] += diagonal.reshape(-1, k)
        return slopes, biases if biases.size else np.zeros(k), mixing.reshape(-1, k)


def _weight(rows: RowFeatures, engine: Engine, *, listed: Integers | None) -> Floats:
    return np.array([(rows.weight if listed is None else rows.weight[listed]).sum()])


def _counted(
    rows: RowFeatures, engine: Engine, *, listed: Integers | None, mixing: str | None, weight: float
) -> _Counted:
    counted = np.arange(rows.n) if listed is None else listed
    return _Counted(counted, rows.shared, rows.mixing_by(mixing), rows.labels, rows.weight / weight)


def _sums(counted: _Counted, engine: Engine, *, point: tuple[Floats, Floats, Floats]) -> Floats:
    """Return the loss and its gradient in the biases, the slopes and the coefficients."""
    slopes, biases, coefficients = point
    arguments = (counted.shared, counted.mixing, counted.labels, counted.weight)
    return engine.sum_rows(
        lambda start, stop, out: basis_sums(
            start, stop, counted.rows, *arguments, slopes.ravel(), coefficients, biases, out
        ),
        len(counted.rows),
        counted.shared.shape[1] + len(coefficients),
        1 + len(biases) + slopes.size + coefficients.size,
    )


def _row_losses(
    counted: _Counted, engine: Engine, *, rows: Integers, point: tuple[Floats, Floats, Floats]
) -> Floats:
    slopes, biases, coefficients = point
    out = np.empty(len(counted.labels))
    arguments = (counted.shared, counted.mixing, counted.labels)
    engine.for_rows(
        lambda start, stop: basis_losses(
            start, stop, rows, *arguments, slopes.ravel(), coefficients, biases, out
        ),
        len(rows),
        slopes.size,
    )
    return out[rows]


def _positions(names: tuple[str, ...], wanted: tuple[str, ...]) -> Integers:
    return np.array([names.index(name) for name in wanted], dtype=np.int64)
