"""What goes wrong inside a file becomes one error that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io.place import Place


@contextmanager
def reachable(place: Place) -> Iterator[None]:
    """Turn what the system says against reading a file into `UnreadableFile`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, CalibrantError):
            raise
        raise UnreadableFile(f"cannot read {place}: {error.strerror or error}.") from error


@contextmanager
def readable(place: Place, what: str, *damage: type[Exception]) -> Iterator[None]:
    """Turn the exceptions by which a library says that a file is broken into `UnreadableFile`."""
    try:
        yield
    except CalibrantError:
        raise
    except damage as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableFile(
            f"{place} is not a readable {what}: {reason[:500]} Is it cut off, or of another format?"
        ) from error
