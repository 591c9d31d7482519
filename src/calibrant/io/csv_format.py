"""CSV with a header, UTF-8, one row a line; its columns are those of `columns`.

Class names, which CSV has no place for, stand as a JSON list in the first row of a column `classes`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Scores
from calibrant.errors import EmptyPredictions, UnreadableFile
from calibrant.io.class_names import names_in_json
from calibrant.io.columns import Header, find_columns, width_of
from calibrant.io.csv_columns import Cells, is_whole, parse_outcomes, read_header, readable, whole_numbers
from calibrant.io.csv_rows import find_rows
from calibrant.io.format import AnyRaw, Append, Cut, ReadOptions, Schema, Span, rows_at_once
from calibrant.io.found import Found
from calibrant.io.named_arrays import PER_ROW
from calibrant.io.place import Place
from calibrant.io.soft_label import COUNT_PREFIX
from calibrant.io.texts import text_array
from calibrant.io.top_label import top_label_arrays
from calibrant.predictions import AnyPredictions, SoftLabelPredictions, TopLabelPredictions

_WHOLE_NUMBERS = ("labels", "prediction")
_TEXT = ("groups", "ids")


@final
class CsvFormat:
    """Comma-separated text; numbers are written so that they read back exactly."""

    suffix: ClassVar[str] = ".csv"

    def read(self, place: Place, options: ReadOptions) -> AnyRaw:
        """Read the columns that are predictions, and name the others."""
        with readable(place):
            names = read_header(place)
            found = find_columns(Header(names, place), options)
            values = _values(Cells(place, names), found)
            values |= {name: _column(values[name], name, place) for name in _TEXT if name in values}
            return found.rows(values, _classes(place, names), place)

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write k columns of scores, or the confidence; values read back as the same numbers, in float64."""
        with csv_writer(path, None, predictions.n) as append:
            append(predictions)

    def cut(self, place: Place, options: ReadOptions, rows: int | None) -> Cut:
        """Cut by where lines start; a file whose lines cannot be told apart is one span."""
        with readable(place):
            names = read_header(place)
            found = find_columns(Header(names, place), options)
            k = width_of(found.fields["scores"]) if found.kind is not None else None
            every = rows or rows_at_once(8 * (k or 1))
            with place.open() as handle:
                starts = find_rows(handle, every)
            if starts is None:
                spans: tuple[Span, ...] = (Span(0, sum(1 for _ in Cells(place, names).texts(names[0]))),)
            else:
                spans = tuple(
                    Span(index * every, min((index + 1) * every, starts.n), first, last)
                    for index, (first, last) in enumerate(starts.pieces)
                )
            if spans[-1].stop == 0:
                raise UnreadableFile(f"{place} has a header but no rows.")
            text = tuple(
                name
                for name in _TEXT
                if name in found.fields and not all(map(is_whole, Cells(place, names).texts(name)))
            )
            return Cut(found.schema(k, _classes(place, names), text=text), spans, found.ignored)

    def read_span(self, place: Place, options: ReadOptions, schema: Schema, span: Span) -> AnyRaw:
        """Read the rows of one span."""
        with readable(place):
            names = read_header(place)
            found = find_columns(Header(names, place), options)
            values = _values(Cells(place, names, span), found)
            for name in _TEXT:
                if name in values:
                    text = name in schema.text
                    values[name] = _as_array(values[name], name, place, text=text)
            return found.rows(values, schema.classes, place)


@contextmanager
def csv_writer(path: Path, schema: Schema | None, n: int) -> Iterator[Append]:
    """Open a file that rows are appended to."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        yield _Appender(handle).append


def _values(cells: Cells, found: Found) -> dict[str, Any]:
    numeric = {field: names for field, names in found.fields.items() if field not in (*_TEXT, "correct")}
    numbers = cells.numbers([name for names in numeric.values() for name in names])
    values: dict[str, Any] = {}
    at = 0
    for field, names in numeric.items():
        block = numbers[:, at : at + len(names)]
        values[field] = block[:, 0] if len(names) == 1 and field != "counts" else block
        at += len(names)
    values |= {name: whole_numbers(values[name], cells.place) for name in _WHOLE_NUMBERS if name in values}
    if "correct" in found.fields:
        values["correct"] = parse_outcomes(list(cells.texts(found.fields["correct"][0])), cells.place)
    return values | {name: list(cells.texts(name)) for name in _TEXT if name in found.fields}


def _column(texts: list[str], name: str, place: Place) -> NDArray[Any]:
    return _as_array(texts, name, place, text=not all(map(is_whole, texts)))


def _as_array(texts: list[str], name: str, place: Place, *, text: bool) -> NDArray[Any]:
    return text_array(texts, name, place) if text else np.array(texts, np.int64)


def _classes(place: Place, names: tuple[str, ...]) -> tuple[str, ...] | None:
    if "classes" not in names:
        return None
    first = next(Cells(place, names).texts("classes"), None)
    if first is None:
        raise EmptyPredictions(f"{place} has a header but no rows.")
    return names_in_json(first, f"{place}: the column 'classes'")


@final
class _Appender:
    """Writes a header before the first rows, and the names of the classes in the first of them."""

    def __init__(self, handle: IO[str]) -> None:
        self._handle = handle
        self._rows = 0

    def append(self, predictions: AnyPredictions) -> None:
        """Write rows behind those that are there."""
        table = _table(predictions)
        for name in PER_ROW:
            column = getattr(predictions, name)
            if column is not None:
                table[name] = column.tolist()
        if predictions.classes is not None:
            names = "" if self._rows else json.dumps(predictions.classes, ensure_ascii=False)
            table["classes"] = chain([names], repeat(""))
        if not self._rows:
            csv.writer(self._handle, lineterminator="\n").writerow(table)
        writer = csv.writer(self._handle, lineterminator="\n", quoting=_quoting(predictions))
        writer.writerows(zip(*table.values(), strict=False))
        self._rows += predictions.n


def _table(predictions: AnyPredictions) -> dict[str, Any]:
    if isinstance(predictions, TopLabelPredictions):
        return {name: (1 * array).tolist() for name, array in top_label_arrays(predictions).items()}
    scores = _numbered("logit" if predictions.kind == "logits" else "prob", predictions.scores)
    if isinstance(predictions, SoftLabelPredictions):
        return {**_numbered(COUNT_PREFIX, predictions.counts), **scores}
    return {"labels": predictions.labels.tolist(), **scores}


def _numbered(prefix: str, columns: Scores) -> dict[str, Any]:
    values = columns.T.astype(np.float64).tolist()
    return {f"{prefix}_{index}": column for index, column in enumerate(values)}


def _quoting(predictions: AnyPredictions) -> Any:
    # The writer's least quoting leaves a carriage return bare, which readers take for the end of the row.
    text = [column for column in (predictions.groups, predictions.ids) if column is not None]
    bare = any("\r" in value for column in text if column.dtype.kind == "U" for value in column.tolist())
    return csv.QUOTE_NONNUMERIC if bare else csv.QUOTE_MINIMAL
