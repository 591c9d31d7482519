"""What a data set holds: images and classes of each split, sizes, mean and spread of the colours.

It goes through the images one by one as they are stored, so a data set may be larger than the memory.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Integers
from calibrant.datasets import digits
from calibrant.datasets.brightness import LEVELS, Brightness, of_counts
from calibrant.datasets.images import Images
from calibrant.datasets.load import read
from calibrant.datasets.locate import find_folder
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable
from calibrant.pictures.decode import decode_each
from calibrant.pictures.picture import Pixels
from calibrant.pictures.progress import Progress, silent

SCHEMA = "calibrant.data-stats/1"

Labelled = tuple[Pixels | str, int]


@dataclass(frozen=True)
class SplitStatistics:
    """One split.

    Attributes
    ----------
    images : int
        That can be read.
    per_class : tuple of int
        How many of each class.
    sizes : tuple of ((int, int), int)
        Width and height in pixels, with how many images have them; the most frequent first.
    """

    images: int
    per_class: tuple[int, ...]
    sizes: tuple[tuple[tuple[int, int], int], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "images": self.images,
            "per_class": list(self.per_class),
            "sizes": [
                {"width": width, "height": height, "images": count} for (width, height), count in self.sizes
            ],
        }


@dataclass(frozen=True)
class DataStatistics:
    """A data set.

    Attributes
    ----------
    name, place : str
        What was asked for, and where it was read from.
    classes : tuple of str
        Names, in the order of the labels.
    splits : dict of str to SplitStatistics
        ``"train"`` and, where there is one, ``"test"``.
    channels : tuple of Brightness
        Of all pixels of the split ``"train"``: grey, or red, green and blue.
    skipped : tuple of str
        Images that could not be read: the place of each, and why.
    """

    name: str
    place: str
    classes: tuple[str, ...]
    splits: dict[str, SplitStatistics]
    channels: tuple[Brightness, ...]
    skipped: tuple[str, ...]

    @property
    def one_size(self) -> bool:
        """Whether all training images have one size, so that each counts as much as any other."""
        return len(self.splits["train"].sizes) == 1

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "place": self.place,
            "classes": list(self.classes),
            "splits": {name: split.to_json() for name, split in self.splits.items()},
            "mean": [channel.mean for channel in self.channels],
            "std": [channel.std for channel in self.channels],
            "weighting": "pixels",
            "skipped": list(self.skipped),
        }


def data_statistics(
    spec: DataSpec, *, data_path: str | os.PathLike[str] | None = None, progress: Progress = silent
) -> DataStatistics:
    """Count images and classes, and measure the channels over all training images.

    Every pixel counts the same. Where sizes differ, a large image therefore counts for more than a small one.
    All rows of the split ``"train"`` are measured, also those that a recipe would hold out for validation.

    Parameters
    ----------
    spec : DataSpec
        Gives the data, the classes to keep and what to do at damaged images; images are not resized.
    data_path : path, optional
        Folder to read in place of the one that `spec` names.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        The data cannot be had, or an image cannot be read.

    Examples
    --------
    >>> statistics = data_statistics(DataSpec(name="digits", classes=("0", "1")))
    >>> statistics.splits["train"].per_class
    (178, 182)
    """
    folder = find_folder(spec, data_path)
    if folder is None and spec.name == digits.NAME:
        source = read(spec, data_path=data_path)
        place, classes, rows = "scikit-learn", source.classes, {"train": _decoded(source.train)}
    else:
        # Imported here because it takes seconds, which the digits do without.
        from calibrant.datasets.stored import open_stored

        stored = open_stored(spec, folder)
        place, classes = stored.place, stored.classes
        rows = {
            name: zip(
                (pixels for _, pixels in decode_each(split.images, on_corrupt=spec.on_corrupt)),
                split.labels,
                strict=True,
            )
            for name, split in stored.splits.items()
        }
    tallies = {name: _tally(split, progress) for name, split in rows.items()}
    if not tallies["train"].labels:
        raise DataUnavailable(f"none of the training images in {place} could be read.")
    return DataStatistics(
        name=spec.name,
        place=place,
        classes=classes,
        splits={name: tally.split(len(classes)) for name, tally in tallies.items()},
        channels=tallies["train"].channels(),
        skipped=tuple(said for tally in tallies.values() for said in tally.skipped),
    )


def _decoded(images: Images) -> Iterable[Labelled]:
    pixels = images.pixels.permute(0, 2, 3, 1).numpy()
    return zip(pixels.squeeze(3) if pixels.shape[3] == 1 else pixels, images.labels.tolist(), strict=True)


class _Tally:
    """What has been counted so far of one split."""

    def __init__(self) -> None:
        self.labels: Counter[int] = Counter()
        self.sizes: Counter[tuple[int, int]] = Counter()
        self.grey: Integers = np.zeros(LEVELS, dtype=np.int64)
        self.colour: Integers = np.zeros((3, LEVELS), dtype=np.int64)
        self.skipped: list[str] = []

    def add(self, pixels: Pixels, label: int) -> None:
        """Count one image."""
        self.labels[label] += 1
        self.sizes[pixels.shape[1], pixels.shape[0]] += 1
        if pixels.ndim == 2:
            self.grey += np.bincount(pixels.ravel(), minlength=LEVELS)
        else:
            for counts, channel in zip(self.colour, np.moveaxis(pixels, 2, 0), strict=True):
                counts += np.bincount(channel.ravel(), minlength=LEVELS)

    def split(self, classes: int) -> SplitStatistics:
        """Return the counts."""
        return SplitStatistics(
            images=self.labels.total(),
            per_class=tuple(self.labels[label] for label in range(classes)),
            sizes=tuple(sorted(self.sizes.items(), key=lambda item: (-item[1], item[0]))),
        )

    def channels(self) -> tuple[Brightness, ...]:
        """Return the channels; grey images among colour count as grey in each."""
        counts = self.grey[None] if not self.colour.any() else self.colour + self.grey
        return tuple(of_counts(channel) for channel in counts.tolist())


def _tally(rows: Iterable[Labelled], progress: Progress) -> _Tally:
    tally = _Tally()
    for pixels, label in rows:
        progress(1)
        if isinstance(pixels, str):
            tally.skipped.append(pixels)
        else:
            tally.add(pixels, label)
    return tally
