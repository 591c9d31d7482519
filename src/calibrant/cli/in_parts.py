"""Predictions in parts, with a bar of the rows that are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from calibrant.cli.output import note
from calibrant.cli.running import Running
from calibrant.errors import InvalidArgument
from calibrant.printable import listed

if TYPE_CHECKING:
    from calibrant._typing import Floats
    from calibrant.cli.pass_bar import PassBar
    from calibrant.engine import Engine, Part
    from calibrant.engine.protocol import BlockSums, R, RowWork, T
    from calibrant.predictions import Table


def refuse_counts(counts_key: str | None) -> None:
    """Raise `InvalidArgument` where counts of annotators are asked for in parts."""
    if counts_key is not None:
        raise InvalidArgument(
            "rows in parts (--in-parts, --engine dask) need one label each: leave --counts-key out, or "
            "read the file whole."
        )


@contextmanager
def tables_with_bar(
    paths: Sequence[Path],
    logits_key: str | None,
    label_key: str | None,
    kind: Literal["logits", "probs"] | None,
    running: Running,
) -> Iterator[list[Table]]:
    """Give the rows of files as tables, and show what is done while they are used; what fits is read once.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders.
    logits_key, label_key, kind
        As for `calibrant.read`.
    running : Running
        Who does the work.
    """
    from calibrant.cli.pass_bar import PassBar
    from calibrant.io.shard import shards
    from calibrant.io.table import table_of

    files = [shards(path, logits_key=logits_key, label_key=label_key, kind=kind) for path in paths]
    for path, cut in zip(paths, files, strict=True):
        if cut[0].ignored:
            note(f"{path}: not read: {listed(cut[0].ignored)}")
    with running.started() as engine, PassBar() as bar:
        yield [table_of(cut, _Watched(engine, bar)).kept() for cut in files]


@contextmanager
def table_with_bar(
    path: Path,
    logits_key: str | None,
    label_key: str | None,
    kind: Literal["logits", "probs"] | None,
    running: Running,
) -> Iterator[Table]:
    """Give the rows of one file as `tables_with_bar` does."""
    with tables_with_bar((path,), logits_key, label_key, kind, running) as tables:
        yield tables[0]


class _Watched:
    """An engine that tells how many rows are done, wherever that is."""

    def __init__(self, engine: Engine, bar: PassBar) -> None:
        self._engine, self._bar = engine, bar

    def for_rows(self, work: RowWork, rows: int, columns: int) -> None:
        self._engine.for_rows(work, rows, columns)

    def sum_rows(self, sums: BlockSums, rows: int, columns: int, width: int) -> Floats:
        return self._engine.sum_rows(sums, rows, columns, width)

    def over_parts(self, work: Callable[[T, Engine], R], parts: Sequence[Part[T]]) -> Iterator[R]:
        lengths = [_length(part) for part in parts]
        if any(lengths):
            self._bar.begin(sum(lengths))
        for length, result in zip(lengths, self._engine.over_parts(work, parts), strict=True):
            if length:
                self._bar(length)
            yield result


def _length(part: Part[Any]) -> int:
    """Return the rows of a part of a file; 0 for rows that a fit has picked, which are few."""
    from calibrant.io import Shard
    from calibrant.predictions import origin

    source = origin(part)
    return source.n if isinstance(source, Shard) else 0
