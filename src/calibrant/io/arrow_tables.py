"""Arrow tables as predictions and back: what Parquet and Arrow files have in common.

Scores are a column of lists (`logits`, `probs`) or a column for each class (`logit_0…`, `prob_0…`); lists are
written. Class names stand in the schema's metadata, as a JSON list.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import UnreadableFile
from calibrant.io.arrow import pyarrow
from calibrant.io.class_names import names_in_json
from calibrant.io.columns import Header, find_columns, width_of
from calibrant.io.format import AnyRaw, Append, Cut, ReadOptions, Schema, Span, even_spans, rows_at_once
from calibrant.io.found import Found
from calibrant.io.growth import check_growth, width_of_number
from calibrant.io.named_arrays import own_arrays
from calibrant.io.place import Place
from calibrant.io.texts import text_array
from calibrant.predictions import AnyPredictions

REMEDY = "write it without compression and without dictionaries, or as .arrow"
"""What to do about a file that shrinks too much."""


class Table(Protocol):
    """An open file of Arrow columns."""

    @property
    def schema(self) -> Any:
        """Its Arrow schema."""
        ...

    @property
    def n(self) -> int:
        """Number of rows."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the file."""
        ...

    def rows(self, columns: list[str], span: Span | None) -> Any:
        """Return some rows of some columns, an Arrow table."""
        ...


