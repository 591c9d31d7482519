"""What the classes decide is told from the backbone, in every family."""

from __future__ import annotations

import pytest

from calibrant.nets.last_layer import last_layer, of_backbone
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("lenet5", ("logits",)),
        ("cifar-resnet", ("logits",)),
        ("convnet", ("logits",)),
        ("timm/test_resnet", ("fc",)),
        ("timm/test_convnext", ("head.fc",)),
        ("timm/deit_tiny_distilled_patch16_224", ("head", "head_dist")),
    ],
)
def test_its_names(name: str, names: tuple[str, ...]) -> None:
    net = build(NetSpec(name=name), classes=2, channels=3, image_size=32, seed=0)
    assert last_layer(net) == names
    backbone = of_backbone(net, net.state_dict())
    assert net.state_dict().keys() - backbone.keys() == {
        f"{n}.{w}" for n in names for w in ("weight", "bias")
    }
