"""Predictions from one format into another, shard by shard where both can, or into a folder of parts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from calibrant._typing import Kind
from calibrant.atomic import filling
from calibrant.errors import InvalidArgument
from calibrant.io.apart import check_apart
from calibrant.io.files import writable
from calibrant.io.in_turn import counted, write_in_turn
from calibrant.io.place import Place
from calibrant.io.registry import FORMATS, format_of
from calibrant.io.shard import shards
from calibrant.predictions import AnyPredictions, joined

_PART = ".parquet"


@final
@dataclass(frozen=True, slots=True)
class Conversion:
    """What was written.

    Attributes
    ----------
    n : int
        Number of rows.
    k : int, optional
        Number of classes, where the rows say it.
    kind : {"logits", "probs"}, optional
        What the scores are; None for rows of the top label alone.
    columns : tuple of str
        What each row has, such as `logits`, `labels` and `ids`.
    parts : int
        Number of files.
    left_out : tuple of str
        What the source holds besides, and was not written.
    """

    n: int
    k: int | None
    kind: Kind | None
    columns: tuple[str, ...]
    parts: int
    left_out: tuple[str, ...]


def convert(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    rows_per_part: int | None = None,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    counts_key: str | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Conversion:
    """Read a file of predictions and write it as another, whole or not at all.

    Between formats that can be read and written in parts (Parquet, Arrow, Feather, CSV, and `.npy` without
    `groups` and `ids`) never more than one shard is in memory.

    Parameters
    ----------
    source, target : path
        The suffixes name the formats. The source may be a URL or a folder of parts.
    rows_per_part : int, optional
        Write a folder of Parquet files of so many rows instead of one file.
    logits_key, label_key, kind, counts_key
        As for `calibrant.read`.
    on_rows : function
        Called with the number of rows that have been written since the last call.

    Raises
    ------
    UnreadableFile, InvalidPredictions
        As `calibrant.read`, and as `calibrant.write`.
    """
    path = writable(target)
    if rows_per_part is None:
        format_of(Place.of(target))
        check_apart(path, source, keys=(label_key, counts_key))
    elif rows_per_part < 1:
        raise InvalidArgument(f"a part needs at least one row; got rows_per_part={rows_per_part}.")
    options: dict[str, Any] = {
        "logits_key": logits_key, "label_key": label_key, "kind": kind, "counts_key": counts_key
    }  # fmt: skip
    found = shards(source, rows=rows_per_part, **options)
    rows = counted((shard.read() for shard in found), on_rows)
    parts, schema, n = 1, found[0].schema, sum(shard.n for shard in found)
    if rows_per_part is None:
        write_in_turn(path, schema, n, rows)
    else:
        parts = _write_parts(_regrouped(rows, rows_per_part), path)
    left_out = tuple(dict.fromkeys(name for shard in found for name in shard.ignored))
    columns = tuple(sorted((schema.kind or name) if name == "scores" else name for name in schema.columns))
    return Conversion(n, schema.k, schema.kind, columns, parts, left_out)


def _regrouped(rows: Iterable[AnyPredictions], size: int) -> Iterator[AnyPredictions]:
    """Give the same rows, so many at a time."""
    kept: list[AnyPredictions] = []
    room = size
    for some in rows:
        at = 0
        while at < some.n:
            stop = min(at + room, some.n)
            kept.append(some.take(np.arange(at, stop)))
            room -= stop - at
            at = stop
            if room == 0:
                yield joined(kept)
                kept, room = [], size
    if kept:
        yield joined(kept)


def _write_parts(rows: Iterable[AnyPredictions], folder: Path) -> int:
    number = -1
    with filling(folder) as temporary:
        for number, part in enumerate(rows):
            FORMATS[_PART].write(temporary / f"part-{number:05d}{_PART}", part)
    return number + 1
