"""Headers of Parquet pages say what pyarrow is about to make room for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read
from calibrant.io.parquet_pages import decoded_bytes, first_page, page_header

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


def chunk(at: int, length: int) -> Any:
    return SimpleNamespace(data_page_offset=at, dictionary_page_offset=None, total_compressed_size=length)


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
    with pa.OSFile(str(path)) as source:
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            for found in map(group.column, range(group.num_columns)):
                sizes, at = [], first_page(found)
                while at < first_page(found) + found.total_compressed_size:
                    source.seek(at)
                    sizes.append(page_header(source.read(1 << 16)))
                    at += sizes[-1][0] + sizes[-1][2]
                assert len(sizes) > 1
                assert sum(length + becomes for length, becomes, _ in sizes) == found.total_uncompressed_size
                assert sum(becomes for _, becomes, _ in sizes) == decoded_bytes(source, iter([found]))


def test_a_page_that_would_become_gigabytes_is_seen_before_it_is_decoded() -> None:
    content = header((1 << 31) - 1, 3) + b"abc" + header(7, 2) + b"de"
    assert decoded_bytes(pa.BufferReader(content), iter([chunk(0, len(content))])) == (1 << 31) + 6


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
    ("content", "said"),
    [
        (header(5, 100), "larger than the file"),
        (header(5, 1)[:-1], "cut off"),
        (b"\x15\x00\x00", "does not say how large"),
        (b"\x15\x00\x15\x01\x15\x02\x00", "does not say how large"),
        (b"\x15" + b"\xff" * 12, "damaged"),
        (b"\x1c" * 40 + bytes(40), "damaged"),
        (b"\x1d\x00", "damaged"),
    ],
)
def test_damaged_headers_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decoded_bytes(pa.BufferReader(content), iter([chunk(0, len(content))]))


def test_a_file_with_a_damaged_header_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"logits": pa.array([[1.0, 2.0]] * 9), "labels": pa.array([1] * 9)}), path)
    content = bytearray(path.read_bytes())
    at = first_page(pq.ParquetFile(path).metadata.row_group(0).column(0))
    content[at + 1 : at + 3] = b"\xff\xff"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"rows\.parquet is not a readable Parquet file: .* page"):
        read(path)