@final
@dataclass(frozen=True, slots=True)
class TableFormat:
    """A format of Arrow columns.

    Parameters
    ----------
    suffix : str
        The suffix of its files.
    opened : function
        Opens a file and turns whatever is wrong with it into `UnreadableFile`.
    writer : function
        Opens a file that rows are appended to.
    """

    suffix: str
    opened: Callable[[Place], AbstractContextManager[Table]]
    writer: Callable[[Path, Any, int], AbstractContextManager[Append]]

    def read(self, place: Place, options: ReadOptions) -> AnyRaw:
        """Read the columns that are predictions, and name the others."""
        with self.opened(place) as table:
            return _rows(table, place, options, None)

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write the columns; the scores keep their float type."""
        with self.writer(path, None, predictions.n) as append:
            append(predictions)

    def cut(self, place: Place, options: ReadOptions, rows: int | None) -> Cut:
        """Cut by the number of rows that the file gives."""
        with self.opened(place) as table:
            found = find_columns(_header(table.schema, place), options)
            k, row_bytes = None, 8
            if found.kind is not None:
                k, row_bytes = _width(table, found, place)
            spans = even_spans(table.n, rows or rows_at_once(row_bytes), place)
            types = tuple(
                _value_type(table.schema.field(found.fields[name][0]).type)
                for name in ("scores", "groups", "ids")
                if name in found.fields
            )
            return Cut(found.schema(k, _classes(table.schema, place), types=types), spans, found.ignored)

    def read_span(self, place: Place, options: ReadOptions, schema: Schema, span: Span) -> AnyRaw:
        """Read the rows of one span."""
        with self.opened(place) as table:
            return _rows(table, place, options, span)


def table_of(predictions: AnyPredictions) -> Any:
    """Return the rows as an Arrow table."""
    pa = pyarrow()
    columns = {name: _column(array) for name, array in own_arrays(predictions).items()}
    metadata = None
    if predictions.classes is not None:
        metadata = {"classes": json.dumps(predictions.classes, ensure_ascii=False)}
    return pa.table(columns, metadata=metadata)


def _column(array: NDArray[Any]) -> Any:
    pa = pyarrow()
    if array.ndim == 1:
        # Arrow ends the text of an array of NumPy at its first NUL.
        return pa.array(array.tolist(), pa.string()) if array.dtype.kind == "U" else pa.array(array)
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(array).ravel()), array.shape[1])


def _header(schema: Any, place: Place) -> Header:
    names = tuple(schema.names)
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise UnreadableFile(f"{place} has the column {twice!r} twice.")
    lists = frozenset(name for name in names if is_list(schema.field(name).type))
    return Header(names, place, lists)


def is_list(kind: Any) -> bool:
    """Return whether a type of Arrow holds a list in every row."""
    types = pyarrow().types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def bytes_in_memory(kind: Any) -> int:
    """Return the bytes that a number takes as an array, one of a list's or of a dictionary's too."""
    while is_list(kind) or pyarrow().types.is_dictionary(kind):
        kind = kind.value_type
    try:
        return width_of_number(kind.to_pandas_dtype())
    except (NotImplementedError, TypeError):  # no number: reading it will say so
        return width_of_number(np.float64)


def row_bytes(kind: Any) -> int | None:
    """Return the bytes in memory of a row of a column; None for lists whose length varies."""
    if pyarrow().types.is_fixed_size_list(kind):
        return int(kind.list_size) * bytes_in_memory(kind)
    return None if is_list(kind) else bytes_in_memory(kind)


def _rows(table: Table, place: Place, options: ReadOptions, span: Span | None) -> AnyRaw:
    found = find_columns(_header(table.schema, place), options)
    columns = [name for names in found.fields.values() for name in names]
    content = table.rows(columns, span)
    row = sum(bytes_in_memory(table.schema.field(name).type) for name in columns)
    becomes = max(content.nbytes, row * len(content))
    check_growth(place, "what it holds", table.size, becomes, REMEDY)
    values: dict[str, Any] = {}
    for field, names in found.fields.items():
        arrays = [_array(content.column(name), name, place) for name in names]
        wide = len(arrays) > 1 or (field == "counts" and arrays[0].ndim == 1)
        values[field] = np.stack(arrays, axis=1) if wide else arrays[0]
    return found.rows(values, _classes(table.schema, place), place)


def _array(column: Any, name: str, place: Place) -> NDArray[Any]:
    """Return a column as an array, (n,) or (n, k)."""
    pa = pyarrow()
    column.validate(full=True)
    if pa.types.is_dictionary(column.type):
        _check_dictionary(column, name, place)
        column = pa.chunked_array(
            [chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type
        )
    _check_no_null(column, name, place, 1)
    if is_list(column.type):
        return _lists(column, name, place)
    if _is_text(column.type):
        return text_array(column.cast(pa.large_string()).to_pylist(), name, place)
    array: NDArray[Any] = column.to_numpy()
    return array


def _check_dictionary(column: Any, name: str, place: Place) -> None:
    if _is_text(column.type.value_type):
        compute = pyarrow().compute
        lengths = (
            compute.take(compute.binary_length(chunk.dictionary), chunk.indices) for chunk in column.chunks
        )
        becomes = sum(compute.sum(found).as_py() or 0 for found in lengths)
        check_growth(place, f"the column {name!r}", column.nbytes, becomes, REMEDY)


def _is_text(kind: Any) -> bool:
    types = pyarrow().types
    tests = ("string", "large_string", "string_view", "binary", "large_binary")
    return any(getattr(types, f"is_{test}")(kind) for test in tests)


def _lists(column: Any, name: str, place: Place) -> NDArray[Any]:
    pa = pyarrow()
    lengths = pa.compute.list_value_length(column).to_numpy()
    width = int(lengths[0]) if len(lengths) else getattr(column.type, "list_size", 0)
    if (lengths != width).any():
        row = int(np.argmax(lengths != width))
        raise UnreadableFile(
            f"{place}: the column {name!r} has {lengths[row]} numbers at row {{row}} but {width} before. "
            "Every row needs one for each class.",
            row=row,
        )
    chunks = [chunk.flatten() for chunk in column.chunks]
    numbers = pa.chunked_array(chunks, column.type.value_type)
    _check_no_null(numbers, name, place, width)
    found: NDArray[Any] = numbers.to_numpy()
    return found.reshape(len(column), width)


def _check_no_null(column: Any, name: str, place: Place, per_row: int) -> None:
    if column.null_count:
        row = int(np.argmax(column.is_null().to_numpy())) // per_row
        raise UnreadableFile(
            f"{place}: the column {name!r} has no value at row {{row}}. Drop the row, or fill it in.", row=row
        )


def _width(table: Table, found: Found, place: Place) -> tuple[int, int]:
    """Return the number of classes, and the bytes of a row of scores."""
    names = found.fields["scores"]
    kind = table.schema.field(names[0]).type
    if not is_list(kind):
        return width_of(names), len(names) * bytes_in_memory(kind)
    if pyarrow().types.is_fixed_size_list(kind):
        width = kind.list_size
    elif table.n:
        width = _array(table.rows([names[0]], Span(0, 1)).column(names[0]), names[0], place).shape[1]
    else:
        width = 0
    return max(width, 2), width * bytes_in_memory(kind)


def _value_type(kind: Any) -> str:
    types = pyarrow().types
    if types.is_dictionary(kind) or is_list(kind):
        kind = kind.value_type
    return "string" if types.is_large_string(kind) else str(kind)


def _classes(schema: Any, place: Place) -> tuple[str, ...] | None:
    metadata = schema.metadata or {}
    if b"classes" in metadata:
        where = f"{place}: 'classes' in its metadata"
        return names_in_json(metadata[b"classes"].decode("utf-8", "replace"), where)
    return None


@contextmanager
def appending(path: Path, opened: Callable[[Path, Any], Any]) -> Iterator[Append]:
    """Write tables to a file whose schema is that of the first, in pieces of at most 64 MiB of scores."""
    writer: Any = None

    def append(predictions: AnyPredictions) -> None:
        nonlocal writer
        table = table_of(predictions)
        if writer is None:
            writer = opened(path, table.schema)
        writer.write_table(table, rows_at_once(table.nbytes // max(table.num_rows, 1)))

    try:
        yield append
    finally:
        if writer is not None:
            writer.close()
