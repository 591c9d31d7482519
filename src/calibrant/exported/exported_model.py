"""`ExportedModel`: an opened file that predicts, whatever runs it. What it answers is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.errors import InvalidArgument, UnreadableFile
from calibrant.exported.facts import ModelFacts
from calibrant.exported.inputs import not_finite, sound_images, sound_inputs
from calibrant.pictures.channels import with_channels
from calibrant.pictures.picture import Pixels

_SUM_TOLERANCE = 1e-3
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class ExportedModel:
    """A file of `calibrant export`, ready to predict.

    Attributes
    ----------
    path : Path
        The file.
    facts : ModelFacts
        What it says about itself.
    runs : callable
        From an array of inputs to the file's answer.
    """

    path: Path
    facts: ModelFacts
    runs: Callable[[NDArray[Any]], NDArray[Any]]

    @property
    def method(self) -> str:
        """Name of the calibration method."""
        return self.facts.method

    @property
    def temperature(self) -> float | None:
        """T, where the method is temperature."""
        return self.facts.temperature

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the probabilities."""
        return self.facts.classes

    @property
    def image_size(self) -> int:
        """Side of its images in pixels.

        Raises
        ------
        InvalidArgument
            It takes no images.
        """
        if self.facts.pixels is None:
            raise InvalidArgument(
                f"{self.path} takes {self.facts.takes} and no images. "
                "Export a finished run to predict images."
            )
        return self.facts.pixels.size

    def probabilities(self, pixels: Pixels) -> Floats:
        """Return calibrated probabilities (n, k) of images, uint8 (n, 1 or 3, height, width) of its size.

        Raises
        ------
        InvalidArgument
            It takes no images, or others than these.
        UnreadableFile
            As `run`.
        """
        given = sound_images(pixels, self.image_size, self.path)
        return self.run(with_channels(given, self.facts.row_shape[0]))

    def run(self, inputs: NDArray[Any]) -> Floats:
        """Return the probabilities (n, k) of inputs as the file takes them.

        Raises
        ------
        InvalidArgument
            The inputs are none that the file takes: no row, another shape or type, numbers that are not
            finite.
        UnreadableFile
            The file does not run, or answers something that is no probabilities of its classes.
        """
        given = sound_inputs(inputs, self.facts, self.path)
        parts = [given[start : start + _AT_ONCE] for start in range(0, len(given), _AT_ONCE)]
        try:
            answer = np.concatenate([np.asarray(self.runs(part), np.float64) for part in parts])
        except Exception as error:  # whatever the runtime says of a file that it cannot run
            raise cannot_run(self.path, error) from error
        shape = (len(inputs), len(self.classes))
        if answer.shape != shape:
            raise UnreadableFile(
                f"{self.path} is damaged: for {shape[0]} inputs and {shape[1]} classes it answered an array "
                f"of the shape {answer.shape}. Export it again."
            )
        inside = ((answer >= 0) & (answer <= 1 + _SUM_TOLERANCE)).all(axis=1)
        sound = inside & (np.abs(answer.sum(axis=1) - 1) <= _SUM_TOLERANCE)
        if not sound.all():
            first = int(np.argmin(sound))
            if not np.isfinite(given[first]).all():
                raise not_finite(first, self.path)
            raise UnreadableFile(
                f"{self.path} is damaged: what it answers are no probabilities, which lie in 0..1 and sum "
                "to 1. Export it again."
            )
        return answer


def cannot_run(path: Path, error: Exception) -> UnreadableFile:
    """Return the error for a file that its runtime refuses."""
    said = next(iter(str(error).strip().splitlines()), "")
    return UnreadableFile(
        f"{path} cannot be run ({type(error).__name__}: {said[:200]}). Is it whole? Export it again."
    )
