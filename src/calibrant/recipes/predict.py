"""What a finished run says about other images: calibrated probabilities, image by image or as rows.

Images are brought to the run's size and colours first, as its own were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from calibrant._typing import Floats
from calibrant.datasets.decode import EncodedImage, decode_each, decode_images, none_readable, stack
from calibrant.datasets.images import Images
from calibrant.datasets.progress import Progress, silent
from calibrant.datasets.spec import DataSpec, OnCorrupt
from calibrant.datasets.stored import StoredData, open_stored
from calibrant.errors import DataUnavailable
from calibrant.predictions import Predictions
from calibrant.printable import listed
from calibrant.recipes.finished import FinishedRun

_BATCH = 500


@dataclass(frozen=True)
class ImagePrediction:
    """The most probable classes of one image.

    Attributes
    ----------
    image : str
        Where it is.
    top : tuple of (str, float)
        Classes with calibrated probabilities, the most probable first.
    """

    image: str
    top: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "image": self.image,
            "class": self.top[0][0],
            "probability": self.top[0][1],
            "top": [{"class": name, "probability": probability} for name, probability in self.top],
        }


@dataclass(frozen=True, eq=False)
class PredictedImages:
    """Predictions for images without labels.

    Attributes
    ----------
    images : tuple of ImagePrediction
        In the order given.
    skipped : tuple of str
        Images that could not be read: the place of each, and why.
    """

    images: tuple[ImagePrediction, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PredictedRows:
    """Predictions for labelled images.

    Attributes
    ----------
    predictions : Predictions
        Calibrated logits with the labels, in the numbering of the run.
    split : str
        Which part of the data set they are of.
    other_classes : int
        Rows that were left out because the run does not know their class.
    skipped : tuple of str
        Images that could not be read: the place of each, and why.
    """

    predictions: Predictions
    split: str
    other_classes: int
    skipped: tuple[str, ...]


def predict_images(
    run: FinishedRun,
    images: Iterable[EncodedImage],
    *,
    top: int = 3,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> PredictedImages:
    """Predict images one by one.

    Parameters
    ----------
    run : FinishedRun
        What predicts.
    images : iterable of EncodedImage
        Of any size.
    top : int
        How many classes are wanted of each.
    on_corrupt : {"stop", "skip"}
        What to do at an image that cannot be read.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        An image cannot be read and is not to be skipped, or not one can be read.
    """
    predicted: list[ImagePrediction] = []
    skipped: list[str] = []
    each = decode_each(images, image_size=run.image_size, on_corrupt=on_corrupt, progress=progress)
    while batch := list(islice(each, _BATCH)):
        readable = [(image, pixels) for image, pixels in batch if not isinstance(pixels, str)]
        skipped.extend(pixels for _, pixels in batch if isinstance(pixels, str))
        if readable:
            rows = run.probabilities(stack([pixels for _, pixels in readable]))
            predicted.extend(
                ImagePrediction(image.place, _top(row, run.classes, top))
                for (image, _), row in zip(readable, rows, strict=True)
            )
    if not predicted:
        raise none_readable(skipped)
    return PredictedImages(tuple(predicted), tuple(skipped))


def predict_folder(
    run: FinishedRun,
    folder: Path,
    *,
    split: str | None = None,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> PredictedRows:
    """Predict the labelled images of a folder.

    Parameters
    ----------
    run : FinishedRun
        What predicts.
    folder : Path
        Parquet files, or images in one folder per class. Classes are matched by name.
    split : {"train", "test"}, optional
        Which part; by default ``"test"`` where there is one.
    on_corrupt : {"stop", "skip"}
        What to do at an image that cannot be read.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        There is no such part, no image of a class that the run knows, or an image cannot be read.
    """
    named = run.recipe.data
    spec = DataSpec(name=str(folder), image_column=named.image_column, label_column=named.label_column)
    stored = open_stored(spec, folder, required=split)
    part = split or ("test" if "test" in stored.splits else "train")
    number = {name: index for index, name in enumerate(run.classes)}
    known = [number.get(stored.classes[label]) for label in stored.splits[part].labels]
    labels = [label for label in known if label is not None]
    if not labels:
        raise DataUnavailable(
            f"{folder} has no image of a class that the run knows. It has {listed(stored.classes)}; "
            f"the run knows {listed(run.classes)}."
        )
    decoded = decode_images(
        _of_known(stored, part, known), image_size=run.image_size, on_corrupt=on_corrupt, progress=progress
    )
    images = Images(decoded.pixels, torch.tensor([labels[row] for row in decoded.kept]))
    return PredictedRows(run.predictions(images), part, len(known) - len(labels), decoded.skipped)


def _of_known(stored: StoredData, part: str, known: list[int | None]) -> Iterator[EncodedImage]:
    rows = zip(stored.splits[part].images, known, strict=True)
    return (image for image, label in rows if label is not None)


def _top(row: Floats, classes: tuple[str, ...], count: int) -> tuple[tuple[str, float], ...]:
    order = sorted(range(len(classes)), key=lambda index: (-row[index], index))
    return tuple((classes[index], float(row[index])) for index in order[:count])
