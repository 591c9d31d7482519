"""Reading and writing predictions by path: the format is chosen by the suffix, writing is all or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from calibrant._typing import Kind
from calibrant.atomic import replacing
from calibrant.errors import IncompatiblePredictions, InvalidArgument, InvalidPredictions, UnreadableFile
from calibrant.io.format import AnyRaw, ReadOptions
from calibrant.io.registry import format_of
from calibrant.predictions import (
    AnyPredictions,
    Predictions,
    RawPredictions,
    RawSoftLabel,
    RawTopLabel,
    SoftLabelPredictions,
    TopLabelPredictions,
)


def read(
    path: str | os.PathLike[str],
    *,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    counts_key: str | None = None,
) -> Predictions | Any:
    """Read and check a file of predictions (`.npz`, `.csv`).

    A file of confidences alone gives `TopLabelPredictions`, one with counts of annotators in place of labels
    `SoftLabelPredictions`. The type says Any for them, because only the file tells which it is, and most
    callers expect labels and the probabilities of all classes.

    Parameters
    ----------
    path : path
        The file; its suffix names the format.
    logits_key, label_key : str, optional
        Where files of others keep the scores and the labels.
    kind : {"logits", "probs"}, optional
        What the scores are, where the key does not say.
    counts_key : str, optional
        Where files of others keep counts of annotators; they are then read even if there are labels.

    Raises
    ------
    UnreadableFile
        No such file, an unknown format, a damaged file, or no scores in it.
    InvalidPredictions
        Its rows are not valid predictions.
    """
    return read_checked(path, logits_key=logits_key, label_key=label_key, kind=kind, counts_key=counts_key)[0]


def read_checked(
    path: str | os.PathLike[str],
    *,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    counts_key: str | None = None,
) -> tuple[Predictions | Any, tuple[str, ...]]:
    """Read and check as `read`, and name what else the file holds."""
    raw = _read_any(Path(path), ReadOptions(logits_key, label_key, kind, counts_key))
    try:
        if isinstance(raw, RawSoftLabel):
            return SoftLabelPredictions.from_raw(raw), raw.ignored
        if isinstance(raw, RawTopLabel):
            return TopLabelPredictions.from_raw(raw), raw.ignored
        return Predictions.from_raw(raw), raw.ignored
    except (InvalidPredictions, InvalidArgument) as error:
        raise type(error)(f"{path}: {error}") from error


def read_raw(
    path: str | os.PathLike[str],
    *,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
) -> RawPredictions | Any:
    """Read a file of predictions without checking its rows; it also names what nobody read.

    A file of confidences alone gives `RawTopLabel`; the type says Any for them, as that of `read` does.

    Raises
    ------
    IncompatiblePredictions
        The file has counts of annotators in place of labels.
    """
    raw = _read_any(Path(path), ReadOptions(logits_key, label_key, kind))
    if isinstance(raw, RawSoftLabel):
        raise IncompatiblePredictions(
            f"{path} has counts of annotators in place of labels; this needs one label for each row. "
            "Put labels beside the counts: they are then read instead."
        )
    return raw


def _read_any(source: Path, options: ReadOptions) -> AnyRaw:
    reader = format_of(source)
    if not source.exists():
        raise UnreadableFile(f"cannot read {source}: there is no such file.")
    if source.is_dir():
        raise UnreadableFile(f"cannot read {source}: it is a folder. Name a file of predictions.")
    try:
        return reader.read(source, options)
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"cannot read {source}: {error.strerror or error}.") from error


def write(predictions: AnyPredictions, path: str | os.PathLike[str]) -> None:
    """Write predictions to a file, whole or not at all; the suffix names the format.

    Raises
    ------
    UnreadableFile
        The suffix is of no known format.
    UnwritableFile
        The place cannot be written to.
    """
    writer = format_of(Path(path))
    with replacing(path) as temporary:
        writer.write(temporary, predictions)
