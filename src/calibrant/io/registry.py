"""The file formats by suffix."""

from __future__ import annotations

from pathlib import Path

from calibrant.errors import UnreadableFile
from calibrant.io.csv_format import CsvFormat
from calibrant.io.format import Format
from calibrant.io.npz_format import NpzFormat

FORMATS: dict[str, Format] = {".npz": NpzFormat(), ".csv": CsvFormat()}


def format_of(path: Path) -> Format:
    """Return the format that the suffix names."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UnreadableFile(
            f"{path} has the suffix {suffix!r}; calibrant reads and writes {', '.join(FORMATS)}."
        )
    return FORMATS[suffix]
