"""Rows of a file of predictions that are read by themselves: on this machine, in time, or on another one.

Cutting a file reads no scores. Read one after the other, its shards are exactly what the whole file is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, final

from calibrant._typing import Kind
from calibrant.errors import InvalidArgument, InvalidPredictions, UnreadableFile
from calibrant.io.checked import checked
from calibrant.io.damage import changed, reachable
from calibrant.io.format import AnyRaw, ReadOptions, Schema, Span, rows_of
from calibrant.io.growth import check_work
from calibrant.io.parts import parts_of
from calibrant.io.place import Place
from calibrant.io.registry import format_of
from calibrant.predictions import Predictions
from calibrant.predictions.checks import check_row_weights


@final
@dataclass(frozen=True, slots=True)
class Shard:
    """Some rows of a file. It holds addresses and numbers only, so it is cheap to send to another process.

    Attributes
    ----------
    place : Place
        The file; one part where the rows came as a folder.
    span : Span
        Which rows of it.
    schema : Schema
        What the rows have, the same for all shards of a set.
    options : ReadOptions
        How to read the file.
    ignored : tuple of str
        What the file holds besides.
    state : tuple of int, optional
        State of the file when it was cut; None for a URL.
    """

    place: Place
    span: Span
    schema: Schema
    options: ReadOptions
    ignored: tuple[str, ...] = ()
    state: tuple[int, int] | None = None

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.span.stop - self.span.start

    def read(self) -> Predictions | Any:
        """Read and check the rows.

        Weights may all be 0 here: whether any row counts is a matter of the whole set. Other forms of rows
        than `Predictions` come as `calibrant.read` returns them.

        Raises
        ------
        UnreadableFile
            The file is gone, damaged, or no longer what it was when it was cut.
        InvalidPredictions
            Its rows are not valid predictions; the row that is named is counted from the start of the file.
        """
        try:
            with reachable(self.place):
                self._check_state()
                raw = format_of(self.place).read_span(self.place, self.options, self.schema, self.span)
                check_work(self.place, self.n, self.schema.k)
            self._check_unchanged(raw)
            found = checked(replace(raw, sample_weight=None))
            if raw.sample_weight is None:
                return found
            return replace(found, sample_weight=check_row_weights(raw.sample_weight, found.n))
        except (InvalidPredictions, InvalidArgument) as error:
            raise type(error)(f"{self.place}: {error.counted_from(self.span.start)}") from error
        except UnreadableFile as error:
            raise error.counted_from(self.span.start) from error

    def _check_state(self) -> None:
        now = self.place.state
        if self.state is not None and now is not None and now != self.state:
            raise changed(self.place)

    def _check_unchanged(self, raw: AnyRaw) -> None:
        rows = rows_of(raw)
        if rows != self.n:
            raise UnreadableFile(
                f"{self.place} has changed since it was cut: from row {self.span.start} on it had "
                f"{self.n} rows, and now has {rows}. Cut it again."
            )


def shards(
    path: str | os.PathLike[str],
    *,
    rows: int | None = None,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    counts_key: str | None = None,
) -> list[Shard]:
    """Cut a file of predictions, or a folder of parts, without reading its scores.

    Parameters
    ----------
    path : path or URL
        The file or folder.
    rows : int, optional
        Most rows of a shard; by default as many as have 64 MiB of scores, at most 1,048,576, in multiples of
        4,096 and at least that many. Formats that cannot be read in parts give one shard.
    logits_key, label_key, kind, counts_key
        As for `calibrant.read`.

    Raises
    ------
    UnreadableFile
        No such file, a damaged one, or parts that do not agree.
    InvalidPredictions
        There are no rows, or scores and labels differ in number.
    """
    if rows is not None and rows < 1:
        raise InvalidArgument(f"a shard needs at least one row; got rows={rows}.")
    return cut_files(parts_of(Place.of(path)), ReadOptions(logits_key, label_key, kind, counts_key), rows)


def cut_files(parts: tuple[Place, ...], options: ReadOptions, rows: int | None) -> list[Shard]:
    """Cut each of the files, and check that they agree."""
    found: list[Shard] = []
    for part in parts:
        with reachable(part):
            state, cut = part.state, format_of(part).cut(part, options, rows)
        if found:
            _check_agreement(found[0], part, cut.schema)
        found += [Shard(part, span, cut.schema, options, cut.ignored, state) for span in cut.spans]
    return found


_SAME = {
    "columns": "the columns",
    "kind": "scores that are",
    "k": "this number of classes:",
    "classes": "the class names",
    "types": "columns of the types",
}


def _check_agreement(first: Shard, part: Place, schema: Schema) -> None:
    for name, word in _SAME.items():
        one, other = getattr(first.schema, name), getattr(schema, name)
        if one != other:
            raise UnreadableFile(
                f"the parts do not agree: {part} has {word} {_shown(other)}, "
                f"but {first.place} has {_shown(one)}. "
                "Take it out of the folder, or write it again."
            )


def _shown(value: Any) -> str:
    if not isinstance(value, tuple):
        return "none" if value is None else str(value)
    return ", ".join(str(item) for item in value[:10]) + (" …" if len(value) > 10 else "")
