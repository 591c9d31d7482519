"""Which folder a data set is read from, if any: the caller's, one under ``$CALIBRANT_DATA``, or one by name.

It looks for folders; it opens nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable, InvalidArgument
from calibrant.pictures.given import parquet_files

ENVIRONMENT_VARIABLE = "CALIBRANT_DATA"


def find_folder(spec: DataSpec, data_path: str | os.PathLike[str] | None) -> Path | None:
    """Return the folder to read, or None where the data set is not in a folder.

    Parameters
    ----------
    spec : DataSpec
        Its `local` names a folder under ``$CALIBRANT_DATA``, its `name` may be a folder itself.
    data_path : path, optional
        Overrides both.

    Raises
    ------
    DataUnavailable
        `data_path` is not a folder.
    """
    if data_path is not None:
        folder = Path(data_path)
        if not folder.is_dir():
            raise DataUnavailable(
                f"there is no folder {folder}. "
                "Name one that holds parquet files, or images in one folder per class."
            )
        return folder
    replacement = local_folder(spec)
    candidates = [replacement] if replacement is not None else []
    return next((folder for folder in [*candidates, Path(spec.name)] if folder.is_dir()), None)


def check_outside(output: Path, folder: Path | None) -> None:
    """Raise `InvalidArgument` where a run would lie among the images it is trained on.

    Its figures would be taken for images, and its folder for a class. Of a folder of parquet files nothing
    else is read.

    Parameters
    ----------
    output : Path
        Where the run is written.
    folder : Path, optional
        Where the images lie, if in a folder.
    """
    if folder is None or parquet_files(folder) or not output.resolve().is_relative_to(folder.resolve()):
        return
    raise InvalidArgument(
        f"a run in {output} would lie among the images of {folder}, and its figures be taken for some. "
        "Name a folder outside."
    )


def local_folder(spec: DataSpec) -> Path | None:
    """Return where under ``$CALIBRANT_DATA`` the data set would be, or None where that is not said."""
    root = os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(root) / spec.local if root and spec.local else None
