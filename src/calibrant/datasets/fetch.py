"""The calls to the Hugging Face library: the hub, parquet files, image folders.

They return its data sets as they are, with the images still encoded; `hugging_face.py` reads them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import datasets  # type: ignore[import-untyped]
from datasets.exceptions import DatasetNotFoundError, DatasetsError  # type: ignore[import-untyped]
from pyarrow import ArrowException  # type: ignore[import-untyped]

from calibrant.datasets.locate import ENVIRONMENT_VARIABLE, local_folder
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable
from calibrant.pictures.bounds import known_suffixes
from calibrant.pictures.given import parquet_files

_DESCRIPTIONS = frozenset({"metadata.csv", "metadata.jsonl", "metadata.parquet"})


def fetch_from_hub(spec: DataSpec) -> datasets.DatasetDict:
    """Fetch `spec.name` from the hub, or from the library's own cache of it.

    Raises
    ------
    DataUnavailable
        There is no such data set, or no network.
    """
    try:
        return datasets.load_dataset(spec.name)
    except DatasetNotFoundError as error:
        raise DataUnavailable(
            f"there is no data set {spec.name!r} on the Hugging Face hub, and no folder of that name here. "
            "Check data.name, or name a folder with --data PATH."
        ) from error
    except (OSError, ValueError, DatasetsError) as error:
        raise DataUnavailable(
            f"the data set {spec.name!r} could not be fetched from the Hugging Face hub: {error}. "
            f"Connect to the network, or name a folder that holds it with --data PATH{_or_local(spec)}."
        ) from error


def fetch_from_folder(folder: Path) -> datasets.DatasetDict:
    """Read the parquet files of a folder, or else its images in one folder per class.

    Raises
    ------
    DataUnavailable
        The folder holds neither, or a file is damaged.
    """
    files = parquet_files(folder)
    try:
        with _without_progress_bars(), _uncounted():
            if files:
                return datasets.load_dataset("parquet", data_files=files)
            return datasets.load_dataset("imagefolder", data_files=_image_patterns(folder), drop_labels=False)
    except (OSError, ValueError, DatasetsError, ArrowException) as error:
        raise DataUnavailable(
            f"{folder} could not be read as parquet files or as images in one folder per class: {error}. "
            "Check that it is the right folder and that its files are whole."
        ) from error


def _or_local(spec: DataSpec) -> str:
    if spec.local is None:
        return ""
    looked_in = local_folder(spec)
    found = f"; there is no folder {looked_in}" if looked_in else ""
    return f", or set ${ENVIRONMENT_VARIABLE} to the folder that holds {spec.local!r}{found}"


def _image_patterns(folder: Path) -> dict[str, list[str]]:
    # Named outright: the library would guess splits from words in any file's name.
    if not (folder / "train").is_dir():
        return {"train": _patterns_in(folder)}
    return {name: _patterns_in(folder / name) for name in ("train", "test") if (folder / name).is_dir()}


def _patterns_in(folder: Path) -> list[str]:
    """Return patterns for images and what describes them: all else the library would take for archives."""
    there = {name for _, _, files in os.walk(folder) for name in files}
    suffixes = {Path(name).suffix for name in there}
    ends = sorted(f"*{suffix}" for suffix in suffixes if suffix.lower() in known_suffixes())
    return [str(folder / "**" / end) for end in (*ends, *sorted(there & _DESCRIPTIONS))]


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    already = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if not already:
            datasets.enable_progress_bars()


@contextmanager
def _uncounted() -> Iterator[None]:
    """Keep the library from telling a server that files of this machine are read."""
    counting = datasets.config.HF_UPDATE_DOWNLOAD_COUNTS
    datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = False
    try:
        yield
    finally:
        datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = counting
