"""What predicts images: a finished run or an exported file, seen alike by whoever shows its answers."""

from __future__ import annotations

from typing import Protocol

from calibrant._typing import Floats
from calibrant.pictures.picture import Pixels


class ImageClassifier(Protocol):
    """A calibrated classifier of square images."""

    @property
    def method(self) -> str:
        """Name of the calibration method."""
        ...

    @property
    def temperature(self) -> float | None:
        """T, where the method is temperature."""
        ...

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the probabilities."""
        ...

    @property
    def image_size(self) -> int:
        """Side of its images in pixels."""
        ...

    def probabilities(self, pixels: Pixels) -> Floats:
        """Return calibrated probabilities (n, k) of images (n, 1 or 3, height, width) of its size."""
        ...
