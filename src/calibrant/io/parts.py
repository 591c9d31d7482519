"""A folder of parts: files of one table format, in the order of their names, that are one set of rows."""

from __future__ import annotations

from pathlib import Path

from calibrant.errors import UnreadableFile
from calibrant.io.place import Place
from calibrant.io.registry import format_of
from calibrant.plain import check_plain

PART_SUFFIXES = (".parquet", ".arrow", ".feather")


def parts_of(place: Place) -> tuple[Place, ...]:
    """Return the files that hold the rows: the file itself, or the parts of a folder, sorted by name.

    Names that start with a dot or an underscore are of other programs, and left out.

    Raises
    ------
    UnreadableFile
        There is no such file or folder, it is a pipe or a device, no part in it, or parts of several formats.
    """
    if place.local is not None:
        check_plain(place.local, folders=True)
    if not place.is_folder:
        if not place.suffix and not place.exists:
            raise UnreadableFile(f"cannot read {place}: there is no such file or folder.")
        format_of(place)
        if not place.exists:
            raise UnreadableFile(f"cannot read {place}: there is no such file.")
        return (place,)
    found = [part for part in place.members() if _is_part(part)]
    if not found:
        raise UnreadableFile(
            f"cannot read {place}: it is a folder without parts ({', '.join(PART_SUFFIXES)}). "
            "Name a file of predictions."
        )
    other = next((part for part in found if part.suffix != found[0].suffix), None)
    if other is not None:
        raise UnreadableFile(
            f"cannot read {place}: its parts are of several formats ({found[0].name}, {other.name}). "
            "Keep those of one."
        )
    return tuple(found)


def holds_parts(folder: Path) -> bool:
    """Whether there is any part in a folder."""
    return folder.is_dir() and any(map(_is_part, Place.of(folder).members()))


def _is_part(place: Place) -> bool:
    return place.suffix in PART_SUFFIXES and not place.name.startswith((".", "_")) and not place.is_folder
