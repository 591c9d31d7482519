"""The features of a set of rows, scaled to unit size, with the curvature of the loss along each.

They are made once and shared by all fits on subsets of the rows; no number of a model is fitted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.basis_functions import BASIS_FUNCTIONS, log_probs_of
from calibrant.engine import Engine
from calibrant.kernels.product import add_product
from calibrant.predictions import Derived, Predictions, Table


@dataclass(frozen=True, eq=False, slots=True)
class SharedSpace:
    """Features that stay in their class: J basis functions of k columns each.

    Attributes
    ----------
    names : tuple of str
        The J basis functions; "log" comes first.
    scales : float64 array, (J,)
        Root mean square of each, which it is divided by.
    scalar_curvature : float64 array, (J,)
        Second derivative of the mean log-loss at the temperature solution, in one coefficient a function.
    curvature : float64 array, (J, k)
        The same, in one coefficient a function and class.
    bias_curvature : float64 array, (k,)
        The same, in the biases.
    """

    names: tuple[str, ...]
    scales: Floats
    scalar_curvature: Floats
    curvature: Floats
    bias_curvature: Floats


@dataclass(frozen=True, eq=False, slots=True)
class MixingSpace:
    """Features that enter every class, along the principal axes of the curvature.

    Along them the Hessian of the loss is nearly diagonal, and a ridge on the coefficients stays what it is.

    Attributes
    ----------
    name : str
        The basis function.
    scale : float
        Root mean square, which it is divided by.
    axes : float64 array, (k, m)
        Orthonormal columns; m is k, or 0 where no feature enters every class.
    curvature : float64 array, (m, k)
        Second derivative of the mean log-loss at the temperature solution, along each axis for each class.
    """

    name: str
    scale: float
    axes: Floats
    curvature: Floats


@dataclass(frozen=True, eq=False, slots=True)
class RowFeatures:
    """Rows as structured losses take them: all n of them, or those of a part.

    Attributes
    ----------
    labels : int64 array, (n,)
        True classes.
    weight : float64 array, (n,)
        Weight of each row.
    shared : float64 array, (n, J k)
        The scaled features that stay in their class.
    mixing : dict of str to float64 array, (n, m)
        The scaled features that enter every class, along the axes, by basis function.
    """

    labels: Integers
    weight: Floats
    shared: Floats
    mixing: Mapping[str, Floats]

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.labels)

    def mixing_by(self, name: str | None) -> Floats:
        """Return the mixing features of a basis function, or none at all, (n, 0)."""
        return np.empty((self.n, 0)) if name is None else self.mixing[name]


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """What all rows together say of the features, and the features of each row.

    Attributes
    ----------
    temperature : float
        T of temperature scaling, at which the log-probabilities are taken.
    shared : SharedSpace
        Features that stay in their class.
    mixing : dict of str to MixingSpace
        Features that enter every class, by basis function.
    weight : float
        Summed weight of the rows.
    rows : Derived of RowFeatures
        The rows.
    """

    temperature: float
    shared: SharedSpace
    mixing: Mapping[str, MixingSpace]
    weight: float
    rows: Derived[RowFeatures]

    @property
    def k(self) -> int:
        """Number of classes."""
        return len(self.shared.bias_curvature)

    def mixing_by(self, name: str | None) -> MixingSpace:
        """Return the space of the mixing features of a basis function, or that of none."""
        if name is not None:
            return self.mixing[name]
        return MixingSpace("", 1.0, np.empty((self.k, 0)), np.empty((0, self.k)))


def features_of(
    table: Table, temperature: float, *, shared: Sequence[str], mixing: Sequence[str]
) -> Features:
    """Evaluate basis functions on canonical rows, at a temperature.

    Parameters
    ----------
    table : Table
        Rows in canonical order, each with its weight.
    temperature : float
        T of temperature scaling.
    shared, mixing : sequence of str
        Names of basis functions; the first shared one is "log".
    """
    weight = float(table.total(_weight)[0])
    raw = table.derived(partial(_log_probs, temperature=temperature, weight=weight))
    names = tuple(dict.fromkeys((*shared, *mixing)))
    squares = raw.total(partial(_squares, names=names)) / table.k
    scales = {name: float(np.sqrt(square)) or 1.0 for name, square in zip(names, squares, strict=True)}
    axes = {name: _axes(raw.total(partial(_products, name=name, scale=scales[name]))) for name in mixing}
    scaled = raw.derived(partial(_scaled, shared=tuple(shared), scales=scales, axes=axes))
    curvature = scaled.total(partial(_shared_curvature, functions=len(shared)))
    scalar, own, bias = np.split(curvature, [len(shared), len(shared) * (1 + table.k)])
    return Features(
        temperature,
        SharedSpace(
            tuple(shared),
            np.array([scales[name] for name in shared]),
            np.maximum(scalar, 0.0),
            own.reshape(-1, table.k),
            bias,
        ),
        {
            name: MixingSpace(
                name, scales[name], axes[name], scaled.total(partial(_mixing_curvature, name=name))
            )
            for name in mixing
        },
        weight,
        scaled.derived(_features_alone),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _LogProbs:
    """Log-probabilities, probabilities, their variance and the share of the weight, of each row."""

    labels: Integers
    weight: Floats
    log_probs: Floats
    probs: Floats
    spread: Floats
    share: Floats


@dataclass(frozen=True, eq=False, slots=True)
class _Scaled:
    """The features of the rows of a part, beside what they were made of."""

    raw: _LogProbs
    features: RowFeatures


def _weight(rows: Predictions, engine: Engine) -> Floats:
    assert rows.sample_weight is not None
    return np.array([rows.sample_weight.sum()])


def _log_probs(rows: Predictions, engine: Engine, *, temperature: float, weight: float) -> _LogProbs:
    assert rows.sample_weight is not None
    share = rows.sample_weight / weight
    log_probs = log_probs_of(rows.logits(), temperature)
    probs = np.exp(log_probs)
    spread = probs * (1 - probs) * share[:, None]
    return _LogProbs(rows.labels, rows.sample_weight, log_probs, probs, spread, share)


def _squares(raw: _LogProbs, engine: Engine, *, names: Sequence[str]) -> Floats:
    """Return Σ over rows of share · Σ over classes of the squared feature, for each basis function."""
    features = (BASIS_FUNCTIONS[name](raw.log_probs) for name in names)
    return np.array([raw.share @ np.einsum("nc,nc->n", feature, feature) for feature in features])


def _products(raw: _LogProbs, engine: Engine, *, name: str, scale: float) -> Floats:
    feature = BASIS_FUNCTIONS[name](raw.log_probs) / scale
    return _product((feature * raw.spread.mean(axis=1)[:, None]).T, feature)


def _axes(products: Floats) -> Floats:
    axes: Floats = np.linalg.eigh(products)[1]
    return axes


def _scaled(
    raw: _LogProbs,
    engine: Engine,
    *,
    shared: Sequence[str],
    scales: Mapping[str, float],
    axes: Mapping[str, Floats],
) -> _Scaled:
    n, k = raw.log_probs.shape
    values = np.empty((n, len(shared), k))
    for j, name in enumerate(shared):
        values[:, j] = BASIS_FUNCTIONS[name](raw.log_probs) / scales[name]
    mixing = {
        name: _product(BASIS_FUNCTIONS[name](raw.log_probs) / scales[name], turn)
        for name, turn in axes.items()
    }
    return _Scaled(raw, RowFeatures(raw.labels, raw.weight, values.reshape(n, -1), mixing))


def _shared_curvature(scaled: _Scaled, engine: Engine, *, functions: int) -> Floats:
    """Return the curvature in one coefficient a function, in one a function and class, and in the biases."""
    raw = scaled.raw
    n, k = raw.log_probs.shape
    features = scaled.features.shared.reshape(n, functions, k)
    scalar, own = np.empty(functions), np.empty((functions, k))
    for j in range(functions):
        feature = np.ascontiguousarray(features[:, j])
        mean = np.einsum("nc,nc->n", raw.probs, feature)
        second = np.einsum("nc,nc,nc->n", raw.probs, feature, feature)
        scalar[j] = raw.share @ (second - mean * mean)
        own[j] = np.einsum("nc,nc,nc->c", raw.spread, feature, feature)
    return np.concatenate((scalar, own.ravel(), raw.spread.sum(axis=0)))


def _mixing_curvature(scaled: _Scaled, engine: Engine, *, name: str) -> Floats:
    values = scaled.features.mixing[name]
    return _product((values * values).T, scaled.raw.spread)


def _features_alone(scaled: _Scaled, engine: Engine) -> RowFeatures:
    return scaled.features


def _product(left: Floats, right: Floats) -> Floats:
    """Return left @ right, the same bits for any number of the BLAS's threads."""
    product = np.zeros((len(left), right.shape[1]))
    add_product(np.ascontiguousarray(left), np.ascontiguousarray(right), product)
    return product
