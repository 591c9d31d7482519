"""LeNet-5 for 32 × 32 images, with rectifiers and max-pooling in place of the original's tanh and averages.

Architecture only: weights start from PyTorch's defaults and are learned elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.spec import NetSpec

_IMAGE_SIZE = 32


def lenet5(spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
    """Build LeNet-5: 6 × 28 × 28 → 6 × 14 × 14 → 16 × 10 × 10 → 16 × 5 × 5 → 120 → 84 → `outputs`.

    Batch normalisation, where asked for, stands between each hidden layer and its rectifier; dropout
    follows the two hidden fully connected layers.

    Parameters
    ----------
    spec : NetSpec
        Gives `dropout` and `batch_norm`.
    outputs : int
        Number of logits.
    channels : int
        Channels of the images: 1 for grey, 3 for colour.
    image_size : int
        Side of the square images in pixels; must be 32.

    Returns
    -------
    nn.Module
        Maps images (n, channels, 32, 32) to logits (n, outputs).

    Raises
    ------
    InvalidArgument
        The images are not 32 × 32.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86(11), 1998, section II.B.
    """
    if image_size != _IMAGE_SIZE:
        raise InvalidArgument(
            f"lenet5 takes images of {_IMAGE_SIZE} × {_IMAGE_SIZE} pixels; "
            f"these are {image_size} × {image_size}. Set data.image_size = {_IMAGE_SIZE}."
        )
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for stage, (inputs, filters) in enumerate(((channels, 6), (6, 16)), start=1):
        layers[f"conv{stage}"] = nn.Conv2d(inputs, filters, kernel_size=5)
        if spec.batch_norm:
            layers[f"conv{stage}_norm"] = nn.BatchNorm2d(filters)
        layers[f"conv{stage}_relu"] = nn.ReLU()
        layers[f"pool{stage}"] = nn.MaxPool2d(2)
    layers["flatten"] = nn.Flatten()
    for stage, (inputs, units) in enumerate(((16 * 5 * 5, 120), (120, 84)), start=1):
        layers[f"linear{stage}"] = nn.Linear(inputs, units)
        if spec.batch_norm:
            layers[f"linear{stage}_norm"] = nn.BatchNorm1d(units)
        layers[f"linear{stage}_relu"] = nn.ReLU()
        if spec.dropout > 0:
            layers[f"linear{stage}_dropout"] = nn.Dropout(spec.dropout)
    layers["logits"] = nn.Linear(84, outputs)
    return nn.Sequential(layers)
