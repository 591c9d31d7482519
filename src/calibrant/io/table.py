"""A file of predictions, or a folder of parts, as a table that is never in memory as a whole."""

from __future__ import annotations

import os

from calibrant._typing import Kind
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import IncompatiblePredictions
from calibrant.io.shard import Shard, shards
from calibrant.predictions import Table


def table(
    path: str | os.PathLike[str],
    *,
    rows: int | None = None,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    engine: Engine = DEFAULT_ENGINE,
) -> Table:
    """Return the rows of a file as a table, whose parts are read whenever they are needed.

    A fit and an evaluation keep what they have read for their next pass, where there is room
    (`Table.kept`); other memory than that holds a part, and one more a thread, up to five.

    Parameters
    ----------
    path : path or URL
        The file or folder; a format that cannot be read in parts gives a table of one.
    rows : int, optional
        Most rows of a part; by default as many as have 64 MiB of scores.
    logits_key, label_key, kind
        As for `calibrant.read`.
    engine : Engine
        What goes over parts and rows.

    Raises
    ------
    UnreadableFile, InvalidPredictions
        As `shards`; what is wrong with the rows of a part shows when it is read.
    IncompatiblePredictions
        The rows have only the confidence of the top label, or counts of annotators.

    Examples
    --------
    >>> from calibrant import TemperatureScaling
    >>> TemperatureScaling().fit(table("validation.parquet"))  # doctest: +SKIP
    """
    cut = shards(path, rows=rows, logits_key=logits_key, label_key=label_key, kind=kind)
    return table_of(cut, engine)


def table_of(cut: list[Shard], engine: Engine = DEFAULT_ENGINE) -> Table:
    """Return shards of one set as a table; raises `IncompatiblePredictions` as `table`."""
    schema = cut[0].schema
    if schema.k is None or schema.kind is None or "labels" not in schema.columns:
        raise IncompatiblePredictions(
            f"{cut[0].place} has {', '.join(schema.columns)}: rows in parts need the scores of all classes "
            "and one label each. Read it whole."
        )
    return Table(cut, schema.k, engine, schema.kind)
