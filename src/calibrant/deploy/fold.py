"""`fold`: calibration written into the last layer of a network, which then costs nothing."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from calibrant._typing import Floats
from calibrant.calibrators import Calibrator
from calibrant.deploy.compared import MOST_OF_A_NETWORK
from calibrant.deploy.facts import chosen
from calibrant.deploy.logit_layer import WAY_OUT, logit_layer
from calibrant.deploy.model import CalibratedModel, both_logits
from calibrant.errors import InvalidArgument

FOLDED = ("identity", "temperature", "vector", "matrix", "platt")
"""Methods that are an affine map of the logits; Platt scaling is one of two classes' only."""


def fold(
    model: nn.Module, calibrator: Calibrator, *, layer: str | None = None, example: Tensor | None = None
) -> nn.Module:
    """Return a copy of a network whose softmax (or sigmoid) is calibrated.

    Parameters
    ----------
    model : nn.Module
        A network that ends in one linear layer of k outputs, or of one for two classes: such a layer, a
        sequence, or a network of this package or of timm. It is not changed.
    calibrator : Calibrator
        Fitted on its logits: temperature, vector or matrix scaling, or Platt scaling of two classes.
        Temperature and Platt scaling may have been fitted on its probabilities.
    layer : str, optional
        Name of the layer that makes the logits (``"fc"``), for networks of which that is not known. That its
        outputs are the logits is then the caller's word, which `example` puts to the test.
    example : Tensor, optional
        A batch on which the copy is compared with ``CalibratedModel(model, calibrator)``, in evaluation mode.

    Raises
    ------
    InvalidArgument
        The network ends in something else, or it is not known in what; it cannot be copied; another number of
        classes was fitted; the method is no affine map of the logits, or this one of log-probabilities; or
        the copy says something else on the example.

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
    if calibrator.bound_to == "probs":
        raise InvalidArgument(
            f"this {fitted.method} calibrator was fitted on probabilities, whose logarithms no linear layer "
            f"makes. Fit it on the network's logits. {WAY_OUT}"
        )
    name = logit_layer(model, layer)
    folded = _copied(model)
    _write(folded.get_submodule(name), fitted, calibrator)
    if example is not None:
        _check(folded, model, calibrator, example)
    return folded


def _copied(model: nn.Module) -> nn.Module:
    try:
        return deepcopy(model)
    except (
        RuntimeError,
        TypeError,
    ) as error:  # weights made before each use, or foreign objects
        raise InvalidArgument(f"this network cannot be copied: {error}. {WAY_OUT}") from error


def _write(layer: nn.Module, fitted: Calibrator, calibrator: Calibrator) -> None:
    """Put the calibration into a linear layer, in place."""
    assert isinstance(layer, nn.Linear)
    outputs, record = max(layer.out_features, 2), calibrator.fitted_on_
    if record is not None and record.k != outputs:
        raise _other_classes(record.k, outputs)
    matrix, biases = _affine(fitted, outputs)
    if layer.out_features == 1:
        # One logit z stands for (0, z): what counts is the difference of the two new scores.
        matrix, biases = matrix[1:, 1:] - matrix[:1, 1:], biases[1:] - biases[:1]
    old, bias = layer.weight, layer.bias
    factor, offset = (torch.tensor(numbers, device=old.device) for numbers in (matrix, biases))
    weight = factor @ old.detach().double()
    if bias is not None:
        offset = offset + factor @ bias.detach().double()
    layer.weight = nn.Parameter(weight.to(old.dtype), requires_grad=old.requires_grad)
    if bias is not None or biases.any():
        layer.bias = nn.Parameter(offset.to(old.dtype), requires_grad=old.requires_grad)


def _check(folded: nn.Module, model: nn.Module, calibrator: Calibrator, example: Tensor) -> None:
    """Compare the copy with the network and its calibrator side by side."""
    wrapped = CalibratedModel(deepcopy(model), calibrator).eval()
    with torch.inference_mode():
        said = torch.softmax(both_logits(deepcopy(folded).eval()(example)).double(), dim=1)
        difference = (said - wrapped(example)).abs().max().item()
    if not difference <= MOST_OF_A_NETWORK:
        raise InvalidArgument(
            "with the calibration in that layer the network says something else than with it behind: up to "
            f"{difference:.2g} on the example. Another layer makes its logits. {WAY_OUT}"
        )


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
        raise _other_classes(len(biases), k)
    return matrix, biases


def _other_classes(fitted: int, k: int) -> InvalidArgument:
    return InvalidArgument(f"the calibrator was fitted on {fitted} classes, and the network ends in {k}.")
