"""The candidates of basis scaling, from temperature scaling up: what is free in each, and how it is held.

Their cross-validation is `basis_paths`; how they are joined is `averaging`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from calibrant._typing import Floats, Integers
from calibrant.calibrators.basis_paths import Candidate, FoldPaths, Strength
from calibrant.calibrators.structured_features import Features
from calibrant.calibrators.structured_loss import Structure

SHARED = ("log", "root_log", "probability", "floored_log_0.1", "floored_log_0.01", "entropy_log")
"""Basis functions that stay in their class."""

MIXING = ("log", "root_probability")
"""Basis functions that may enter every class."""

_DIAGONAL = ("log", "floored_log_0.1")
_LINK_STRENGTHS = (1.0, 0.1, 0.01)
_MATRIX_STRENGTHS = {"log": (1.0, 0.3, 0.1), "root_probability": (3.0, 1.0, 0.3)}
_MATRIX_NAMES = {"log": "matrix of log p", "root_probability": "matrix of √p"}


def candidates_of(features: Features, weight: Floats, fold: Integers) -> tuple[FoldPaths, list[Candidate]]:
    """Cross-validate all candidates, the simplest first; return the folds with them.

    The ridge on α is chosen for the link alone and kept for what is built on it.

    Parameters
    ----------
    features : Features
        All n rows in memory; matrices are tried for its mixing features.
    weight : float64 array, (n,)
        Weight of each row.
    fold : int64 array, (n,)
        The fold of each row.
    """
    with ThreadPoolExecutor(int(fold.max()) + 1) as pool:
        paths = FoldPaths(features, weight, fold, pool)
        candidates = paths.along("temperature", 0, Structure(("log",)), [Strength(_LINK_STRENGTHS[-1])])
        candidates += paths.along("link", 1, Structure(SHARED), _strengths(_LINK_STRENGTHS))
        scalar = candidates[-1].strength.scalar
        diagonal = paths.along("diagonal", 2, Structure(SHARED, _DIAGONAL, biases=True), [Strength(scalar)])
        candidates += diagonal
        for mixing in features.mixing:
            structure = Structure(SHARED, _DIAGONAL, biases=True, mixing=mixing)
            strengths = [Strength(scalar, step) for step in _MATRIX_STRENGTHS[mixing]]
            candidates += paths.along(_MATRIX_NAMES[mixing], 3, structure, strengths, diagonal[0].fits)
    return paths, candidates


def _strengths(scalars: Sequence[float]) -> list[Strength]:
    return [Strength(scalar) for scalar in scalars]
