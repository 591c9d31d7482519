"""A plain convolutional network of six layers, with and without batch normalisation.

No shortcuts: those are the business of `cifar_resnet`.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.initialisation import initialise, scaled
from calibrant.nets.spec import NetSpec

_FILTERS = (32, 64, 128)
_SMALLEST_IMAGE = 8


def convnet(spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
    """Build six 3 × 3 convolutions, two each at 32, 64 and 128 filters (times `width`), and a linear layer.

    Each convolution is followed by a rectifier, with batch normalisation between them where asked for, and
    each pair by max-pooling over 2 × 2 pixels. The linear layer sees the mean over the image, after dropout
    where asked for.

    Guo et al. show what batch normalisation does to the calibration of "a 6-layer ConvNet" (figure 2) and
    do not describe it further; filters and pooling here are this package's choice.

    Parameters
    ----------
    spec : NetSpec
        Gives `batch_norm`, `dropout` and `width`.
    outputs : int
        Number of logits.
    channels : int
        Channels of the images.
    image_size : int
        Side of the square images in pixels, at least 8.

    Returns
    -------
    nn.Module
        Maps images (n, channels, image_size, image_size) to logits (n, outputs).

    Raises
    ------
    InvalidArgument
        The images are too small.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks", ICML 2017, section 3.
    """
    if image_size < _SMALLEST_IMAGE:
        raise InvalidArgument(
            f"convnet takes images of at least {_SMALLEST_IMAGE} pixels a side; these have {image_size}. "
            "Set net.input_size = 32."
        )
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    inputs = channels
    for stage, number in enumerate(_FILTERS, start=1):
        filters = scaled(number, spec.width)
        for name in (f"conv{stage}a", f"conv{stage}b"):
            layers[name] = nn.Conv2d(inputs, filters, kernel_size=3, padding=1, bias=not spec.batch_norm)
            if spec.batch_norm:
                layers[f"{name}_norm"] = nn.BatchNorm2d(filters)
            layers[f"{name}_relu"] = nn.ReLU()
            inputs = filters
        layers[f"pool{stage}"] = nn.MaxPool2d(2)
    layers["mean"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    if spec.dropout > 0:
        layers["dropout"] = nn.Dropout(spec.dropout)
    layers["logits"] = nn.Linear(inputs, outputs)
    return initialise(nn.Sequential(layers))
