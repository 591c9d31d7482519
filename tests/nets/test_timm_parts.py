"""Small images get stems that keep their pixels, and a VGG one linear layer for a classifier."""

from __future__ import annotations

import pytest
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.layers import count, summary
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec


def make(name: str, **options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": f"timm/{name}", **options})
    return build(spec, classes=10, channels=3, image_size=32, seed=0)


def shapes(net: nn.Module) -> dict[str, tuple[int, ...]]:
    return {row.name: row.output_shape for row in summary(net, (3, 32, 32))}


@pytest.mark.parametrize(
    ("name", "last", "convolution"),
    [
        ("resnet18", "layer4.1.act2", "conv1"),
        ("resnet26t", "layer4.1.act3", "conv1"),
        ("densenet121", "features.norm5.act", "features.conv0"),
    ],
)
def test_the_small_stem_keeps_32_pixels_where_the_published_one_leaves_8(
    name: str, last: str, convolution: str
) -> None:
    published, small = make(name), make(name, stem="cifar")
    assert shapes(published)[last][1:] == (1, 1)
    assert shapes(small)[last][1:] == (4, 4)
    layer = small.get_submodule(convolution)
    assert isinstance(layer, nn.Conv2d)
    assert (layer.kernel_size, layer.stride, layer.padding) == ((3, 3), (1, 1), (1, 1))


def test_resnet_18_with_the_small_stem_has_the_size_known_for_cifar() -> None:
    """Eleven million: 11,689,512 for ImageNet, less 40 weights a filter and channel, less 990 classes."""
    assert count(make("resnet18", stem="cifar")) == 11_689_512 - 40 * 3 * 64 - 513 * 990


def test_a_family_without_a_small_stem_is_refused_in_words() -> None:
    with pytest.raises(InvalidArgument, match=r"ResNet, DenseNet and VGG; this is a ConvNeXt. .*input_size"):
        make("test_convnext", stem="cifar")


def test_a_vgg_with_the_pooled_classifier() -> None:
    """VGG-11 takes 32 × 32 pixels to 1 × 1 with either stem; 9.2 million weights are its convolutions'."""
    net = make("vgg11", classifier="pooled", stem="cifar", dropout=0.5)
    assert shapes(net)["features.20"] == (512, 1, 1)
    assert shapes(net)["head.fc"] == (10,)
    assert count(net) == 9_220_480 + 5130
    assert [layer.p for layer in net.modules() if isinstance(layer, nn.Dropout)] == [0.5]


def test_the_pooled_classifier_is_for_vgg() -> None:
    with pytest.raises(InvalidArgument, match=r'"pooled" is for VGG; this is a ResNet. Leave it out'):
        make("test_resnet", classifier="pooled")
