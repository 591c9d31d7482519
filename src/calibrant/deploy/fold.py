"""`fold`: calibration written into the last layer of a network, which then costs nothing."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch
from torch import nn

from calibrant._typing import Floats
from calibrant.calibrators import Calibrator
from calibrant.deploy.facts import chosen
from calibrant.errors import InvalidArgument
from calibrant.nets.last_layer import last_layer

FOLDED = ("identity", "temperature", "vector", "matrix", "platt")
"""Methods that are an affine map of the logits; Platt scaling is one of two classes' only."""


def fold(model: nn.Module, calibrator: Calibrator) -> nn.Module:
    """Return a copy of a network whose softmax (or sigmoid) is calibrated.

    Parameters
    ----------
    model : nn.Module
        A network that ends in one linear layer of k outputs, or of one for two classes. It is not changed.
    calibrator : Calibrator
        Fitted on its logits: temperature, vector or matrix scaling, or Platt scaling of two classes.

    Raises
    ------
    InvalidArgument
        The network ends in something else, another number of classes was fitted, or the method is no affine
        map of the logits.

    Notes
    -----
    With z = V x + c the logits, the layer becomes (W V) x + (W c + b). Platt scaling of two classes has the
    log-odds a (z₁ − z₀) + b, half of which each class takes, with its sign.

    Examples
    --------
    >>> from calibrant import TemperatureScaling
    >>> net = nn.Linear(3, 2)
    >>> folded = fold(net, TemperatureScaling(2.0))
    >>> bool(torch.allclose(folded.weight, net.weight / 2))
    True
    """
    fitted = chosen(calibrator)
    if not _is_affine(fitted):
        raise InvalidArgument(
            f"{_named(fitted)} is no affine map of the logits, so no linear layer can hold it. Methods that "
            f"can be folded: {', '.join(FOLDED)} (of two classes). CalibratedModel takes the others."
        )
    folded = deepcopy(model)
    layer = _linear_end(folded)
    matrix, biases = _affine(fitted, max(layer.out_features, 2))
    if layer.out_features == 1:
        # One logit z stands for (0, z): what counts is the difference of the two new scores.
        matrix, biases = matrix[1:, 1:] - matrix[:1, 1:], biases[1:] - biases[:1]
    weight = torch.tensor(matrix) @ layer.weight.detach().double()
    offset = torch.tensor(biases)
    if layer.bias is not None:
        offset = offset + torch.tensor(matrix) @ layer.bias.detach().double()
    layer.weight = nn.Parameter(weight.to(layer.weight.dtype), requires_grad=layer.weight.requires_grad)
    layer.bias = nn.Parameter(offset.to(layer.weight.dtype), requires_grad=layer.weight.requires_grad)
    return folded


def _is_affine(fitted: Calibrator) -> bool:
    return fitted.method in FOLDED and (fitted.method != "platt" or _is_binary(fitted))


def _is_binary(fitted: Calibrator) -> bool:
    """Return whether there is one curve, which two classes share."""
    return bool(fitted.parameters()) and len(getattr(fitted, "slopes_")) == 1  # noqa: B009


def _named(fitted: Calibrator) -> str:
    return "platt of more than two classes" if fitted.method == "platt" else fitted.method


def _affine(fitted: Calibrator, k: int) -> tuple[Floats, Floats]:
    """Return W and b."""
    values = fitted.parameters() and fitted
    matrix, biases = np.eye(k), np.zeros(k)
    if fitted.method == "temperature":
        matrix = matrix / getattr(values, "temperature_")  # noqa: B009
    elif fitted.method == "vector":
        matrix, biases = np.diag(getattr(values, "slopes_")), getattr(values, "biases_")  # noqa: B009
    elif fitted.method == "matrix":
        matrix, biases = getattr(values, "weights_"), getattr(values, "biases_")  # noqa: B009
    elif fitted.method == "platt":
        (slope,), (intercept,) = getattr(values, "slopes_"), getattr(values, "intercepts_")  # noqa: B009
        matrix = slope / 2 * np.array([[1.0, -1.0], [-1.0, 1.0]])
        biases = intercept / 2 * np.array([-1.0, 1.0])
    if len(biases) != k:
        raise InvalidArgument(
            f"the calibrator was fitted on {len(biases)} classes, and the network ends in {k}."
        )
    return matrix, biases


def _linear_end(model: nn.Module) -> nn.Linear:
    if isinstance(model, nn.Linear):
        return model
    for name in _end_names(model):
        found = model.get_submodule(name)
        if isinstance(found, nn.Linear):
            return found
    raise InvalidArgument(
        "the network does not end in one linear layer, so there is nothing to fold into. "
        "CalibratedModel(model, calibrator) works for any network."
    )


def _end_names(model: nn.Module) -> tuple[str, ...]:
    """Return the name of the layer that makes the logits, where it is one of ours, timm's or a sequence's."""
    if isinstance(model, nn.Sequential):
        names = [name for name, _ in model.named_children()]
        return (names[-1],) if names else ()
    names = [name for name in last_layer(model) if name in dict(model.named_modules())]
    return tuple(names) if len(names) == 1 else ()
