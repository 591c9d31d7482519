"""pyarrow, imported where a Parquet or Arrow file is read or written, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calibrant.errors import MissingExtra
from calibrant.io.damage import readable
from calibrant.io.place import Place


def pyarrow() -> Any:
    """Return pyarrow with what is used of it.

    Raises
    ------
    MissingExtra
        It is not installed.
    """
    try:
        import pyarrow  # type: ignore[import-untyped]
        import pyarrow.compute  # type: ignore[import-untyped]
        import pyarrow.ipc  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ModuleNotFoundError as missing:
        raise MissingExtra("Reading and writing Parquet and Arrow files", "parquet", "pyarrow") from missing
    return pyarrow


@contextmanager
def arrow_source(place: Place, what: str) -> Iterator[Any]:
    """Open a file for pyarrow, which reads it and does not map it; damage becomes `UnreadableFile`."""
    pa = pyarrow()
    damage = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
    with readable(place, what, *damage):
        if place.local is not None:
            with pa.OSFile(str(place.local)) as file:
                yield file
        else:
            with place.open() as handle:
                yield pa.PythonFile(handle, "r")
