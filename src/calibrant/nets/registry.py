"""The architectures by name, and the one function that builds a network from its spec.

What an architecture looks like stands in its own file.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import nn

from calibrant.errors import InvalidArgument, MissingExtra
from calibrant.nearest import nearest
from calibrant.nets.cifar_resnet import cifar_resnet
from calibrant.nets.convnet import convnet
from calibrant.nets.heads import head_named
from calibrant.nets.lenet5 import lenet5
from calibrant.nets.spec import TIMM, NetSpec
from calibrant.nets.transfer import load_file_into, load_run_into
from calibrant.nets.wrappers import FrozenBackbone, Resized


class Builder(Protocol):
    """A function that makes the network of one architecture."""

    def __call__(self, spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
        """Return a network that maps images (n, channels, image_size, image_size) to logits (n, outputs)."""


NETS: dict[str, Builder] = {
    "lenet5": lenet5,
    "cifar-resnet": cifar_resnet,
    "convnet": convnet,
}


def build(spec: NetSpec, *, classes: int, channels: int, image_size: int, seed: int) -> nn.Module:
    """Build the network that `spec` describes, with freshly drawn weights or those that it names.

    Parameters
    ----------
    spec : NetSpec
        Architecture, head, weights and regularisation.
    classes : int
        Number of classes k of the data.
    channels, image_size : int
        Channels and side in pixels of the square images of the data.
    seed : int
        Decides the weights that are drawn. PyTorch's global generator is left as it was.

    Returns
    -------
    nn.Module
        On the CPU, in training mode. Its outputs are logits.

    Raises
    ------
    InvalidArgument
        An unknown architecture, a head that does not suit the classes, images or weights that do not suit
        the net.
    DataUnavailable
        Published weights that cannot be had.
    InvalidRun, UnreadableFile
        A run or a file of weights that cannot be read.
    MissingExtra
        A network of timm, which is not installed.

    Examples
    --------
    >>> net = build(NetSpec(name="lenet5"), classes=10, channels=1, image_size=32, seed=0)
    >>> net(torch.zeros(3, 1, 32, 32)).shape
    torch.Size([3, 10])
    """
    builder, side = _builder(spec), spec.input_size or image_size
    outputs = head_named(spec.head, classes=classes).outputs
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(seed)
        net = builder(spec, outputs=outputs, channels=channels, image_size=side)
    if spec.run_folder is not None:
        load_run_into(net, spec.run_folder)
    if spec.weights is not None:
        load_file_into(net, spec.weights)
    if spec.freeze == "backbone":
        net = FrozenBackbone(net)
    return net if side == image_size else Resized(net, side)


def _builder(spec: NetSpec) -> Builder:
    if spec.architecture == TIMM:
        try:
            # Imported here because it takes seconds, which the package's own networks do without.
            from calibrant.nets.timm_net import timm_net
        except ModuleNotFoundError as missing:
            raise MissingExtra(f"The network {spec.name}", "train", missing.name or "timm") from missing

        return timm_net
    builder = NETS.get(spec.name)
    if builder is None:
        raise InvalidArgument(
            f"there is no network called {spec.name!r}.{nearest(spec.name, sorted(NETS))} "
            "timm/NAME is any network of timm."
        )
    return builder
