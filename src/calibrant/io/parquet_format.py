"""Apache Parquet: columns in compressed row groups, whose pages are written, and checked, with checksums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from calibrant.io.arrow import arrow_source, pyarrow
from calibrant.io.arrow_tables import TableFormat, appending
from calibrant.io.format import Append, Span
from calibrant.io.place import Place

_BUFFER = 1 << 20
_MOST_ROWS = 1 << 16
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT64": 8, "DOUBLE": 8}
_NARROWEST = 2


@final
@dataclass(frozen=True, slots=True)
class _Parquet:
    """An open file."""

    file: Any
    schema: Any

    @property
    def n(self) -> int:
        return int(self.file.metadata.num_rows)

    @property
    def promised(self) -> int:
        groups = map(self.file.metadata.row_group, range(self.file.num_row_groups))
        return sum(_bytes_in(group.column(at)) for group in groups for at in range(group.num_columns))

    def rows(self, columns: list[str], span: Span | None) -> Any:
        if span is None:
            return self.file.read(columns=columns)
        groups, first = self._groups(span)
        batches, at = [], first
        for batch in self.file.iter_batches(
            min(span.stop - span.start, _MOST_ROWS), row_groups=groups, columns=columns
        ):
            start, stop = max(span.start - at, 0), min(span.stop - at, len(batch))
            if start < stop:
                batches.append(batch.slice(start, stop - start))
            at += len(batch)
            if at >= span.stop:
                break
        return pyarrow().Table.from_batches(
            batches, pyarrow().schema([self.schema.field(name) for name in columns])
        )

    def _groups(self, span: Span) -> tuple[list[int], int]:
        """Return the row groups that hold the rows, and the first row of the first of them."""
        found: list[int] = []
        first = at = 0
        for group in range(self.file.num_row_groups):
            rows = self.file.metadata.row_group(group).num_rows
            if at < span.stop and at + rows > span.start:
                first = at if not found else first
                found.append(group)
            at += rows
        return found, first


def _bytes_in(column: Any) -> int:
    """Return what a column of a row group takes in memory; numbers that are all the same are stored once."""
    width = _WIDTHS.get(column.physical_type, _NARROWEST)
    return max(int(column.num_values) * width, int(column.total_uncompressed_size))


@contextmanager
def _opened(place: Place) -> Iterator[_Parquet]:
    parquet = pyarrow().parquet
    with arrow_source(place, "Parquet file") as source:
        file = parquet.ParquetFile(
            source, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True
        )
        yield _Parquet(file, file.schema_arrow)


@contextmanager
def parquet_writer(path: Path, schema: Any, n: int) -> Iterator[Append]:
    """Open a file that rows are appended to, in row groups of at most 64 MiB of scores."""
    parquet = pyarrow().parquet

    def opened(target: Path, columns: Any) -> Any:
        return parquet.ParquetWriter(
            target, columns, compression="zstd", use_dictionary=False, write_page_checksum=True
        )

    with appending(path, opened) as append:
        yield append


PARQUET = TableFormat(".parquet", _opened, parquet_writer)
