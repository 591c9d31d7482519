"""From uint8 pixels to network inputs: the constants of each channel, and where they come from.

Nothing here touches validation or test rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from calibrant.datasets.brightness import LEVELS, of_counts
from calibrant.datasets.spec import ChannelConstants, DataSpec
from calibrant.errors import InvalidArgument

_FULL = 255
_PIXELS_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class Normalisation:
    """Inputs are (x/255 − mean) / std for each channel, computed as (x − 255·mean) / (255·std).

    Attributes
    ----------
    mean, std : tuple of float
        One number per channel, in fractions of full brightness.

    Examples
    --------
    >>> Normalisation(mean=(0.5,), std=(0.5,)).apply(torch.tensor([[[[0, 255]]]], dtype=torch.uint8))
    tensor([[[[-1.,  1.]]]])
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def apply(self, pixels: Tensor) -> Tensor:
        """Return float32 inputs for `pixels` (n, channels, height, width) in 0..255, on the same device."""
        mean, std = (_as_image(constants, pixels) for constants in (self.mean, self.std))
        return torch.sub(pixels, mean).div_(std)


def _as_image(constants: tuple[float, ...], pixels: Tensor) -> Tensor:
    """Return 255 times the constants, laid out as an image: loops over three colours would be short."""
    levels = torch.tensor([_FULL * constant for constant in constants], device=pixels.device)
    return torch.empty_like(pixels[:1], dtype=torch.float32).copy_(levels[:, None, None])


def of_pixels(pixels: Tensor) -> Normalisation:
    """Return the mean and the (population) standard deviation of each channel of `pixels`.

    They are computed from the counts of the 256 brightnesses in exact integers, so they depend neither
    on the order of the rows nor on the number of threads. A channel that never varies gets std 1.

    Parameters
    ----------
    pixels : Tensor
        uint8 (n, channels, height, width).
    """
    channels = [of_counts(_counts(channel)) for channel in pixels.unbind(dim=1)]
    return Normalisation(
        tuple(channel.mean for channel in channels), tuple(channel.std or 1.0 for channel in channels)
    )


def _counts(channel: Tensor) -> list[int]:
    """Return how often each brightness occurs in (n, height, width), some images after the others."""
    counts = torch.zeros(LEVELS, dtype=torch.int64)
    for images in torch.split(channel, max(1, _PIXELS_AT_ONCE // math.prod(channel.shape[1:]))):
        counts += torch.bincount(images.flatten(), minlength=LEVELS).cpu()
    return counts.tolist()


def normalisation_for(spec: DataSpec, training_pixels: Tensor) -> Normalisation:
    """Return the normalisation that `spec` asks for.

    Parameters
    ----------
    spec : DataSpec
        Its `normalise` decides.
    training_pixels : Tensor
        uint8 (n, channels, height, width), the training rows alone.

    Raises
    ------
    InvalidArgument
        The constants given are not one per channel.
    """
    channels = training_pixels.shape[1]
    if isinstance(spec.normalise, ChannelConstants):
        return _constants(spec.normalise, channels)
    if spec.normalise == "half":
        return Normalisation((0.5,) * channels, (0.5,) * channels)
    return of_pixels(training_pixels)


def _constants(given: ChannelConstants, channels: int) -> Normalisation:
    if len(given.mean) != channels or len(given.std) != channels:
        raise InvalidArgument(
            f"data.normalise needs one mean and one std per channel; the images have {channels}, "
            f"it gives {len(given.mean)} and {len(given.std)}."
        )
    return Normalisation(given.mean, given.std)
