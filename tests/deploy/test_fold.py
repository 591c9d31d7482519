"""A folded layer says what the wrapped network says, and the network given stays as it is."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from calibrant.calibrators import Calibrator, TemperatureScaling, calibrator
from calibrant.deploy import CalibratedModel, fold
from calibrant.deploy.fold import FOLDED
from calibrant.errors import InvalidArgument
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.predictions import Predictions


class Cosine(nn.Linear):
    """A layer that looks linear and is not."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(nn.functional.normalize(inputs), nn.functional.normalize(self.weight))


class Squashed(nn.Sequential):
    """A sequence that does something after its last layer."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.tanh(super().forward(inputs))


class Named(nn.Module):
    """A network like torchvision's: the layer `fc` makes the logits, and `logits` does not."""

    def __init__(self) -> None:
        super().__init__()
        self.logits, self.fc = nn.Linear(6, 8), nn.Linear(8, 4)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.fc(torch.relu(self.logits(inputs)))
        return logits


def hooked(module: nn.Module) -> nn.Module:
    module.register_forward_hook(lambda module, inputs, output: output * 2)
    return module


def patched(module: nn.Module) -> nn.Module:
    forward = module.forward
    module.forward = lambda inputs: torch.tanh(forward(inputs))  # type: ignore[method-assign]
    return module


def before_each_use(module: nn.Module) -> nn.Module:
    """Compute the weight before each use, as PyTorch did before it had parametrizations."""
    layer = module.fc if isinstance(module, Named) else module
    with warnings.catch_warnings(action="ignore"):  # that it is the old way
        nn.utils.weight_norm(layer)
    layer(torch.zeros(1, layer.in_features))  # type: ignore[arg-type]
    return module


def rows_of(net: nn.Module, inputs: torch.Tensor, seed: int) -> Predictions:
    """Logits of a net, with labels that are right less often than it is sure."""
    with torch.no_grad():
        logits = net(inputs).numpy() * 3
    wide = logits if logits.shape[1] > 1 else np.concatenate((np.zeros_like(logits), logits), axis=1)
    noise = np.random.default_rng(seed).gumbel(size=wide.shape)
    return Predictions.from_logits(logits, (wide / 3 + noise).argmax(axis=1))


VECTOR = calibrator("vector").fit(
    Predictions.from_logits(
        np.random.default_rng(0).normal(size=(100, 4)), np.random.default_rng(1).integers(0, 4, 100)
    )
)


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
        (
            nn.Sequential(nn.Linear(3, 2), nn.Tanh()),
            "vector",
            "does not end in one plain .*1 is Tanh",
        ),
        (nn.Linear(3, 5), "temperature", "fitted on 2 classes, and the network ends in 5"),
        (nn.Sequential(weight_norm(nn.Linear(3, 2))), "vector", "0 is ParametrizedLinear with hooks or"),
        (nn.Sequential(Cosine(3, 2)), "vector", "0 is Cosine with hooks or a forward of its own"),
        (nn.Sequential(hooked(nn.Linear(3, 2))), "vector", "0 is Linear with hooks"),
        (nn.Sequential(twice := nn.Linear(2, 2), twice), "vector", "'1' is used more than once"),
        (nn.Sequential(before_each_use(nn.Linear(3, 2))), "vector", "0 is Linear with hooks"),
        (patched(nn.Linear(3, 2)), "vector", "it is Linear with hooks or a forward of its own"),
        (hooked(nn.Sequential(nn.Linear(3, 2))), "vector", "the network has hooks .*say so: layer='0'"),
        (nn.Sequential(patched(nn.Sequential(nn.Linear(3, 2)))), "vector", "^0 has hooks or a forward"),
        (before_each_use(Named()), "vector", "which layer .* cannot be told"),
        (Squashed(nn.Linear(3, 2)), "vector", "which layer .* cannot be told.*Name it with layer="),
    ],
)
def test_what_cannot_be_folded(net: nn.Module, method: str, message: str) -> None:
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(100, 2)), generator.integers(0, 2, 100))
    with pytest.raises(InvalidArgument, match=message):
        fold(net, calibrator(method).fit(rows))


@pytest.mark.parametrize("method", ["identity", "temperature", "vector", "matrix"])
def test_fitted_on_probabilities_only_what_ignores_the_level_is_folded(method: str) -> None:
    net, inputs = nn.Linear(3, 4), torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    rows = rows_of(net, inputs, 0)
    found = calibrator(method).fit(rows.with_scores(rows.probs(), "probs"))
    if found.level_counts:
        with pytest.raises(InvalidArgument, match=f"this {method} calibrator was fitted on probabilities"):
            fold(net, found)
    else:
        assert isinstance(fold(net, found, example=inputs), nn.Linear)


