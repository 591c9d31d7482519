"""The labelled images of a folder, predicted by a finished run or an exported file: rows to evaluate.

Images alone are predicted by `calibrant.exported.predicting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from calibrant.datasets.decode import decode_images
from calibrant.datasets.images import Images
from calibrant.datasets.spec import DataSpec
from calibrant.datasets.stored import StoredData, open_stored
from calibrant.errors import DataUnavailable
from calibrant.exported.exported_model import ExportedModel
from calibrant.pictures.decode import EncodedImage
from calibrant.pictures.on_corrupt import OnCorrupt
from calibrant.pictures.progress import Progress, silent
from calibrant.predictions import Predictions
from calibrant.printable import listed
from calibrant.recipes.finished import FinishedRun


@dataclass(frozen=True, eq=False)
class PredictedRows:
    """Predictions for labelled images.

    Attributes
    ----------
    predictions : Predictions
        Calibrated, with the labels in the numbering of the model: logits of a run, probabilities of a file.
    split : str
        Which part of the data set they are of.
    other_classes : int
        Rows that were left out because the model does not know their class.
    skipped : tuple of str
        Images that could not be read: the place of each, and why.
    """

    predictions: Predictions
    split: str
    other_classes: int
    skipped: tuple[str, ...]


def predict_folder(
    model: FinishedRun | ExportedModel,
    folder: Path,
    *,
    split: str | None = None,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> PredictedRows:
    """Predict the labelled images of a folder.

    Parameters
    ----------
    model : FinishedRun or ExportedModel
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
        There is no such part, no image of a class that the model knows, or an image cannot be read.
    """
    named = model.recipe.data if isinstance(model, FinishedRun) else DataSpec(name=str(folder))
    spec = DataSpec(name=str(folder), image_column=named.image_column, label_column=named.label_column)
    stored = open_stored(spec, folder, required=split)
    part = split or ("test" if "test" in stored.splits else "train")
    number = {name: index for index, name in enumerate(model.classes)}
    known = [number.get(stored.classes[label]) for label in stored.splits[part].labels]
    labels = [label for label in known if label is not None]
    if not labels:
        raise DataUnavailable(
            f"{folder} has no image of a class that the model knows. It has {listed(stored.classes)}; "
            f"the model knows {listed(model.classes)}."
        )
    decoded = decode_images(
        _of_known(stored, part, known), image_size=model.image_size, on_corrupt=on_corrupt, progress=progress
    )
    images = Images(decoded.pixels, torch.tensor([labels[row] for row in decoded.kept]))
    return PredictedRows(_calibrated(model, images), part, len(known) - len(labels), decoded.skipped)


def _of_known(stored: StoredData, part: str, known: list[int | None]) -> Iterator[EncodedImage]:
    rows = zip(stored.splits[part].images, known, strict=True)
    return (image for image, label in rows if label is not None)


def _calibrated(model: FinishedRun | ExportedModel, images: Images) -> Predictions:
    if isinstance(model, FinishedRun):
        return model.predictions(images)
    probs = model.probabilities(images.pixels.numpy())
    return Predictions.from_probs(probs, images.labels.numpy(), classes=model.classes)
