"""A file of predictions that is written as its rows come, whole or not at all.

Where the rows come from, and how many at a time, is the business of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from calibrant.atomic import replacing
from calibrant.errors import EmptyPredictions
from calibrant.io.format import Schema
from calibrant.io.registry import FORMATS, WRITERS
from calibrant.predictions import AnyPredictions, joined


def write_in_turn(path: Path, schema: Schema, n: int, rows: Iterable[AnyPredictions]) -> None:
    """Write n rows; formats that cannot be appended to have them all in memory first.

    Parameters
    ----------
    path : Path
        The file, of a known format.
    schema : Schema
        What the rows have.
    n : int
        How many there will be.
    rows : iterable of predictions
        All of one form.
    """
    suffix = path.suffix.lower()
    with replacing(path) as temporary:
        if suffix in WRITERS and not (suffix == ".npy" and {"groups", "ids"} & set(schema.columns)):
            with WRITERS[suffix](temporary, schema, n) as append:
                for some in rows:
                    append(some)
        else:
            FORMATS[suffix].write(temporary, joined(list(rows)))


def counted(rows: Iterable[AnyPredictions], on_rows: Callable[[int], None]) -> Iterator[AnyPredictions]:
    """Give the same rows, and tell `on_rows` how many have been dealt with.

    Raises
    ------
    EmptyPredictions
        All rows weigh 0.
    """
    weighs = False
    for some in rows:
        weighs = weighs or some.sample_weight is None or bool(some.sample_weight.any())
        yield some
        on_rows(some.n)
    if not weighs:
        raise EmptyPredictions("sample_weight is 0 on every row, so nothing is left to compute from.")
