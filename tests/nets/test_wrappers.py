"""A backbone that is frozen stays as it is, and images are resized by the network itself."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate

from calibrant.nets.last_layer import last_layer
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.nets.wrappers import FrozenBackbone, Resized

IMAGES = torch.rand(6, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def make(name: str) -> nn.Module:
    return build(NetSpec(name=name), classes=2, channels=3, image_size=32, seed=0)


@pytest.mark.parametrize("name", ["cifar-resnet", "timm/test_resnet", "timm/test_efficientnet"])
def test_a_step_moves_the_last_layer_and_nothing_else(name: str) -> None:
    """Statistics of batch normalisations included, which move without any gradient."""
    net = FrozenBackbone(make(name))
    before = {key: value.clone() for key, value in net.net.state_dict().items()}
    (end,) = last_layer(net.net)
    optimiser = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=1.0)
    net.eval()
    net.train()
    net(IMAGES).square().sum().backward()
    optimiser.step()
    moved = {key for key, value in net.net.state_dict().items() if not torch.equal(value, before[key])}
    assert moved == {f"{end}.weight", f"{end}.bias"}


def test_the_modes_of_a_frozen_backbone() -> None:
    net = FrozenBackbone(make("cifar-resnet"))
    for mode in (True, False, True):
        assert net.train(mode) is net
        assert net.training is mode
        assert net.net.get_submodule("logits").training is mode
        assert not net.net.get_submodule("norm").training


def test_a_module_around_it_does_not_wake_it() -> None:
    net = FrozenBackbone(make("cifar-resnet"))
    Resized(net, 16).eval().train()
    assert net.training
    assert not net.net.get_submodule("norm").training


def test_the_description_tells_a_frozen_network_from_one_that_learns() -> None:
    spec = NetSpec(name="lenet5", freeze="backbone")
    frozen = build(spec, classes=2, channels=3, image_size=32, seed=0)
    assert repr(frozen) != repr(make("lenet5"))


def test_images_are_resized_bilinearly_with_antialiasing() -> None:
    net = Resized(nn.Identity(), 8)
    expected = interpolate(IMAGES, size=(8, 8), mode="bilinear", antialias=True, align_corners=False)
    torch.testing.assert_close(net(IMAGES), expected)
    assert Resized(nn.Identity(), 64)(IMAGES).shape == (6, 3, 64, 64)
    assert "side=64" in repr(Resized(nn.Identity(), 64))
