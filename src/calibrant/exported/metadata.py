"""The metadata of an exported file, read back as `ModelFacts` with every value checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from calibrant.errors import UnreadableFile
from calibrant.exported.facts import SCHEMA, ModelFacts, PixelFacts, Takes
from calibrant.foreign import json_value


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
            return json_value(self.metadata.get(key, ""))
        except ValueError:
            return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
