"""Images that a user names: files, or a folder, with labels or without.

It looks at names alone; nothing is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from calibrant.errors import DataUnavailable
from calibrant.pictures.bounds import known_suffixes
from calibrant.pictures.decode import EncodedImage


def is_labelled(folder: Path) -> bool:
    """Return whether a folder says which class each image has: parquet files, or one folder per class.

    Hidden folders are of programs, which keep thumbnails there, and are no classes.
    """
    return bool(parquet_files(folder)) or any(
        _is_image(path)
        for inner in folder.iterdir()
        if inner.is_dir() and not inner.name.startswith(".")
        for path in inner.rglob("*")
    )


def unlabelled_images(paths: Sequence[Path]) -> list[EncodedImage]:
    """Return the files named, and for a folder the images in it by name.

    Raises
    ------
    DataUnavailable
        A file or folder that is not there, or a folder without images.
    """
    images: list[EncodedImage] = []
    for path in paths:
        if not path.exists():
            raise DataUnavailable(f"there is no image or folder {path}.")
        files = sorted(filter(_is_image, path.iterdir())) if path.is_dir() else [path]
        if not files:
            raise DataUnavailable(
                f"the folder {path} holds no image. Name image files, a folder of images, "
                "or one of parquet files or of images in one folder per class."
            )
        images.extend(EncodedImage(file, str(file)) for file in files)
    return images


def parquet_files(folder: Path) -> dict[str, list[str]]:
    """List the parquet files of `folder` by split.

    A file belongs to the split whose name stands before the first hyphen or point of its own:
    ``train.parquet``, ``train-00000-of-00002.parquet``. The hub keeps them in a folder ``data``.
    """
    files = sorted(folder.glob("*.parquet")) or sorted(folder.glob("data/*.parquet"))
    splits: dict[str, list[str]] = {}
    for file in files:
        splits.setdefault(file.stem.split("-")[0].split(".")[0], []).append(str(file))
    return splits


def _is_image(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in known_suffixes()
