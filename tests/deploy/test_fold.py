"""A folded layer says what the wrapped network says, and the network given stays as it is."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn

from calibrant.calibrators import TemperatureScaling, calibrator
from calibrant.deploy import CalibratedModel, fold
from calibrant.deploy.fold import FOLDED
from calibrant.errors import InvalidArgument
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.predictions import Predictions


def rows_of(net: nn.Module, inputs: torch.Tensor, seed: int) -> Predictions:
    """Logits of a net, with labels that are right less often than it is sure."""
    with torch.no_grad():
        logits = net(inputs).numpy() * 3
    wide = logits if logits.shape[1] > 1 else np.concatenate((np.zeros_like(logits), logits), axis=1)
    noise = np.random.default_rng(seed).gumbel(size=wide.shape)
    return Predictions.from_logits(logits, (wide / 3 + noise).argmax(axis=1))


@pytest.mark.parametrize(
    ("method", "outputs"),
    [(method, outputs) for method in FOLDED for outputs in (1, 2, 5) if method != "platt" or outputs < 5],
)
def test_it_says_what_the_wrapped_network_says(method: str, outputs: int) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, outputs))
    inputs = torch.randn(200, 6)
    with torch.no_grad():
        net[2].weight *= 3
    found = calibrator(method).fit(rows_of(net, inputs, 0))
    before = deepcopy(net.state_dict())
    with torch.no_grad():
        logits = fold(net, found)(inputs)
        wrapped = CalibratedModel(net, found)(inputs)
    probs = torch.softmax(logits, dim=1) if outputs > 1 else torch.sigmoid(logits)
    assert probs[:, -1].numpy() == pytest.approx(wrapped[:, -1].numpy(), abs=1e-6)
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())


@pytest.mark.parametrize("name", ["lenet5", "cifar-resnet", "timm/resnet18"])
def test_a_net_of_the_recipes_is_folded(name: str) -> None:
    net = build(NetSpec(name=name), classes=2, channels=3, image_size=32, seed=0).eval()
    images = torch.randn(4, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(fold(net, TemperatureScaling(2.0))(images), net(images) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("net", "method", "message"),
    [
        (nn.Linear(3, 2), "beta", "beta is no affine map .* temperature, vector, matrix"),
        (nn.Linear(3, 4), "platt", "fitted on 2 classes, and the network ends in 4"),
        (nn.Linear(3, 4), "vector", "fitted on 2 classes, and the network ends in 4"),
        (nn.Sequential(nn.Linear(3, 2), nn.Tanh()), "vector", "does not end in one linear layer"),
    ],
)
def test_what_cannot_be_folded(net: nn.Module, method: str, message: str) -> None:
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(100, 2)), generator.integers(0, 2, 100))
    with pytest.raises(InvalidArgument, match=message):
        fold(net, calibrator(method).fit(rows))


def test_platt_scaling_of_more_than_two_classes_is_not_affine() -> None:
    rows = rows_of(nn.Linear(3, 4), torch.randn(200, 3, generator=torch.Generator().manual_seed(0)), 0)
    with pytest.raises(InvalidArgument, match="platt of more than two classes is no affine map"):
        fold(nn.Linear(3, 4), calibrator("platt").fit(rows))
