"""What may stand around a network: its own resizing of images, and a backbone that does not learn.

A wrapped network keeps what it promises whoever trains it, and shows it in its description.
"""

from __future__ import annotations

from typing import Self

from torch import Tensor, nn
from torch.nn.functional import interpolate

from calibrant.nets.last_layer import last_layer

# Both wrappers hold the network under this name.
PREFIX = "net."


class Resized(nn.Module):
    """A network that first resizes its images, bilinearly and with antialiasing, where they are.

    Parameters
    ----------
    net : nn.Module
        Takes images (n, channels, side, side).
    side : int
        Side in pixels.
    """

    def __init__(self, net: nn.Module, side: int) -> None:
        super().__init__()
        self.net, self.side = net, side

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (n, outputs) of square images of any size."""
        resized = interpolate(images, size=(self.side, self.side), mode="bilinear", antialias=True)
        logits: Tensor = self.net(resized)
        return logits

    def extra_repr(self) -> str:
        """Return the side, for the network's description."""
        return f"side={self.side}"


class FrozenBackbone(nn.Module):
    """A network of which only the last layer is trained.

    The weights of all others need no gradient, and those layers stay in evaluation mode, so that the
    statistics of their batch normalisations do not move either.

    Parameters
    ----------
    net : nn.Module
        Its weights are frozen in place.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net.requires_grad_(False)
        for name in last_layer(net):
            net.get_submodule(name).requires_grad_(True)
        self.train()

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (n, outputs)."""
        logits: Tensor = self.net(images)
        return logits

    def train(self, mode: bool = True) -> Self:
        """Put the last layer into training mode, or all into evaluation mode."""
        self.training = mode
        self.net.eval()
        for name in last_layer(self.net):
            self.net.get_submodule(name).train(mode)
        return self
