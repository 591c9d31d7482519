"""Parts of timm's networks exchanged for images of 32 × 32 pixels: first layers, and a VGG's classifier.

It knows three families by their classes in timm; every other is refused in words.
"""

from __future__ import annotations

from timm.layers.classifier import ClassifierHead
from timm.models.densenet import DenseNet
from timm.models.resnet import ResNet
from timm.models.vgg import VGG
from torch import nn

from calibrant.errors import InvalidArgument


def small_stem(net: nn.Module, *, channels: int) -> None:
    """Let a network look at 32 × 32 images in full: a 3 × 3 convolution of stride 1 and no pooling first.

    The published stem of a ResNet or DenseNet is a 7 × 7 convolution of stride 2 and a pooling of stride
    2, which leave 8 × 8 of 32 × 32 pixels. A VGG starts with 3 × 3 convolutions at full resolution as it is,
    and its five poolings end at 1 × 1, so it stays unchanged.

    Parameters
    ----------
    net : nn.Module
        A ResNet, DenseNet or VGG of timm; changed in place.
    channels : int
        Channels of the images.

    Raises
    ------
    InvalidArgument
        Another family.
    """
    if isinstance(net, VGG):
        return
    if not isinstance(net, ResNet | DenseNet):
        raise InvalidArgument(
            f'stem = "cifar" is known for ResNet, DenseNet and VGG; this is a {type(net).__name__}. '
            "Leave it out, and set net.input_size where the images are too small."
        )
    if isinstance(net, ResNet):
        _exchange(net, "conv1", _convolution(channels, net.get_submodule("bn1")))
        _exchange(net, "maxpool", nn.Identity())
    else:
        # Those with three convolutions in their stem keep the other two, which have stride 1.
        _exchange(net.features, "conv0", _convolution(channels, net.features.get_submodule("norm0")))
        _exchange(net.features, "pool0", nn.Identity())


def pooled_classifier(net: nn.Module, *, outputs: int, dropout: float) -> None:
    """Give a VGG one linear layer on the mean of its 512 features, in place of two of 4,096 units and one.

    Parameters
    ----------
    net : nn.Module
        A VGG of timm; changed in place.
    outputs : int
        Number of logits.
    dropout : float
        Probability of zeroing a mean while training.

    Raises
    ------
    InvalidArgument
        Another family.
    """
    if not isinstance(net, VGG):
        raise InvalidArgument(
            f'classifier = "pooled" is for VGG; this is a {type(net).__name__}. Leave it out.'
        )
    _exchange(net, "pre_logits", nn.Identity())
    net.head = ClassifierHead(net.num_features, outputs, drop_rate=dropout)
    net.head_hidden_size = net.num_features


def _exchange(net: nn.Module, name: str, layer: nn.Module) -> None:
    """Put `layer` where `name` is, in the same place of the order."""
    setattr(net, name, layer)


def _convolution(channels: int, norm: nn.Module) -> nn.Conv2d:
    """Return a 3 × 3 convolution that the batch normalisation `norm` can follow, started as timm's are."""
    layer = nn.Conv2d(channels, norm.get_parameter("weight").numel(), kernel_size=3, padding=1, bias=False)
    nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    return layer
