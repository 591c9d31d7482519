"""The file formats by suffix, and which of them can be written row by row."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from calibrant.errors import UnreadableFile
from calibrant.io.arrow_format import ARROW, FEATHER, arrow_writer
from calibrant.io.csv_format import CsvFormat, csv_writer
from calibrant.io.format import Append, Format, Schema
from calibrant.io.npy_format import NPY, npy_writer
from calibrant.io.npz_format import NPZ
from calibrant.io.parquet_format import PARQUET, parquet_writer
from calibrant.io.place import Place
from calibrant.io.safetensors_format import SAFETENSORS
from calibrant.io.torch_format import PT, PTH

FORMATS: dict[str, Format] = {
    entry.suffix: entry for entry in (NPZ, CsvFormat(), PARQUET, ARROW, FEATHER, SAFETENSORS, NPY, PT, PTH)
}

WRITERS: dict[str, Callable[[Path, Schema, int], AbstractContextManager[Append]]] = {
    ".csv": csv_writer,
    ".parquet": parquet_writer,
    ".arrow": arrow_writer,
    ".feather": arrow_writer,
    ".npy": npy_writer,
}
"""By suffix: opens a file that rows are appended to, given what they have and how many there will be."""


def format_of(place: Place) -> Format:
    """Return the format that the suffix names."""
    if place.suffix not in FORMATS:
        raise UnreadableFile(
            f"{place} has the suffix {place.suffix!r}; calibrant reads and writes {', '.join(FORMATS)}."
        )
    return FORMATS[place.suffix]
