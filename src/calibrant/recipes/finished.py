"""A finished run, loaded to be used: its network, its classes, its normalisation and its temperature."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from calibrant._typing import Floats
from calibrant.calibrators import TemperatureScaling
from calibrant.datasets.images import Images
from calibrant.datasets.normalisation import Normalisation
from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.foreign import json_value
from calibrant.nets.registry import build
from calibrant.pictures.channels import with_channels
from calibrant.pictures.picture import Pixels
from calibrant.plain import read_bytes
from calibrant.predictions import Predictions
from calibrant.recipes.library import load_recipe
from calibrant.recipes.recipe import Recipe
from calibrant.recipes.run_folder import check_finished, read_temperature
from calibrant.train.predict import predict_logits
from calibrant.train.weights import read_stored

_FILES = ("recipe.toml", "model.safetensors", "temperature.json", "evaluation.json")


@dataclass(frozen=True, eq=False)
class FinishedRun:
    """A network with what its inputs and outputs mean.

    Attributes
    ----------
    folder : Path
        The run.
    recipe : Recipe
        As it was run.
    net : nn.Module
        Trained, on the CPU, in evaluation mode.
    classes : tuple of str
        Names of the classes, in the order of its outputs.
    image_size : int
        Side in pixels of the square images it was trained on.
    normalisation : Normalisation
        Of its inputs.
    split_hash : str
        SHA-256 of which images are in which part.
    calibrator : TemperatureScaling
        Fitted on its validation images.
    """

    folder: Path
    recipe: Recipe
    net: nn.Module
    classes: tuple[str, ...]
    image_size: int
    normalisation: Normalisation
    split_hash: str
    calibrator: TemperatureScaling

    @property
    def channels(self) -> int:
        """Number of channels of its images: 1 or 3."""
        return len(self.normalisation.mean)

    @property
    def method(self) -> str:
        """Name of the calibration method."""
        return self.calibrator.method

    @property
    def temperature(self) -> float | None:
        """T."""
        return self.calibrator.temperature_

    def probabilities(self, pixels: Pixels) -> Floats:
        """Return calibrated probabilities (n, k) of images, uint8 (n, 1 or 3, height, width) of its size."""
        # A temperature looks at no label, so any will do.
        nobody = torch.zeros(len(pixels), dtype=torch.int64)
        return self.predictions(Images(torch.from_numpy(pixels), nobody)).probs()

    def predictions(self, images: Images, *, ids: tuple[str, ...] | None = None) -> Predictions:
        """Return calibrated predictions of labelled images.

        Parameters
        ----------
        images : Images
            Of the run's size; grey ones or colours, as they come.
        ids : tuple of str, optional
            What each image is called.
        """
        pixels = torch.from_numpy(with_channels(images.pixels.numpy(), self.channels))
        logits = predict_logits(self.net, Images(pixels, images.labels), self.normalisation)
        rows = Predictions.from_logits(logits, images.labels.numpy(), classes=self.classes, ids=ids)
        return self.calibrator.transform(rows)


def load_run(folder: str | os.PathLike[str]) -> FinishedRun:
    """Load a finished run.

    Parameters
    ----------
    folder : path
        What `calibrant run` or `calibrant train` wrote.

    Raises
    ------
    InvalidRun
        The folder holds no finished run, or a damaged one.
    """
    place = Path(folder)
    check_finished(place, _FILES)
    recipe = load_recipe(str(place / "recipe.toml"))
    stored = read_stored(place)
    calibrator = read_temperature(place)
    normalisation = Normalisation(
        tuple(stored.identity["normalisation"]["mean"]), tuple(stored.identity["normalisation"]["std"])
    )
    classes = tuple(stored.identity["classes"])
    image_size, split_hash = _data_facts(place / "evaluation.json")
    # All its weights follow, so those that it started from are not looked for.
    alone = recipe.net.model_copy(update={"pretrained": False, "weights": None})
    net = build(alone, classes=len(classes), channels=len(normalisation.mean), image_size=image_size, seed=0)
    try:
        net.load_state_dict(stored.weights)
    except RuntimeError as error:
        raise InvalidRun(
            f"{place}: the weights do not fit the network of recipe.toml. One of the two files was changed."
        ) from error
    net.eval()
    return FinishedRun(place, recipe, net, classes, image_size, normalisation, split_hash, calibrator)


def _data_facts(path: Path) -> tuple[int, str]:
    """Return the size of the images and the hash of the split."""
    stored = read_bytes(path)
    try:
        data: Any = json_value(stored)["data"]
        return int(data["image_size"]), str(data["split_hash"])
    except (ValueError, LookupError, TypeError) as error:
        raise UnreadableFile(
            f"{path} does not say the size of the images and how they were split ({type(error).__name__}). "
            "Run the recipe again to write it afresh; nothing is trained twice."
        ) from error
