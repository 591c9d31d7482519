"""Apache Parquet: columns in compressed row groups, whose pages are written, and checked, with checksums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from calibrant.io.arrow import arrow_source, pyarrow
from calibrant.io.arrow_tables import REMEDY, TableFormat, appending, bytes_in_memory, row_bytes
from calibrant.io.format import Append, Span
from calibrant.io.growth import LARGE, MOST_TIMES, check_growth, check_room
from calibrant.io.parquet_pages import decoded_bytes
from calibrant.io.place import Place

_BUFFER = 1 << 20
_MOST_ROWS = 1 << 16
_LARGEST_PAGE = 1 << 31


@final
@dataclass(frozen=True, slots=True)
class _Parquet:
    """An open file."""

    place: Place
    source: Any
    file: Any
    schema: Any
    size: int

    @property
    def n(self) -> int:
        return int(self.file.metadata.num_rows)

    def rows(self, columns: list[str], span: Span | None) -> Any:
        groups, first = self._groups(span or Span(0, self.n))
        becomes = self._said(groups)
        self._check_growth(becomes)  # before a first row of any column is decoded
        becomes = max(becomes, self._numbers(columns, groups))
        self._check_growth(becomes)
        if span is None:
            check_room(self.place, becomes)
            return self.file.read(columns=columns)
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

    def _check_growth(self, becomes: int) -> None:
        check_growth(self.place, "what it holds", self.size, becomes, REMEDY)

    def _said(self, groups: list[int]) -> int:
        """Return how many bytes some row groups become, by what they and their pages say."""
        # What each column says of itself is not asked: where that is damaged, pyarrow ends the process.
        of_groups = sum(self.file.metadata.row_group(group).total_byte_size for group in groups)
        return max(int(of_groups), self._page_bytes(groups))

    def _numbers(self, columns: list[str], groups: list[int]) -> int:
        """Return how many bytes the numbers in the columns of some row groups take in memory."""
        rows = sum(self.file.metadata.row_group(group).num_rows for group in groups)
        return sum(map(self._row_bytes, columns)) * int(rows)

    def _page_bytes(self, groups: list[int]) -> int:
        """Return what the pages become where so few bytes would be refused for the largest page, else 0.

        At a URL it is not asked: to look at all headers is to fetch the file.
        """
        small = MOST_TIMES * self.size < _LARGEST_PAGE
        return decoded_bytes(self.source, groups) if small and self.place.local is not None else 0

    def _row_bytes(self, column: str) -> int:
        """Return the bytes in memory of a column's numbers in the first row."""
        kind = self.schema.field(column).type
        width = row_bytes(kind)
        if width is not None or not self.n:
            return width or 0
        first = next(self.file.iter_batches(1, columns=[column])).column(column)
        return bytes_in_memory(kind) * (pyarrow().compute.list_value_length(first)[0].as_py() or 0)

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


def _check_rows(metadata: Any) -> None:
    """Raise `ValueError` where the row groups do not have the rows that the file says."""
    groups = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    if min(groups, default=0) < 0 or sum(groups) != metadata.num_rows:
        raise ValueError(f"it says {metadata.num_rows:,} rows, and its row groups {sum(groups):,}.")


@contextmanager
def _opened(place: Place) -> Iterator[_Parquet]:
    parquet = pyarrow().parquet
    with arrow_source(place, "Parquet file") as source:
        file = parquet.ParquetFile(
            source, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True
        )
        _check_rows(file.metadata)
        yield _Parquet(place, source, file, file.schema_arrow, source.size())


@contextmanager
def parquet_writer(path: Path, schema: Any, n: int) -> Iterator[Append]:
    """Open a file that rows are appended to, in row groups of at most 64 MiB of scores.

    It is compressed unless it holds so much that, were most of it zeros, it could not be told from a trap.
    """
    parquet = pyarrow().parquet

    def opened(target: Path, columns: Any) -> Any:
        large = n * sum(row_bytes(field.type) or 0 for field in columns) > LARGE
        return parquet.ParquetWriter(
            target,
            columns,
            compression="none" if large else "zstd",
            use_dictionary=False,
            write_page_checksum=True,
        )

    with appending(path, opened) as append:
        yield append


PARQUET = TableFormat(".parquet", _opened, parquet_writer)
