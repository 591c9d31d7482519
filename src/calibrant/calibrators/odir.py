"""Off-diagonal and intercept regularisation (ODIR) of softmax(W z + b): what is fitted, and its stored form.

The strength of the penalties is chosen in `odir_strength`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.calibrators.affine import AffineLoss
from calibrant.calibrators.anchor import (
    Unbounded,
    anchor_of,
    check_unbounded,
    largest_logit,
    refuse_masked_parts,
    resolved,
    unbounded,
)
from calibrant.calibrators.odir_strength import choose_strength
from calibrant.calibrators.penalised_affine import PenalisedAffine
from calibrant.errors import InvalidArgument, UnreadableFile
from calibrant.kernels.matrix import MATRIX_HEAD
from calibrant.predictions import Table
from calibrant.printable import shown

MOST_CLASSES = 200
_STEEPEST = 1e4

ManyClasses = Literal["refuse", "allow"]


@dataclass(frozen=True, eq=False, slots=True)
class AffineFit:
    """W (k, k), b (k,), the strength of the penalties, and why the log-loss has no finite optimum, if so."""

    weights: Floats
    biases: Floats
    strength: float
    unbounded: Unbounded | None


def fit_affine(table: Table, *, normalised: bool, strength: float | None) -> tuple[AffineFit, float]:
    """Fit W and b; return them and the log-loss.

    Parameters
    ----------
    table : Table
        n rows, k classes; in one part where the strength is to be chosen.
    normalised : bool
        Whether z is the log-softmax of the logits.
    strength : float, optional
        λ = μ; None chooses it by the log-loss of three folds, going from strong to weak until that is
        0.5 % worse than the best.
    """
    refuse_masked_parts(table)
    table = table.with_logits()
    largest = math.log(table.k) if normalised else largest_logit(table)
    anchor = resolved(anchor_of(table), largest, _STEEPEST)
    class_weights = table.class_weights()
    loss = AffineLoss(table, normalised=normalised, anchor=anchor, class_weights=class_weights)
    start = None
    if strength is None:
        rows = table.only_part("choosing the strength of the penalties")
        strength, start = choose_strength(rows, normalised=normalised, anchor=anchor, engine=table.engine)
    penalised = PenalisedAffine(loss, strength)
    natural = penalised.minimum(penalised.start if start is None else start)
    weight, total, wrong = loss.sums(natural)[:MATRIX_HEAD].tolist()
    k = table.k
    weights, biases = natural[: k * k].reshape(k, k), natural[k * k :]
    return AffineFit(weights, biases, strength, unbounded(class_weights, wrong)), total / weight


def check_strength(strength: float | None) -> float | None:
    """Return a strength that is None or finite and ≥ 0, or raise `InvalidArgument`."""
    if strength is not None and not (math.isfinite(strength) and strength >= 0):
        raise InvalidArgument(f"strength must be finite and at least 0; got {shown(repr(strength))}.")
    return strength


def check_many_classes(choice: ManyClasses) -> ManyClasses:
    """Return one of the two choices, or raise `InvalidArgument`."""
    if choice not in ("refuse", "allow"):
        raise InvalidArgument(f"many_classes must be 'refuse' or 'allow'; got {shown(repr(choice))}.")
    return choice


def refuse_many_classes(k: int, choice: ManyClasses) -> None:
    """Raise `InvalidArgument` for more than 200 classes, unless they are allowed."""
    if k > MOST_CLASSES and choice == "refuse":
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
    if len(biases) < 2:
        raise UnreadableFile(f"'biases' must have at least 2 numbers; got {len(biases)}.")
    strength = document.number(parameters, "strength")
    if strength is None or strength < 0:
        raise UnreadableFile(f"'strength' must be at least 0; got {shown(repr(strength))}.")
    return AffineFit(weights, biases, strength, check_unbounded(parameters.get("unbounded")))
