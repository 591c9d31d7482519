"""The table of a network's layers: what each puts out and how many parameters it has.

It is found by sending one empty image through the network, so it says what runs, not what was meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network.

    Attributes
    ----------
    name : str
        The layer's name within the network.
    kind : str
        Its type, such as ``"Conv2d"``.
    output_shape : tuple of int
        Shape of what it puts out for one image.
    parameters : int
        Number of its trainable and frozen weights.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int


def summary(net: nn.Module, input_shape: tuple[int, int, int]) -> tuple[LayerRow, ...]:
    """List the layers of `net` in the order in which an image passes them.

    Parameters
    ----------
    net : nn.Module
        Its weights, statistics and mode are left as they were.
    input_shape : tuple of int
        Channels, height and width of an image.

    Returns
    -------
    tuple of LayerRow
        One row per layer without layers of its own, and per layer with weights beside those of its own
        layers. A layer passed twice is listed once.

    Examples
    --------
    >>> rows = summary(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), (1, 2, 2))
    >>> [(row.kind, row.output_shape, row.parameters) for row in rows]
    [('Flatten', (4,), 0), ('Linear', (2,), 10)]
    """
    rows: dict[str, LayerRow] = {}

    def record(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(layer: nn.Module, _inputs: object, output: Tensor) -> None:
            own = sum(parameter.numel() for parameter in layer.parameters(recurse=False))
            rows.setdefault(name, LayerRow(name, type(layer).__name__, tuple(output.shape[1:]), own))

        return hook

    modes = {layer: layer.training for layer in net.modules()}
    listed = [
        (name or "(whole)", layer)
        for name, layer in net.named_modules()
        if not any(layer.children()) or any(True for _ in layer.parameters(recurse=False))
    ]
    handles = [layer.register_forward_hook(record(name)) for name, layer in listed]
    try:
        net.eval()
        with torch.no_grad():
            net(torch.zeros(1, *input_shape, device=_device(net)))
    finally:
        for handle in handles:
            handle.remove()
        for layer, training in modes.items():
            layer.training = training
    return tuple(rows.values())


def count(net: nn.Module) -> int:
    """Return the number of weights of `net`, frozen ones included, shared ones once."""
    return sum(parameter.numel() for parameter in net.parameters())


def _device(net: nn.Module) -> torch.device:
    return next((parameter.device for parameter in net.parameters()), torch.device("cpu"))
