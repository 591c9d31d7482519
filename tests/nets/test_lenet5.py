"""LeNet-5 has the shapes and sizes of the paper's figure."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.layers import count, summary
from calibrant.nets.lenet5 import lenet5
from calibrant.nets.spec import NetSpec


def build(channels: int = 3, outputs: int = 1, **options: float | bool) -> nn.Module:
    spec = NetSpec.model_validate({"name": "lenet5", **options})
    return lenet5(spec, outputs=outputs, channels=channels, image_size=32)


def test_each_stage_has_the_published_shape() -> None:
    shapes = {row.name: row.output_shape for row in summary(build(), (3, 32, 32))}
    assert shapes["conv1"] == (6, 28, 28)
    assert shapes["pool1"] == (6, 14, 14)
    assert shapes["conv2"] == (16, 10, 10)
    assert shapes["pool2"] == (16, 5, 5)
    assert shapes["flatten"] == (400,)
    assert shapes["linear1"] == (120,)
    assert shapes["linear2"] == (84,)
    assert shapes["logits"] == (1,)


@pytest.mark.parametrize(("channels", "outputs", "parameters"), [(3, 1, 61_241), (1, 10, 61_706)])
def test_number_of_parameters(channels: int, outputs: int, parameters: int) -> None:
    assert count(build(channels=channels, outputs=outputs)) == parameters


def test_dropout_and_batch_norm_are_off_unless_asked_for() -> None:
    kinds = {type(layer) for layer in build().modules()}
    assert not kinds & {nn.Dropout, nn.BatchNorm1d, nn.BatchNorm2d}


def test_dropout_follows_both_hidden_linear_layers() -> None:
    dropouts = [layer for layer in build(dropout=0.5).modules() if isinstance(layer, nn.Dropout)]
    assert [layer.p for layer in dropouts] == [0.5, 0.5]


def test_batch_norm_follows_every_hidden_layer() -> None:
    layers = summary(build(batch_norm=True), (3, 32, 32))
    kinds = [row.kind for row in layers if row.parameters]
    assert kinds == ["Conv2d", "BatchNorm2d"] * 2 + ["Linear", "BatchNorm1d"] * 2 + ["Linear"]


def test_it_puts_out_logits_of_either_sign() -> None:
    logits = build(outputs=10)(torch.randn(50, 3, 32, 32, generator=torch.Generator().manual_seed(0)))
    assert logits.shape == (50, 10)
    assert logits.min() < 0 < logits.max()


def test_images_of_another_size_are_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidArgument, match=r"32 × 32 pixels; these are 28 × 28. Set data.image_size = 32"):
        lenet5(NetSpec(name="lenet5"), outputs=1, channels=3, image_size=28)