def test_what_cannot_be_copied_is_said_to_be_so() -> None:
    net = before_each_use(Named())
    with pytest.raises(InvalidArgument, match="cannot be copied: Only Tensors created explicitly"):
        fold(nn.Sequential(net, nn.Linear(4, 4)), TemperatureScaling(2.0))


def test_hooks_above_a_layer_that_is_named_are_the_callers_word() -> None:
    net, seen = nn.Sequential(nn.Linear(3, 4)), list[nn.Module]()
    net.register_forward_hook(lambda module, inputs, output: seen.append(module))
    inputs = torch.randn(5, 3)
    folded = fold(net, TemperatureScaling(2.0), layer="0", example=inputs)
    assert torch.allclose(folded(inputs), net(inputs) / 2)
    hooked(net)
    with pytest.raises(InvalidArgument, match="says something else"):
        fold(net, VECTOR, layer="0", example=inputs)


def test_a_layer_without_biases_gets_none_that_are_zero() -> None:
    net = nn.Sequential(nn.Linear(3, 4, bias=False))
    assert set(fold(net, TemperatureScaling(2.0)).state_dict()) == {"0.weight"}
    assert set(fold(net, VECTOR).state_dict()) == {"0.weight", "0.bias"}


@pytest.mark.parametrize(
    ("net", "fitted", "message"),
    [
        (nn.Linear(3, 4), 2.0, r"a fitted calibrator, such as TemperatureScaling\(2.0\); got float"),
        (nn.Linear(3, 4), "temperature", "such as .*; got str"),
        (torch.tanh, TemperatureScaling(2.0), "a network of PyTorch is needed, an nn.Module; got builtin"),
    ],
)
def test_what_is_no_network_or_calibrator(net: Any, fitted: Any, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        fold(net, fitted)


def test_platt_scaling_of_more_than_two_classes_is_not_affine() -> None:
    rows = rows_of(nn.Linear(3, 4), torch.randn(200, 3, generator=torch.Generator().manual_seed(0)), 0)
    with pytest.raises(InvalidArgument, match="platt of more than two classes is no affine map"):
        fold(nn.Linear(3, 4), calibrator("platt").fit(rows))


def vector_of(net: nn.Module, inputs: torch.Tensor) -> Calibrator:
    return calibrator("vector").fit(rows_of(net, inputs, 0))


def test_a_layer_can_be_named_and_is_compared_on_an_example() -> None:
    torch.manual_seed(0)
    net, inputs = Named(), torch.randn(200, 6)
    found = vector_of(net, inputs)
    with pytest.raises(InvalidArgument, match="Name it with layer="):
        fold(net, found)
    folded = fold(net, found, layer="fc", example=inputs)
    with torch.no_grad():
        said, wrapped = torch.softmax(folded(inputs), dim=1), CalibratedModel(net, found)(inputs)
    assert said.numpy() == pytest.approx(wrapped.numpy(), abs=1e-6)
    with pytest.raises(InvalidArgument, match=r"the network has no layer 'head'; it has logits, fc\."):
        fold(net, found, layer="head")
    wrong = nn.Sequential(nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 4))
    with pytest.raises(InvalidArgument, match="says something else"):
        fold(wrong, vector_of(wrong, inputs), layer="0", example=inputs)


@pytest.mark.parametrize(
    "spec",
    [NetSpec(name="timm/resnet10t", freeze="backbone"), NetSpec(name="timm/resnet10t", input_size=48)],
    ids=["frozen", "resized"],
)
def test_what_stands_around_a_net_of_the_recipes_is_looked_through(spec: NetSpec) -> None:
    net = build(spec, classes=3, channels=3, image_size=32, seed=0).eval()
    images = torch.randn(4, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(fold(net, TemperatureScaling(2.0))(images), net(images) / 2, atol=1e-6)


def test_nested_sequences_end_where_the_last_ends() -> None:
    net, inputs = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Tanh(), nn.Linear(4, 2))), torch.randn(5, 3)
    with torch.no_grad():
        assert torch.allclose(fold(net, TemperatureScaling(2.0))(inputs), net(inputs) / 2, atol=1e-6)


def test_a_net_of_two_ends_is_not_folded_into_one() -> None:
    timm = pytest.importorskip("timm")
    with pytest.raises(InvalidArgument, match="cannot be told"):
        fold(timm.create_model("volo_d1_224", num_classes=3), TemperatureScaling(2.0))


def test_a_layer_is_written_where_it_lies() -> None:
    folded = fold(nn.Linear(4, 3, device="meta"), TemperatureScaling(2.0))
    assert folded.weight.device.type == "meta"
