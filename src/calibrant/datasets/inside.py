"""Files that a data set names: inside its own folder they are opened, anywhere else they are not.

A row of a parquet file or of `metadata.csv` may name any path. Links on the disk are the folder owner's and
are followed.
"""

from __future__ import annotations

import os
from pathlib import Path

from datasets import config  # type: ignore[import-untyped]
from huggingface_hub import constants

from calibrant.errors import DataUnavailable


def folders_of(folder: Path | None) -> tuple[Path, ...]:
    """Return where the files of a data set lie: its folder, or for one of the hub the library's caches."""
    if folder is not None:
        return (_plain(folder),)
    caches = (config.HF_CACHE_HOME, config.HF_DATASETS_CACHE, constants.HF_HUB_CACHE)
    return tuple(_plain(Path(cache)) for cache in caches)


def named_file(path: str, folders: tuple[Path, ...], place: str) -> Path:
    """Return the file that a row names.

    Parameters
    ----------
    path : str
        As it is stored; from the data set's folder where it is no whole path.
    folders : tuple of Path
        What `folders_of` returned.
    place : str
        Which row names it, for messages.

    Raises
    ------
    DataUnavailable
        It lies elsewhere, or is no path on this machine.
    """
    # A name that is no whole path is meant from the data set, wherever the program was started.
    meant = [_plain(folder / path) for folder in folders]
    within = [own for own in meant if any(own.is_relative_to(folder) for folder in folders)]
    if not within:
        raise DataUnavailable(
            f"{place} is no image but the name {path!r}, which lies outside {folders[0]}; it was not opened. "
            "Store the images themselves in the rows, or beside them."
        )
    return next((own for own in within if own.exists()), within[0])


def _plain(path: Path) -> Path:
    """Return the absolute path without `..`, links as they are."""
    return Path(os.path.normpath(path.absolute()))
