"""Where a network ends: the names of its last layer, which the classes decide; all before it is backbone.

The rest of the package asks here instead of knowing architectures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from torch import nn

_OWN = "logits"

Value = TypeVar("Value")


def last_layer(net: nn.Module) -> tuple[str, ...]:
    """Return the names of the layers of `net` that turn features into logits.

    Parameters
    ----------
    net : nn.Module
        A network of `calibrant.nets.registry.NETS`, whose last layer is called ``logits``, or one of timm.

    Returns
    -------
    tuple of str
        One name, or several where an architecture of timm ends in several layers side by side.
    """
    get_classifier: Any = getattr(net, "get_classifier", None)
    if get_classifier is None:
        return (_OWN,)
    found = get_classifier()
    ends = found if isinstance(found, tuple | list) else (found,)
    names = [name for name, layer in net.named_modules() if any(layer is end for end in ends)]
    # The two hidden layers of a VGG's classifier count as its last layer once they are taken out.
    if isinstance(getattr(net, "pre_logits", None), nn.Identity):
        names.append("pre_logits")
    return tuple(names)


def of_backbone(net: nn.Module, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of `values`, by names of weights in `net`, that do not belong to its last layer."""
    ends = tuple(f"{name}." for name in last_layer(net))
    return {name: value for name, value in values.items() if not name.startswith(ends)}
