"""Reading and writing predictions by path: the format is chosen by the suffix, writing is all or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from calibrant._typing import Kind
from calibrant.atomic import replacing
from calibrant.errors import (
    IncompatiblePredictions,
    InvalidArgument,
    InvalidPredictions,
    UnwritableFile,
)
from calibrant.io.checked import checked
from calibrant.io.damage import reachable
from calibrant.io.format import AnyRaw, ReadOptions, classes_of, rows_of
from calibrant.io.growth import check_work
from calibrant.io.parts import parts_of
from calibrant.io.place import Place
from calibrant.io.registry import format_of
from calibrant.io.shard import cut_files
from calibrant.predictions import AnyPredictions, Predictions, RawPredictions, RawSoftLabel, joined
from calibrant.predictions.checks import check_sample_weight


def read(
    path: str | os.PathLike[str],
    *,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    counts_key: str | None = None,
) -> Predictions | Any:
    """Read and check a file of predictions, or a folder of parts; docs/formats.md lists the formats.

    A file of confidences alone gives `TopLabelPredictions`, one with counts of annotators in place of labels
    `SoftLabelPredictions`. The type says Any for them, because only the file tells which it is, and most
    callers expect labels and the probabilities of all classes.

    Parameters
    ----------
    path : path or URL
        The file; its suffix names the format. Or a folder of Parquet, Arrow or Feather files, which are
        read in the order of their names.
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
    MissingExtra
        The format, or the URL, needs a package that is not installed.
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
    place, options = Place.of(path), ReadOptions(logits_key, label_key, kind, counts_key)
    parts = parts_of(place)
    try:
        if parts != (place,):
            return _read_parts(parts, options)
        raw = _read_file(place, options)
        return checked(raw), raw.ignored
    except (InvalidPredictions, InvalidArgument) as error:
        raise type(error)(f"{place}: {error}") from error


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
    place, options = Place.of(path), ReadOptions(logits_key, label_key, kind)
    parts = parts_of(place)
    if parts != (place,):
        cut_files(parts, options, sys.maxsize)  # for the parts to agree
    raws = [_read_file(part, options) for part in parts]
    if isinstance(raws[0], RawSoftLabel):
        raise IncompatiblePredictions(
            f"{place} has counts of annotators in place of labels; this needs one label for each row. "
            "Put labels beside the counts: they are then read instead."
        )
    return replace(joined(raws), source=str(place), ignored=_all_of(raw.ignored for raw in raws))


def write(predictions: AnyPredictions, path: str | os.PathLike[str]) -> None:
    """Write predictions to a file, whole or not at all; the suffix names the format.

    Raises
    ------
    UnreadableFile
        The suffix is of no known format.
    UnwritableFile
        The place cannot be written to, or is a URL.
    MissingExtra
        The format needs a package that is not installed.
    """
    writer = format_of(Place.of(path))
    with replacing(writable(path)) as temporary:
        writer.write(temporary, predictions)


def writable(path: str | os.PathLike[str]) -> Path:
    """Return a path to write to, or raise `UnwritableFile` for a URL."""
    place = Place.of(path)
    if place.local is None:
        raise UnwritableFile(
            f"cannot write {place}: files are written on this machine only. Write one here and copy it there."
        )
    return place.local


def _read_file(place: Place, options: ReadOptions) -> AnyRaw:
    with reachable(place):
        raw = format_of(place).read(place, options)
        check_work(place, rows_of(raw), classes_of(raw))
        return raw


def _read_parts(parts: tuple[Place, ...], options: ReadOptions) -> tuple[Any, tuple[str, ...]]:
    found = cut_files(parts, options, sys.maxsize)
    rows = joined([part.read() for part in found])
    check_sample_weight(rows.sample_weight, rows.n)
    return rows, _all_of(part.ignored for part in found)


def _all_of(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))
