"""Networks are built by name, from a seed, without touching PyTorch's global state."""

from __future__ import annotations

import sys

import pytest
import torch
from torch import nn

from calibrant.errors import InvalidArgument, MissingExtra
from calibrant.nets.last_layer import last_layer
from calibrant.nets.layers import count, summary
from calibrant.nets.registry import NETS, build
from calibrant.nets.spec import NetSpec

TIMM = (
    "timm/test_resnet",
    "timm/test_vit",
    "timm/test_convnext",
    "timm/test_efficientnet",
    "timm/mobilenetv3_small_050",
)
NAMES = (*NETS, *TIMM)


def make(seed: int = 0, *, channels: int = 3, **options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": "lenet5", **options})
    return build(spec, classes=2, channels=channels, image_size=32, seed=seed)


def test_the_names() -> None:
    assert set(NETS) == {"lenet5", "cifar-resnet", "convnet"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("head", "outputs"), [("softmax", 2), ("sigmoid", 1)])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_net_maps_images_to_logits_and_learns(
    name: str, head: str, outputs: int, channels: int
) -> None:
    net = make(name=name, head=head, channels=channels)
    assert net.training
    logits = net(torch.rand(2, channels, 32, 32, generator=torch.Generator().manual_seed(0)))
    assert logits.shape == (2, outputs)
    logits.square().sum().backward()
    first, *_, last = net.parameters()
    assert first.grad is not None
    assert last.grad is not None
    assert last.grad.abs().sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides_the_weights(name: str) -> None:
    before = torch.get_rng_state()
    first, same, other = (
        nn.utils.parameters_to_vector(make(seed, name=name).parameters()) for seed in (1, 1, 2)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_layers_counts_every_weight(name: str) -> None:
    net = make(name=name)
    assert sum(row.parameters for row in summary(net, (3, 32, 32))) == count(net)


@pytest.mark.parametrize("name", NAMES)
def test_the_last_layer_is_what_the_classes_decide(name: str) -> None:
    """Two classes or one logit: nothing but the last layer has another shape."""
    shapes = [
        {key: value.shape for key, value in make(name=name, head=head).state_dict().items()}
        for head in ("softmax", "sigmoid")
    ]
    (end,) = last_layer(make(name=name))
    different = {key for key in shapes[0] if shapes[0][key] != shapes[1][key]}
    assert different == {f"{end}.weight", f"{end}.bias"}


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(InvalidArgument, match=r"no network called 'lenet-5'. Did you mean 'lenet5'\?"):
        make(name="lenet-5")


def test_a_strange_name_gets_the_list() -> None:
    with pytest.raises(InvalidArgument, match=r"Known: cifar-resnet, convnet, lenet5\. timm/NAME"):
        make(name="transformer")


def test_the_network_resizes_its_images_to_the_size_asked_for() -> None:
    net = build(NetSpec(name="lenet5", input_size=32), classes=10, channels=1, image_size=8, seed=0)
    assert net(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_nothing_is_resized_where_the_images_have_that_size() -> None:
    assert repr(make(input_size=32)) == repr(make())


def test_a_missing_timm_is_reported_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "calibrant.nets.timm_net", raising=False)
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(MissingExtra, match=r"timm/resnet18 needs the package 'timm'.*calibrant\[train\]"):
        make(name="timm/resnet18")
