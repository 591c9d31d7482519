"""What an exported file says about itself: calibration, classes, images. Its metadata, typed and checked.

Values are strings, as ONNX keeps them: text, or JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from calibrant.errors import UnreadableFile

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


def facts_of(metadata: Mapping[str, str], path: Path) -> ModelFacts:
    """Read the metadata of a file.

    Raises
    ------
    UnreadableFile
        calibrant did not write it, or another version did, or a value cannot be.
    """
    schema = metadata.get("schema")
    if schema is None or not schema.startswith("calibrant.model/"):
        raise UnreadableFile(
            f"{path} says neither its classes nor its calibration: `calibrant export` did not write it. "
            "Export the run, or a fitted calibrator, again."
        )
    if schema != SCHEMA:
        raise UnreadableFile(
            f"{path} has the form {schema!r}; this version of calibrant reads {SCHEMA!r}. "
            "Read it with the version that wrote it, or export again."
        )
    values = _Values(metadata, path)
    takes = next((each for each in get_args(Takes) if each == values.text("takes")), None)
    if takes is None:
        raise values.wrong("takes", "be pixels, logits or features")
    classes = values.names("classes")
    return ModelFacts(
        method=values.text("method"),
        description=values.text("calibrator"),
        temperature=values.positive("temperature") if "temperature" in metadata else None,
        classes=classes,
        takes=takes,
        pixels=_pixels(values) if takes == "pixels" else None,
        features=values.whole("features") if takes == "features" else None,
        fitted_on=values.text("fitted_on"),
        split_hash=metadata.get("split_hash"),
        version=values.text("calibrant"),
    )


def _pixels(values: _Values) -> PixelFacts:
    channels = values.whole("channels")
    if channels not in (1, 3):
        raise values.wrong("channels", "be 1 or 3")
    mean, std = values.numbers("mean", channels), values.numbers("std", channels)
    if min(std) <= 0:
        raise values.wrong("std", "be above 0")
    return PixelFacts(values.whole("image_size"), channels, mean, std)


@dataclass(frozen=True, slots=True)
class _Values:
    """Strings of the metadata, taken one by one with what each must be."""

    metadata: Mapping[str, str]
    path: Path

    def wrong(self, key: str, wanted: str) -> UnreadableFile:
        came = self.metadata.get(key)
        said = "it is missing" if came is None else f"got {came[:60]!r}"
        return UnreadableFile(f"{self.path} is damaged: {key!r} in its metadata must {wanted}; {said}.")

    def text(self, key: str) -> str:
        if key not in self.metadata:
            raise self.wrong(key, "be a text")
        return self.metadata[key]

    def names(self, key: str) -> tuple[str, ...]:
        found = self._json(key)
        if not isinstance(found, list) or len(found) < 2 or not all(isinstance(name, str) for name in found):
            raise self.wrong(key, "be a JSON list of two names or more")
        if len(set(found)) < len(found):
            raise self.wrong(key, "name each class once")
        return tuple(found)

    def whole(self, key: str) -> int:
        found = self._json(key)
        if type(found) is not int or not 1 <= found <= 1_000_000:
            raise self.wrong(key, "be a whole number above 0")
        return found

    def positive(self, key: str) -> float:
        found = self._json(key)
        if not _is_number(found) or found <= 0:
            raise self.wrong(key, "be a finite number above 0")
        return float(found)

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        found = self._json(key)
        if not isinstance(found, list) or len(found) != count or not all(map(_is_number, found)):
            raise self.wrong(key, f"be a JSON list of {count} numbers")
        return tuple(float(each) for each in found)

    def _json(self, key: str) -> Any:
        try:
            return json.loads(self.metadata.get(key, ""))
        except (ValueError, RecursionError):
            return None


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond float64
        return False
