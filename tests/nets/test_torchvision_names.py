"""Weights named by torchvision come to the layers that timm names otherwise, and to no others."""

from __future__ import annotations

import torch
from torch.nn.functional import conv2d, linear

from calibrant.nets.torchvision_names import as_timm_names


def test_the_classifier_of_a_vgg_computes_the_same_as_convolutions() -> None:
    generator = torch.Generator().manual_seed(0)
    flat = torch.randn(4, 3 * 2 * 2, generator=generator)
    own = {"pre_logits.fc1.weight": torch.zeros(4, 3, 2, 2), "head.fc.bias": torch.zeros(5)}
    found = as_timm_names({"classifier.0.weight": flat, "classifier.6.bias": torch.ones(5)}, own)
    assert list(found) == list(own)
    features = torch.randn(1, 3, 2, 2, generator=generator)
    as_convolution = conv2d(features, found["pre_logits.fc1.weight"]).flatten()
    torch.testing.assert_close(as_convolution, linear(features.flatten(), flat))


def test_older_files_of_a_densenet() -> None:
    tensor = torch.zeros(3)
    name = "features.denseblock4.denselayer16.{}.weight"
    found = as_timm_names({name.format("norm.1"): tensor, name.format("conv.2"): tensor}, {})
    assert list(found) == [name.format("norm1"), name.format("conv2")]


def test_names_that_are_alike_stay_with_their_shapes() -> None:
    weights = {"classifier.weight": torch.zeros(2, 3), "fc.weight": torch.zeros(6)}
    found = as_timm_names(weights, {"fc.weight": torch.zeros(2, 3), "classifier.weight": torch.zeros(3, 2)})
    assert {name: tensor.shape for name, tensor in found.items()} == {
        name: tensor.shape for name, tensor in weights.items()
    }
