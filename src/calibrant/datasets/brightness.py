"""Mean and standard deviation of a channel from how often each of its 256 brightnesses occurs.

The sums are exact integers, so they depend neither on the order of the images nor on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVELS = 256
"""Different values of a pixel."""

_FULL = LEVELS - 1


@dataclass(frozen=True)
class Brightness:
    """One channel of many pixels.

    Attributes
    ----------
    mean, std : float
        In fractions of full brightness; the standard deviation is that of the population.
    """

    mean: float
    std: float


def of_counts(counts: Sequence[int]) -> Brightness:
    """Return mean and standard deviation.

    Parameters
    ----------
    counts : sequence of int
        256 numbers: how many pixels have brightness 0, 1, …, 255.

    Examples
    --------
    >>> of_counts([1, *254 * [0], 1])
    Brightness(mean=0.5, std=0.5)
    """
    n = sum(counts)
    total = sum(value * count for value, count in enumerate(counts))
    squares = sum(value * value * count for value, count in enumerate(counts))
    return Brightness(total / (_FULL * n), math.sqrt(n * squares - total * total) / (_FULL * n))
