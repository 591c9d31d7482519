"""Weights as torchvision names them, by the names that timm has for the same layers.

Most networks are named alike; a VGG's classifier and the layers of older files of a DenseNet are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor

_VGG = {"classifier.0.": "pre_logits.fc1.", "classifier.3.": "pre_logits.fc2.", "classifier.6.": "head.fc."}
_DENSE_LAYER = re.compile(r"(\.denselayer\d+\.(?:norm|conv))\.([12]\.)")


def as_timm_names(weights: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return `weights` by the names of a network of timm.

    Parameters
    ----------
    weights : mapping of str to Tensor
        Named by torchvision, or as `own` already.
    own : mapping of str to Tensor
        The weights of the network that is to have them. Where it has convolutions over a whole map of
        features in place of linear layers, as timm's VGG does, they get that shape.

    Examples
    --------
    >>> import torch
    >>> tensor = torch.zeros(1)
    >>> list(as_timm_names({"classifier.6.bias": tensor}, {"head.fc.bias": tensor}))
    ['head.fc.bias']
    """
    renamed = {}
    for name, tensor in weights.items():
        new = _DENSE_LAYER.sub(r"\1\2", name)
        if "head.fc.bias" in own:
            for theirs, ours in _VGG.items():
                new = new.replace(theirs, ours)
        # What is named alike is left as it is, lest a file of another network come to fit by its size.
        reshaped = new != name and new in own and own[new].numel() == tensor.numel()
        renamed[new] = tensor.reshape(own[new].shape) if reshaped else tensor
    return renamed
