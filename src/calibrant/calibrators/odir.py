"""Off-diagonal and intercept regularisation (ODIR) of softmax(W z + b), its strength chosen by log-loss.

Matrix scaling and Dirichlet calibration differ only in what z is; everything else they share is here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators import document
from calibrant.calibrators.affine import AffineLoss
from calibrant.calibrators.anchor import (
    Anchor,
    Unbounded,
    anchor_of,
    check_unbounded,
    refuse_masked,
    unbounded,
)
from calibrant.calibrators.folds import fold_of
from calibrant.calibrators.penalised_affine import PenalisedAffine
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument, UnreadableFile
from calibrant.kernels.matrix import MATRIX_HEAD
from calibrant.predictions import Predictions

STRENGTHS = tuple(float(10.0**power) for power in np.arange(4.0, -3.5, -0.5))
"""What is tried, strongest first, where no strength is given."""

_MOST_CLASSES = 200
_FOLDS = 3
_NEAR = 1e-5
_HOPELESS = 1.01


ManyClasses = Literal["refuse", "allow"]


@dataclass(frozen=True, eq=False, slots=True)
class AffineFit:
    """W (k, k), b (k,), the strength of the penalties, and why the log-loss has no finite optimum, if so."""

    weights: Floats
    biases: Floats
    strength: float
    unbounded: Unbounded | None


def fit_affine(
    predictions: Predictions, *, normalised: bool, strength: float | None, engine: Engine
) -> tuple[AffineFit, float]:
    """Fit W and b; return them and the log-loss.

    Parameters
    ----------
    predictions : Predictions
        n rows, k classes.
    normalised : bool
        Whether z is the log-softmax of the logits.
    strength : float, optional
        λ = μ; None chooses it by the log-loss of three folds, going from strong to weak until that is
        1 % worse than the best.
    engine : Engine
        What runs the sums.
    """
    refuse_masked(predictions)
    anchor = anchor_of(predictions, engine)
    loss = AffineLoss(predictions, normalised=normalised, anchor=anchor, engine=engine)
    start = None
    if strength is None:
        strength, start = _chosen(predictions, normalised=normalised, anchor=anchor, engine=engine)
    penalised = PenalisedAffine(loss, strength)
    natural = penalised.minimum(penalised.start if start is None else start)
    weight, total, wrong = loss.sums(natural)[:MATRIX_HEAD].tolist()
    k = predictions.k
    weights, biases = natural[: k * k].reshape(k, k), natural[k * k :]
    return AffineFit(weights, biases, strength, unbounded(predictions, wrong)), total / weight


def check_strength(strength: float | None) -> float | None:
    """Return a strength that is None or finite and ≥ 0, or raise `InvalidArgument`."""
    if strength is not None and not (math.isfinite(strength) and strength >= 0):
        raise InvalidArgument(f"strength must be finite and at least 0; got {strength!r}.")
    return strength


def check_many_classes(choice: ManyClasses) -> ManyClasses:
    """Return one of the two choices, or raise `InvalidArgument`."""
    if choice not in ("refuse", "allow"):
        raise InvalidArgument(f"many_classes must be 'refuse' or 'allow'; got {choice!r}.")
    return choice


def refuse_many_classes(k: int, choice: ManyClasses) -> None:
    """Raise `InvalidArgument` for more than 200 classes, unless they are allowed."""
    if k > _MOST_CLASSES and choice == "refuse":
        raise InvalidArgument(
            f"{k} classes make {k * k:,} weights to learn, which over-fits and is slow. Use vector scaling, "
            "or allow it with many_classes='allow'."
        )


def encode(fit: AffineFit) -> dict[str, Any]:
    """Return the fit as JSON values."""
    return {
        "weights": document.encode_array(fit.weights),
        "biases": document.encode_array(fit.biases),
        "strength": fit.strength,
        "unbounded": fit.unbounded,
    }


def decode(parameters: Mapping[str, Any]) -> AffineFit:
    """Return the fit that `encode` left, or raise `UnreadableFile`."""
    biases = document.decode_array(parameters, "biases", shape=(None,))
    weights = document.decode_array(parameters, "weights", shape=biases.shape * 2)
    strength = document.number(parameters, "strength")
    if strength is None or strength < 0:
        raise UnreadableFile(f"'strength' must be at least 0; got {strength!r}.")
    return AffineFit(weights, biases, strength, check_unbounded(parameters.get("unbounded")))


class _Fold:
    """One fold's rows held out, the others fitted at one strength after the other."""

    def __init__(
        self,
        predictions: Predictions,
        held_out: Booleans,
        *,
        normalised: bool,
        anchor: Anchor,
        engine: Engine,
    ) -> None:
        weight = _weight(predictions)

        def loss(rows: Booleans) -> AffineLoss:
            return AffineLoss(
                replace(predictions, sample_weight=weight * rows),
                normalised=normalised,
                anchor=replace(anchor, weight=float(weight[rows].sum())),
                engine=engine,
            )

        self._fitted, self._held_out = loss(~held_out), loss(held_out)
        self.natural = PenalisedAffine(self._fitted, STRENGTHS[0]).start

    def held_out_loss(self, strength: float) -> float:
        """Return the summed log-loss of the rows held out, at the fit of the others."""
        self.natural = PenalisedAffine(self._fitted, strength).near(self.natural, _NEAR)
        return float(self._held_out.sums(self.natural)[1])


def _chosen(
    predictions: Predictions, *, normalised: bool, anchor: Anchor, engine: Engine
) -> tuple[float, Floats | None]:
    """Return the best strength and the mean of the folds' fits at it, where there are rows for folds."""
    fold = fold_of(predictions, _FOLDS)
    if (np.bincount(fold, _weight(predictions), minlength=_FOLDS) == 0).any():
        return STRENGTHS[0], None
    folds = [
        _Fold(predictions, fold == held_out, normalised=normalised, anchor=anchor, engine=engine)
        for held_out in range(_FOLDS)
    ]
    best, start, least = STRENGTHS[0], None, np.inf
    with ThreadPoolExecutor(_FOLDS) as pool:
        for strength in STRENGTHS:
            loss = sum(pool.map(_Fold.held_out_loss, folds, [strength] * _FOLDS))
            if loss < least:
                best, least = strength, loss
                start = np.mean([fold.natural for fold in folds], axis=0)
            elif loss > _HOPELESS * least:
                break
    return best, start


def _weight(predictions: Predictions) -> Floats:
    return np.ones(predictions.n) if predictions.sample_weight is None else predictions.sample_weight
