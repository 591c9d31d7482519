"""Arrow IPC files (`.arrow`, also Feather), and Arrow streams under the same suffix.

Batches are read whole. Of one that is much larger than the rows that are wanted, those are copied out of a
map, and so are all rows of a stream, whose batches are found one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, final

from calibrant.errors import UnreadableFile
from calibrant.io.arrow import arrow_source, pyarrow
from calibrant.io.arrow_bodies import decoded_bytes
from calibrant.io.arrow_tables import TableFormat, appending
from calibrant.io.format import Append, Span
from calibrant.io.growth import check_growth
from calibrant.io.place import Place

_FILE = b"ARROW1"
_OLD_FEATHER = b"FEA1"
_END_OF_STREAM = b"\xff\xff\xff\xff\0\0\0\0"
_MOST_TIMES = 4
_MOST_FETCHED = 1 << 26
"""Bytes of a file elsewhere that are fetched to see what it holds: all of a small one."""


@final
@dataclass(frozen=True, slots=True)
class _Batches:
    """An open file of batches of rows.

    `lengths` are their rows; a stream has to be gone through to reach a batch, a file has not.
    """

    place: Place
    source: Any
    schema: Any
    stream: bool
    lengths: tuple[int, ...]
    size: int

    @property
    def n(self) -> int:
        return sum(self.lengths)

    def rows(self, columns: list[str], span: Span | None) -> Any:
        span = span or Span(0, self.n)
        offsets = [sum(self.lengths[:index]) for index in range(len(self.lengths))]
        wanted = {
            index: slice(max(span.start - at, 0), min(span.stop - at, length))
            for index, (at, length) in enumerate(zip(offsets, self.lengths, strict=True))
            if at < span.stop and at + length > span.start
        }
        read = sum(self.lengths[index] for index in wanted)
        passed_over = self.stream or read > _MOST_TIMES * (span.stop - span.start)
        if self.place.local is not None and passed_over:
            with pyarrow().memory_map(str(self.place.local)) as mapped:
                return self._table(mapped, columns, wanted, _copied)
        return self._table(self.source, columns, wanted, lambda batch: batch)

    def _table(
        self, source: Any, columns: list[str], wanted: dict[int, slice], change: Callable[[Any], Any]
    ) -> Any:
        fields = [self.schema.get_field_index(name) for name in columns]
        found = [
            change(batch.select(columns).slice(wanted[index].start, wanted[index].stop - wanted[index].start))
            for index, batch in _batches(source, self.stream, fields, wanted)
        ]
        schema = pyarrow().schema([self.schema.field(name) for name in columns])
        return pyarrow().Table.from_batches(found, schema)


def _copied(batch: Any) -> Any:
    # Joined to nothing, because pyarrow copies nothing else.
    columns = [pyarrow().concat_arrays([column, column.slice(0, 0)]) for column in batch.columns]
    return pyarrow().RecordBatch.from_arrays(columns, schema=batch.schema)


def _batches(source: Any, stream: bool, fields: list[int], wanted: Any) -> Iterator[tuple[int, Any]]:
    """Give the batches that are wanted, by number (all for None), with the columns that are."""
    ipc = pyarrow().ipc
    options = ipc.IpcReadOptions(included_fields=fields)
    source.seek(0)
    if stream:
        until = None if wanted is None else max(wanted, default=-1) + 1
        numbered = enumerate(islice(ipc.open_stream(source, options=options), until))
        batches = (pair for pair in numbered if wanted is None or pair[0] in wanted)
    else:
        reader = ipc.open_file(source, options=options)
        numbers = range(reader.num_record_batches) if wanted is None else wanted
        batches = ((number, reader.get_batch(number)) for number in numbers)
    for number, batch in batches:
        batch.validate()  # Arrow ends the process where a slice reaches beyond a column
        yield number, batch


@contextmanager
def _opened(place: Place) -> Iterator[_Batches]:
    ipc = pyarrow().ipc
    with arrow_source(place, "Arrow file") as source:
        size = source.size()
        start = source.read(len(_FILE))
        source.seek(max(size - len(_END_OF_STREAM), 0))
        end = source.read()
        source.seek(0)
        if start.startswith(_OLD_FEATHER):
            raise UnreadableFile(f"{place} is of the first version of Feather: write it again as version 2.")
        stream = start != _FILE
        if stream and end != _END_OF_STREAM:
            raise UnreadableFile(f"{place} is no Arrow file, or a stream of rows that is cut off.")
        becomes = _becomes(place, source, size, stream)
        check_growth(place, "what it holds", size, becomes, "write it without compression")
        schema = ipc.open_stream(source).schema if stream else ipc.open_file(source).schema
        yield _Batches(place, source, schema, stream, _lengths(place, source, schema, stream), size)


def _lengths(place: Place, source: Any, schema: Any, stream: bool) -> tuple[int, ...]:
    """Return how many rows each batch has; batches of a stream are passed over in a map, unread."""
    small = [index for index, field in enumerate(schema) if field.type.num_fields == 0][:1]
    if place.local is None or not stream:
        return tuple(batch.num_rows for _, batch in _batches(source, stream, small, None))
    with pyarrow().memory_map(str(place.local)) as mapped:
        return tuple(batch.num_rows for _, batch in _batches(mapped, stream, small, None))


def _becomes(place: Place, source: Any, size: int, stream: bool) -> int:
    """Return how many bytes the file holds, decoded; its own number where it lies elsewhere and is large."""
    if place.local is not None:
        # From a map, of which only the heads of messages and of compressed buffers are read.
        with pyarrow().memory_map(str(place.local)) as mapped:
            return decoded_bytes(mapped, stream=stream)
    if size > _MOST_FETCHED:
        return size
    source.seek(0)
    return decoded_bytes(pyarrow().BufferReader(source.read()), stream=stream)


@contextmanager
def arrow_writer(path: Path, schema: Any, n: int) -> Iterator[Append]:
    """Open a file that rows are appended to, in batches of at most 64 MiB of scores, uncompressed."""
    with appending(path, lambda target, columns: pyarrow().ipc.new_file(str(target), columns)) as append:
        yield append


ARROW, FEATHER = (TableFormat(suffix, _opened, arrow_writer) for suffix in (".arrow", ".feather"))
