"""Data sets that the Hugging Face library reads, as decoded images with labels in the order asked for."""

from __future__ import annotations

from pathlib import Path

import torch

from calibrant.datasets.decode import decode_images
from calibrant.datasets.images import Images, Source
from calibrant.datasets.spec import DataSpec
from calibrant.datasets.stored import open_stored
from calibrant.pictures.progress import Progress, silent


def read(spec: DataSpec, folder: Path | None, *, progress: Progress = silent) -> Source:
    """Read the splits ``train`` and, where there is one, ``test``; other splits are left alone.

    Parameters
    ----------
    spec : DataSpec
        Gives name, classes, columns, image size, and what to do at damaged images.
    folder : Path or None
        A folder of parquet files or of images; None fetches `spec.name` from the hub.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        The data cannot be had, are damaged, or are not as `spec` says.
    """
    stored = open_stored(spec, folder)
    parts: dict[str, Images] = {}
    skipped: list[str] = []
    for split, rows in stored.splits.items():
        decoded = decode_images(
            rows.images, image_size=spec.image_size, on_corrupt=spec.on_corrupt, progress=progress
        )
        parts[split] = Images(decoded.pixels, torch.tensor([rows.labels[row] for row in decoded.kept]))
        skipped.extend(decoded.skipped)
    return Source(parts["train"], parts.get("test"), stored.classes, tuple(skipped))
