"""The plain network has six convolutions, and batch normalisation after each where asked for."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.convnet import convnet
from calibrant.nets.layers import count, summary
from calibrant.nets.spec import NetSpec


def make(**options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": "convnet", **options})
    return convnet(spec, outputs=10, channels=3, image_size=32)


def test_each_stage_has_its_shape() -> None:
    shapes = {row.name: row.output_shape for row in summary(make(), (3, 32, 32))}
    assert shapes["conv1b"] == (32, 32, 32)
    assert shapes["pool1"] == (32, 16, 16)
    assert shapes["conv3a"] == (128, 8, 8)
    assert shapes["pool3"] == (128, 4, 4)
    assert shapes["flatten"] == (128,)


def test_the_number_of_parameters() -> None:
    """Nine weights a filter and input, a bias a filter; 129 · 10 in the last layer."""
    pairs = [(3, 32), (32, 32), (32, 64), (64, 64), (64, 128), (128, 128)]
    assert count(make()) == sum((9 * inputs + 1) * filters for inputs, filters in pairs) + 1290
    # A scale and a shift in place of each bias.
    assert count(make(batch_norm=True)) == count(make()) + sum(filters for _, filters in pairs)


def test_batch_norm_stands_between_each_convolution_and_its_rectifier() -> None:
    plain = [row.kind for row in summary(make(), (3, 32, 32))]
    normed = [row.kind for row in summary(make(batch_norm=True), (3, 32, 32))]
    assert plain == ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d"] * 3 + [
        "AdaptiveAvgPool2d",
        "Flatten",
        "Linear",
    ]
    assert [kind for kind in normed if kind != "BatchNorm2d"] == plain
    assert all(
        normed[at + 1 : at + 3] == ["BatchNorm2d", "ReLU"] for at in range(18) if normed[at] == "Conv2d"
    )


def test_the_width_multiplies_every_layer() -> None:
    convolutions = [layer for layer in make(width=0.5).modules() if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in convolutions] == [16, 16, 32, 32, 64, 64]


def test_dropout_stands_before_the_last_layer() -> None:
    assert [type(layer) for layer in make(dropout=0.5).children()][-2:] == [nn.Dropout, nn.Linear]
    assert not any(isinstance(layer, nn.Dropout) for layer in make().modules())


def test_it_takes_images_of_any_size_from_eight_pixels() -> None:
    assert make()(torch.zeros(2, 3, 8, 8)).shape == (2, 10)
    with pytest.raises(InvalidArgument, match=r"at least 8 pixels a side; these have 7. Set net.input_size"):
        convnet(NetSpec(name="convnet"), outputs=2, channels=3, image_size=7)
