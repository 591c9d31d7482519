"""The architectures by name, and the one function that builds a network from its spec.

What an architecture looks like stands in its own file.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Protocol

import torch
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.heads import head_named
from calibrant.nets.lenet5 import lenet5
from calibrant.nets.spec import NetSpec


class Builder(Protocol):
    """A function that makes the network of one architecture."""

    def __call__(self, spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
        """Return a network that maps images (n, channels, image_size, image_size) to logits (n, outputs)."""


NETS: dict[str, Builder] = {
    "lenet5": lenet5,
}


def build(spec: NetSpec, *, classes: int, channels: int, image_size: int, seed: int) -> nn.Module:
    """Build the network that `spec` describes, with freshly drawn weights.

    Parameters
    ----------
    spec : NetSpec
        Architecture, head and regularisation.
    classes : int
        Number of classes k of the data.
    channels, image_size : int
        Channels and side in pixels of the square images.
    seed : int
        Decides the initial weights. PyTorch's global generator is left as it was.

    Returns
    -------
    nn.Module
        On the CPU, in training mode. Its outputs are logits.

    Raises
    ------
    InvalidArgument
        An unknown architecture, a head that does not suit the classes, images that do not suit the net.

    Examples
    --------
    >>> net = build(NetSpec(name="lenet5"), classes=10, channels=1, image_size=32, seed=0)
    >>> net(torch.zeros(3, 1, 32, 32)).shape
    torch.Size([3, 10])
    """
    builder = NETS.get(spec.name)
    if builder is None:
        nearest = get_close_matches(spec.name, NETS, n=1)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"Known: {', '.join(sorted(NETS))}."
        raise InvalidArgument(f"there is no network called {spec.name!r}. {hint}")
    outputs = head_named(spec.head, classes=classes).outputs
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(seed)
        return builder(spec, outputs=outputs, channels=channels, image_size=image_size)
