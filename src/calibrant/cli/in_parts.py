"""Predictions in parts, with a count of the rows that have been read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from calibrant.cli.output import note
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.engine import Part
    from calibrant.predictions import Predictions, Table


def refuse_counts(counts_key: str | None) -> None:
    """Raise `InvalidArgument` where counts of annotators are asked for in parts."""
    if counts_key is not None:
        raise InvalidArgument(
            "--in-parts needs one label for each row: leave --counts-key out, or --in-parts."
        )


@contextmanager
def table_with_bar(
    path: Path, logits_key: str | None, label_key: str | None, kind: Literal["logits", "probs"] | None
) -> Iterator[Table]:
    """Give the rows of a file as a table, and show how many are read while it is used."""
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.io.shard import shards
    from calibrant.io.table import table_of

    cut = shards(path, logits_key=logits_key, label_key=label_key, kind=kind)
    if cut[0].ignored:
        note(f"{path}: not read: {', '.join(cut[0].ignored)}")
    rows = table_of(cut)
    with ReadingBar("rows read") as bar:
        yield replace(rows, parts=tuple(_Counted(part, bar) for part in rows.parts))


@dataclass(frozen=True, eq=False, slots=True)
class _Counted:
    """A part that tells how many rows it had."""

    part: Part[Predictions]
    bar: ReadingBar

    def read(self) -> Predictions:
        rows = self.part.read()
        self.bar(rows.n)
        return rows
