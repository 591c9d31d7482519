"""The table of layers describes a network without changing it."""

from __future__ import annotations

import torch
from torch import nn

from calibrant.nets.layers import LayerRow, summary
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec


def test_rows_stand_in_the_order_of_the_layers() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    assert summary(net, (1, 4, 4)) == (
        LayerRow("0", "Conv2d", (2, 2, 2), 20),
        LayerRow("1", "ReLU", (2, 2, 2), 0),
        LayerRow("2", "Flatten", (8,), 0),
        LayerRow("3", "Linear", (3,), 27),
    )


def test_a_layer_passed_twice_is_listed_once() -> None:
    relu = nn.ReLU()
    assert len(summary(nn.Sequential(nn.Flatten(), relu, nn.Linear(4, 4), relu), (1, 2, 2))) == 3


def test_the_network_is_left_as_it_was() -> None:
    net = build(NetSpec(name="lenet5", batch_norm=True), classes=2, channels=3, image_size=32, seed=0)
    net.get_submodule("conv1_norm").eval()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    modes = [layer.training for layer in net.modules()]
    summary(net, (3, 32, 32))
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert [layer.training for layer in net.modules()] == modes
    assert not any(layer._forward_hooks for layer in net.modules())
