"""How the small networks of this package start, and how a width scales their layers.

LeNet-5 starts from PyTorch's defaults, and the networks of timm from timm's own.
"""

from __future__ import annotations

from torch import nn


def initialise(net: nn.Module) -> nn.Module:
    """Draw the convolutions of `net` afresh, for rectifiers: normal with variance 2 / inputs, biases 0.

    Parameters
    ----------
    net : nn.Module
        Changed in place. Batch normalisations stay at scale 1 and shift 0, and linear layers at PyTorch's
        defaults, so that the first logits are small.

    Returns
    -------
    nn.Module
        `net`.

    References
    ----------
    He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, equation 10.
    """
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return net


def scaled(filters: int, width: float) -> int:
    """Return a layer's number of filters times `width`, rounded, and at least 1.

    Examples
    --------
    >>> scaled(16, 1.0), scaled(16, 0.25), scaled(16, 0.01)
    (16, 4, 1)
    """
    return max(1, round(filters * width))
