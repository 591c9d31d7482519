"""What an exported file says about itself: calibration, classes, images; written as its metadata.

Values are strings, as ONNX keeps them: text, or JSON. `metadata` reads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

SCHEMA = "calibrant.model/1"
Takes = Literal["pixels", "logits", "features"]

_INPUTS: dict[Takes, str] = {
    "pixels": "uint8 pixels (n, {channels}, {size}, {size}), 0 to 255",
    "logits": "logits (n, {classes}), float32",
    "features": "features (n, {features}), float32",
}


@dataclass(frozen=True, slots=True)
class PixelFacts:
    """The images a network takes.

    Attributes
    ----------
    size : int
        Side of the square images in pixels.
    channels : int
        1 or 3.
    mean, std : tuple of float
        What the file normalises with, a number a channel, in fractions of full brightness.
    """

    size: int
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """An exported file.

    Attributes
    ----------
    method : str
        The calibration method.
    description : str
        What it learned, in words.
    temperature : float or None
        T, where the method is temperature.
    classes : tuple of str
        In the order of the probabilities.
    takes : {"pixels", "logits", "features"}
        What goes in.
    pixels : PixelFacts or None
        The images, where it takes some.
    features : int or None
        How many, where it takes some.
    fitted_on : str
        Fingerprint of the rows that the calibrator was fitted on; "unknown" where nobody took it.
    split_hash : str or None
        SHA-256 of which images of the run are in which part; None without a run.
    version : str
        Of calibrant, which wrote it.
    """

    method: str
    description: str
    temperature: float | None
    classes: tuple[str, ...]
    takes: Takes
    pixels: PixelFacts | None
    features: int | None
    fitted_on: str
    split_hash: str | None
    version: str

    @property
    def row_shape(self) -> tuple[int, ...]:
        """Shape of one input."""
        if self.pixels is not None:
            return self.pixels.channels, self.pixels.size, self.pixels.size
        return (self.features or len(self.classes),)

    def to_metadata(self) -> dict[str, str]:
        """Return the strings that are kept in the file."""
        written: dict[str, Any] = {"temperature": self.temperature, "features": self.features}
        if self.pixels is not None:
            written |= {
                "image_size": self.pixels.size,
                "channels": self.pixels.channels,
                "mean": list(self.pixels.mean),
                "std": list(self.pixels.std),
            }
        texts = {
            "schema": SCHEMA,
            "calibrant": self.version,
            "method": self.method,
            "calibrator": self.description,
            "fitted_on": self.fitted_on,
            "takes": self.takes,
            "input": self._input(),
            "output": "calibrated probabilities (n, classes), float32",
            "classes": json.dumps(list(self.classes), ensure_ascii=False),
        }
        if self.split_hash is not None:
            texts["split_hash"] = self.split_hash
        return texts | {key: json.dumps(value) for key, value in written.items() if value is not None}

    def _input(self) -> str:
        size, channels = (self.pixels.size, self.pixels.channels) if self.pixels else (0, 0)
        return _INPUTS[self.takes].format(
            size=size, channels=channels, features=self.features, classes=len(self.classes)
        )
