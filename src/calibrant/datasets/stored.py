"""Data sets that the Hugging Face library reads, as rows whose images are still encoded.

Rows of other classes are left out here, so that nobody decodes their images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import datasets  # type: ignore[import-untyped]

from calibrant.datasets.classes import keep_classes
from calibrant.datasets.columns import find_columns, label_names, label_numbers
from calibrant.datasets.fetch import fetch_from_folder, fetch_from_hub
from calibrant.datasets.inside import folders_of, named_file
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable
from calibrant.pictures.decode import EncodedImage
from calibrant.printable import listed


@dataclass(frozen=True, eq=False)
class StoredRows:
    """Rows of one split.

    Attributes
    ----------
    images : iterator of EncodedImage
        As many as `labels`, read from the disk as they are asked for; they can be gone through once.
    labels : list of int
        In 0..k−1.
    """

    images: Iterator[EncodedImage]
    labels: list[int]


@dataclass(frozen=True, eq=False)
class StoredData:
    """A data set before anything is decoded.

    Attributes
    ----------
    place : str
        Folder or name of the hub.
    splits : mapping of str to StoredRows
        ``"train"`` and ``"test"``, or one of them; other splits are left alone.
    classes : tuple of str
        Names of the classes 0..k−1.
    """

    place: str
    splits: Mapping[str, StoredRows]
    classes: tuple[str, ...]


def open_stored(spec: DataSpec, folder: Path | None, *, required: str | None = "train") -> StoredData:
    """Find images and labels of the splits ``train`` and ``test``, as far as they are there.

    Parameters
    ----------
    spec : DataSpec
        Gives name, classes and columns.
    folder : Path or None
        A folder of parquet files or of images; None fetches `spec.name` from the hub.
    required : str or None
        The split that must be there; None takes either.

    Raises
    ------
    DataUnavailable
        The data cannot be had, are damaged, or are not as `spec` says.
    """
    place = spec.name if folder is None else str(folder)
    splits = fetch_from_hub(spec) if folder is None else fetch_from_folder(folder)
    found = [name for name in ("train", "test") if name in splits]
    if not found or (required is not None and required not in found):
        raise DataUnavailable(
            f"{place} has no split called {required or 'train'!r}, only {', '.join(splits)}. "
            "Name the files train.parquet and test.parquet, or the folders train and test."
        )
    features = splits[found[0]].features
    columns = find_columns(features, spec)
    labels = {name: splits[name][columns.label][:] for name in found}
    names = label_names(features, columns.label, [label for part in labels.values() for label in part])
    classes = spec.classes or names

    def rows(split: str) -> StoredRows:
        numbers = label_numbers(features, columns.label, labels[split], names)
        kept = keep_classes(numbers, names, classes)
        if not kept.rows:
            raise DataUnavailable(f"the split {split!r} of {place} has no image of {listed(classes)}.")
        encoded = _encoded(splits[split], columns.image, kept.rows, f"{split} in {place}", folders_of(folder))
        return StoredRows(encoded, kept.labels)

    return StoredData(place, {split: rows(split) for split in labels}, classes)


def _encoded(
    rows: datasets.Dataset, column: str, numbers: Sequence[int], place: str, folders: tuple[Path, ...]
) -> Iterator[EncodedImage]:
    stored = rows.select_columns([column]).cast_column(column, datasets.Image(decode=False))
    for number, row in zip(numbers, stored.select(numbers), strict=True):
        image = row[column] or {"bytes": b"", "path": None}
        here = f"the image in row {number} of {place}"
        if image["bytes"] is None and image["path"] is not None:
            file = named_file(image["path"], folders, here)
            yield EncodedImage(file, f"the image {image['path']}")
        else:
            yield EncodedImage(image["bytes"] or b"", here)
