"""Images predicted one by one, by a finished run or an exported file.

Each is brought to the model's size and colours first, as the images that it was trained on were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from calibrant._typing import Floats
from calibrant.exported.model import ImageClassifier
from calibrant.exported.wording import in_words
from calibrant.pictures.channels import stack
from calibrant.pictures.decode import EncodedImage, decode_each, none_readable
from calibrant.pictures.on_corrupt import OnCorrupt
from calibrant.pictures.progress import Progress, silent

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

    @property
    def words(self) -> str:
        """The first class and its probability in plain words."""
        return in_words(*self.top[0])

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "image": self.image,
            "class": self.top[0][0],
            "probability": self.top[0][1],
            "words": self.words,
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


def predict_images(
    model: ImageClassifier,
    images: Iterable[EncodedImage],
    *,
    top: int = 3,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> PredictedImages:
    """Predict images one by one.

    Parameters
    ----------
    model : ImageClassifier
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
    each = decode_each(images, image_size=model.image_size, on_corrupt=on_corrupt, progress=progress)
    while batch := list(islice(each, _BATCH)):
        readable = [(image, pixels) for image, pixels in batch if not isinstance(pixels, str)]
        skipped.extend(pixels for _, pixels in batch if isinstance(pixels, str))
        if readable:
            rows = model.probabilities(stack([pixels for _, pixels in readable]))
            predicted.extend(
                ImagePrediction(image.place, _top(row, model.classes, top))
                for (image, _), row in zip(readable, rows, strict=True)
            )
    if not predicted:
        raise none_readable(skipped)
    return PredictedImages(tuple(predicted), tuple(skipped))


def _top(row: Floats, classes: tuple[str, ...], count: int) -> tuple[tuple[str, float], ...]:
    order = sorted(range(len(classes)), key=lambda index: (-row[index], index))
    return tuple((classes[index], float(row[index])) for index in order[:count])
