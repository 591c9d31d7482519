"""Data sets that the Hugging Face library reads, as decoded images with labels in the order asked for.

Rows of other classes are left out before their images are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import datasets  # type: ignore[import-untyped]
import torch

from calibrant.datasets.classes import keep_classes
from calibrant.datasets.columns import find_columns, label_names, label_numbers
from calibrant.datasets.decode import EncodedImage, decode_images
from calibrant.datasets.fetch import fetch_from_folder, fetch_from_hub
from calibrant.datasets.images import Images, Source
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


def read(spec: DataSpec, folder: Path | None) -> Source:
    """Read the splits ``train`` and, where there is one, ``test``; other splits are left alone.

    Parameters
    ----------
    spec : DataSpec
        Gives name, classes, columns and image size.
    folder : Path or None
        A folder of parquet files or of images; None fetches `spec.name` from the hub.

    Raises
    ------
    DataUnavailable
        The data cannot be had, are damaged, or are not as `spec` says.
    """
    place = spec.name if folder is None else str(folder)
    splits = fetch_from_hub(spec) if folder is None else fetch_from_folder(folder)
    if "train" not in splits:
        raise DataUnavailable(
            f"{place} has no split called 'train', only {', '.join(splits)}. "
            "Name the files train.parquet and test.parquet, or the folders train and test."
        )
    features = splits["train"].features
    columns = find_columns(features, spec)
    labels = {name: splits[name][columns.label][:] for name in ("train", "test") if name in splits}
    names = label_names(features, columns.label, [label for part in labels.values() for label in part])
    classes = spec.classes or names

    def images(split: str) -> Images:
        numbers = label_numbers(features, columns.label, labels[split], names)
        kept = keep_classes(numbers, names, classes)
        if not kept.rows:
            raise DataUnavailable(f"the split {split!r} of {place} has no image of {', '.join(classes)}.")
        encoded = _encoded(splits[split], columns.image, kept.rows, f"{split} in {place}")
        return Images(decode_images(encoded, image_size=spec.image_size), torch.tensor(kept.labels))

    return Source(images("train"), images("test") if "test" in labels else None, classes)


def _encoded(
    rows: datasets.Dataset, column: str, numbers: Sequence[int], place: str
) -> Iterator[EncodedImage]:
    stored = rows.select_columns([column]).cast_column(column, datasets.Image(decode=False))
    for number, row in zip(numbers, stored.select(numbers), strict=True):
        content, path = row[column]["bytes"], row[column]["path"]
        if content is None:
            yield EncodedImage(Path(path).read_bytes(), f"the image {path}")
        else:
            yield EncodedImage(content, f"the image in row {number} of {place}")
