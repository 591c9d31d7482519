"""One call from what a recipe says about its data to tensors that a network can train on.

The steps have their own files: find, read, filter, decode, split, normalise.
"""

from __future__ import annotations

import os

from calibrant.datasets import digits
from calibrant.datasets.images import ImageData, Source
from calibrant.datasets.locate import find_folder
from calibrant.datasets.normalisation import normalisation_for
from calibrant.datasets.spec import DataSpec
from calibrant.datasets.split import split
from calibrant.errors import MissingExtra
from calibrant.pictures.progress import Progress, silent


def load(
    spec: DataSpec, *, data_path: str | os.PathLike[str] | None = None, progress: Progress = silent
) -> ImageData:
    """Load a data set, split it and prepare its normalisation.

    Parameters
    ----------
    spec : DataSpec
        Where the data are and what is made of them.
    data_path : path, optional
        Folder to read in place of the one, or of the hub's data set, that `spec` names.
    progress : Progress
        Told how many images have been read.

    Returns
    -------
    ImageData
        The same for the same images, `spec` and nothing else: not the order of rows, not the machine.

    Raises
    ------
    DataUnavailable
        The data cannot be had, or are not as `spec` says.
    InvalidArgument
        Normalisation constants that are not one per channel.
    MissingExtra
        A package that reads this kind of data is not installed.

    Examples
    --------
    >>> data = load(DataSpec(name="digits", train_rows=200))
    >>> len(data.train), len(data.validation), len(data.test)
    (200, 798, 799)
    """
    source = read(spec, data_path=data_path, progress=progress)
    parts = split(source, spec)
    return ImageData(
        train=parts.train,
        validation=parts.validation,
        test=parts.test,
        classes=source.classes,
        split_hash=parts.hash,
        normalisation=normalisation_for(spec, parts.train.pixels),
        skipped=source.skipped,
    )


def read(
    spec: DataSpec, *, data_path: str | os.PathLike[str] | None = None, progress: Progress = silent
) -> Source:
    """Read a data set as it is stored, before it is split; parameters and errors as in `load`."""
    folder = find_folder(spec, data_path)
    if folder is None and spec.name == digits.NAME:
        return digits.read(spec)
    try:
        # Imported here because it takes seconds, which the digits do without.
        from calibrant.datasets import hugging_face
    except ModuleNotFoundError as missing:
        raise MissingExtra("Reading image data sets", "train", missing.name or "datasets") from missing

    return hugging_face.read(spec, folder, progress=progress)
