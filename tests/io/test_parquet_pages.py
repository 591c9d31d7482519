"""Headers of Parquet pages say what pyarrow is about to make room for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read
from calibrant.io.parquet_pages import column_chunks, decoded_bytes, page_header

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def varint(value: int) -> bytes:
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def header(becomes: int, stored: int, more: bytes = b"") -> bytes:
    """Write a header: the kind of page and its two sizes, then other fields, then the end."""
    return b"\x15\x00\x15" + varint(2 * becomes) + b"\x15" + varint(2 * stored) + more + b"\x00"


def footer(*groups: list[tuple[int, int]]) -> bytes:
    """Write where the pages of each column of each row group begin, and how many bytes they have."""
    return b"\x49" + bytes([16 * len(groups) + 12]) + b"".join(map(group, groups)) + b"\x00"


def group(columns: list[tuple[int, int]]) -> bytes:
    return b"\x19" + bytes([16 * len(columns) + 12]) + b"".join(column(*each) for each in columns) + b"\x00"


def column(at: int, stored: int) -> bytes:
    return b"\x3c\x76" + varint(2 * stored) + b"\x26" + varint(2 * at) + b"\x00\x00"


def file_of(pages: bytes, ending: bytes) -> Any:
    return pa.BufferReader(pages + ending + len(ending).to_bytes(4, "little") + b"PAR1")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "zstd", "gzip"])
@pytest.mark.parametrize("dictionary", [False, True])
def test_headers_and_pages_together_are_as_large_as_the_file_says(
    version: str, compression: str, dictionary: bool, tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    columns = {
        "logits": pa.array([[0.5, float(value)] for value in generator.integers(9, size=5000)]),
        "labels": pa.array(generator.integers(2, size=5000)),
        "ids": pa.array([f"row {number % 70}" if number % 3 else None for number in range(5000)]),
    }
    path = tmp_path / "rows.parquet"
    options = {"data_page_version": version, "data_page_size": 2000, "row_group_size": 3000}
    checksums = {"write_page_checksum": True, "store_decimal_as_integer": False}
    pq.write_table(
        pa.table(columns), path, compression=compression, use_dictionary=dictionary, **options, **checksums
    )
    metadata = pq.ParquetFile(path).metadata
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    wanted = [
        (number, first, chunk.total_compressed_size)
        for number, found in enumerate(groups)
        for chunk in map(found.column, range(found.num_columns))
        for first in [chunk.dictionary_page_offset or chunk.data_page_offset]
    ]
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    chunks = list(column_chunks(content[-8 - length : -8]))
    assert chunks == wanted
    of_all = [found.column(index) for found in groups for index in range(found.num_columns)]
    becoming = 0
    for (_, at, stored_of_chunk), chunk in zip(chunks, of_all, strict=True):
        sizes, stop = [], at + stored_of_chunk
        while at < stop:
            sizes.append(page_header(content[at:]))
            at += sizes[-1][0] + sizes[-1][2]
        assert len(sizes) > 1
        assert sum(length + becomes for length, becomes, _ in sizes) == chunk.total_uncompressed_size
        becoming += sum(becomes for _, becomes, _ in sizes)
    with pa.OSFile(str(path)) as source:
        assert decoded_bytes(source, range(len(groups))) == becoming
        assert 0 < decoded_bytes(source, [0]) < becoming


def test_a_page_that_would_become_gigabytes_is_seen_before_it_is_decoded() -> None:
    pages = header((1 << 31) - 1, 3) + b"abc" + header(7, 2) + b"de"
    source = file_of(pages, footer([(0, len(pages))]))
    assert decoded_bytes(source, [0]) == (1 << 31) + 6


def test_groups_that_are_not_asked_for_are_not_counted() -> None:
    first, second = header(5, 3) + b"abc", header(7, 2) + b"de"
    source = file_of(first + second, footer([(0, len(first))], [(len(first), len(second))]))
    assert [decoded_bytes(source, wanted) for wanted in ([0], [1], [0, 1], [])] == [5, 7, 12, 0]


@pytest.mark.parametrize(
    "more",
    [
        b"\x21\x21\x23\x05\x34\x02\x16\x02\x17" + bytes(8),  # a truth, another, small numbers, a double
        b"\x18\x03abc\x19\x25\x02\x04\x19\x32\x01\x01\x00",  # text, a list of numbers, a list of truths
        b"\x1b\x01\x58\x02\x01a\x1b\x00\x1c\x18\x00\x1c\x00\x00",  # a map, an empty one, structs
        b"\x19\xf5\x0f" + bytes(15),  # a list with its length apart
        b"\x05\x80\x01\x06",  # the number of a field in full
    ],
)
def test_other_fields_are_passed_over(more: bytes) -> None:
    whole = header(1000, 200, more)
    assert page_header(whole + b"the page") == (len(whole), 1000, 200)
    for stop in range(len(whole)):
        with pytest.raises(IndexError):
            page_header(whole[:stop])


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (header(5, 100), "larger than the file"),
        (b"\x15\x00\x00", "does not say how large"),
        (b"\x15\x00\x15\x01\x15\x02\x00", "does not say how large"),
        (b"\x15" + b"\xff" * 12, "damaged"),
        (b"\x1c" * 40 + bytes(40), "damaged"),
        (b"\x1d\x00", "damaged"),
        (200_000 * header(0, 0), "more than 100,000 pages"),
    ],
    ids=["stored", "no sizes", "below nothing", "a number without end", "too deep", "no kind", "many pages"],
)
def test_damaged_headers_are_refused(pages: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decoded_bytes(file_of(pages, footer([(0, len(pages))])), [0])


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (footer([(0, 9)])[:-3], "cut off"),
        (b"\x49\x1c\x19\x15\x02\x00\x00", "damaged"),
        (footer([(0, 8)])[:-1] + b"\x09\x08\x1c\x00\x00", "damaged"),
        (b"\x49\x1c\x19\x1c\x3c\x76\x10\x26\x03\x00\x00\x00\x00", "begins before the file"),
    ],
    ids=["cut off", "a list of numbers", "two lists of groups", "before the file"],
)
def test_damaged_footers_are_refused(ending: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decoded_bytes(file_of(header(5, 1) + b"a", ending), [0])


def test_a_footer_as_long_as_four_gigabytes_is_refused() -> None:
    with pytest.raises(ValueError, match="its footer has 4,294,967,295 of its 12 bytes"):
        decoded_bytes(pa.BufferReader(b"PAR1\xff\xff\xff\xffPAR1"), [0])


def test_a_file_with_a_damaged_header_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"logits": pa.array([[1.0, 2.0]] * 9), "labels": pa.array([1] * 9)}), path)
    content = bytearray(path.read_bytes())
    at = pq.ParquetFile(path).metadata.row_group(0).column(0).dictionary_page_offset
    content[at + 1 : at + 3] = b"\xff\xff"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"rows\.parquet is not a readable Parquet file: .* page"):
        read(path)
