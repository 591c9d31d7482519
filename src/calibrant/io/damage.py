"""What goes wrong inside a file becomes one error that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io.place import Place
from calibrant.printable import sentence
from calibrant.refusals import reason


@contextmanager
def reachable(place: Place) -> Iterator[None]:
    """Turn what the system says against reading a file into `UnreadableFile`; so too where the file changes.

    A file that is cut off while it is read is often found damaged: that it was changed is the better reason.
    """
    before = place.state
    try:
        yield
    except UnreadableFile as error:
        if place.state != before:
            raise changed(place) from error
        raise
    except OSError as error:
        if isinstance(error, CalibrantError):
            raise
        raise UnreadableFile(f"cannot read {place}: {reason(error)}.") from error
    if place.state != before:
        raise changed(place)


def changed(place: Place) -> UnreadableFile:
    """Return the error of a file that is not what it was."""
    return UnreadableFile(
        f"{place} has changed since it was first looked at: its size or its time is another. "
        "Let whatever writes it end, and start again."
    )


@contextmanager
def readable(place: Place, what: str, *damage: type[Exception]) -> Iterator[None]:
    """Turn the exceptions by which a library says that a file is broken into `UnreadableFile`."""
    try:
        yield
    except CalibrantError:
        raise
    except damage as error:
        reason = sentence((" ".join(str(error).split()) or type(error).__name__)[:500])
        raise UnreadableFile(
            f"{place} is not a readable {what}: {reason} Is it cut off, or of another format?"
        ) from error
