"""Which calibrators are formulas of the logits, and the head of each; one entry is one method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import nn

from calibrant.calibrators import Calibrator
from calibrant.deploy.facts import chosen
from calibrant.deploy.heads.affine import AffineHead, ScaledHead
from calibrant.deploy.heads.mixture import MixtureHead
from calibrant.deploy.heads.of_probabilities import OfProbabilities
from calibrant.deploy.heads.one_vs_rest import BetaFeatures, LinearFeatures, LogisticHead, QuadraticFeatures
from calibrant.deploy.heads.structured import StructuredHead
from calibrant.deploy.heads.unmasked import Unmasked
from calibrant.errors import IncompatiblePredictions

FORMULAS: dict[str, Callable[[Any], nn.Module]] = {
    "identity": lambda fitted: ScaledHead(1.0, 0.0),
    "temperature": lambda fitted: ScaledHead(1.0 / fitted.temperature_, 0.0),
    "vector": lambda fitted: ScaledHead(fitted.slopes_, fitted.biases_),
    "matrix": lambda fitted: AffineHead(fitted.weights_, fitted.biases_),
    "dirichlet": lambda fitted: AffineHead(fitted.weights_, fitted.biases_, normalised=True),
    "platt": lambda fitted: LogisticHead(
        LinearFeatures(), np.stack((fitted.slopes_, fitted.intercepts_), axis=1)
    ),
    "beta": lambda fitted: LogisticHead(BetaFeatures(), fitted.coefficients_),
    "quadratic": lambda fitted: LogisticHead(QuadraticFeatures(fitted.ranges_), fitted.coefficients_),
    "ensemble_temperature": lambda fitted: MixtureHead(fitted.temperature_, np.array(fitted.weights_)),
    "structured_vector": lambda fitted: StructuredHead(fitted.model_),
    "structured_matrix": lambda fitted: StructuredHead(fitted.model_),
    "basis": lambda fitted: StructuredHead(fitted.model_),
}
"""From a fitted calibrator of the method to its head."""

_MASKING = ("identity", "temperature", "ensemble_temperature")
"""Methods that leave a class without probability, one whose logit is −∞, out; the others refuse it."""


def head_of(calibrator: Calibrator) -> nn.Module:
    """Return the module that maps logits, float64 (n, k), to calibrated probabilities.

    Raises
    ------
    NotFitted
        The calibrator is not fitted.
    IncompatiblePredictions
        The method is not a formula of the logits.
    """
    used = chosen(calibrator)
    make = FORMULAS.get(used.method)
    if make is None:
        raise IncompatiblePredictions(
            f"{used.method} cannot be part of a network: it is looked up in what it saw of its validation "
            f"rows, or there is no head for its formula. Methods that can: {', '.join(FORMULAS)}."
        )
    used.parameters()  # raises NotFitted where there is nothing yet
    head = make(used)
    if calibrator.bound_to == "probs":
        head = OfProbabilities(head)
    elif used.method not in _MASKING:
        head = Unmasked(head)
    head.requires_grad_(False)
    return head.eval()
