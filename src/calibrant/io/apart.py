"""Outputs kept apart from what is read: the file, what belongs to it, and the files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from calibrant.errors import UnwritableFile
from calibrant.io.format import ReadOptions
from calibrant.io.npy_format import files_beside
from calibrant.io.parts import PART_SUFFIXES, holds_parts
from calibrant.io.place import Place
from calibrant.io.registry import FORMATS
from calibrant.unwritable import check_not_over

_OF_RUNS = (".json", ".jsonl", ".toml")
_STORED_REPORT = "report.json"


def check_apart(
    output: Path | None,
    *sources: str | os.PathLike[str] | None,
    what: str = "the rows are",
    keys: tuple[str | None, ...] = (),
) -> None:
    """Raise `UnwritableFile` where the output is, or would become, a part of what is read.

    Reports, figures and exports may be written into a folder that is read, again and again: nobody reads
    them there.

    Parameters
    ----------
    output : Path or None
        What is written; None for nothing.
    sources : path, URL or None
        Files and folders that are read; None for one that is not given.
    what : str
        What is read, with its verb.
    keys : tuple of str or None
        Keys of columns, by which `.npy` files beside the one that is named are found.
    """
    if output is None:
        return
    for source in sources:
        if source is None or (path := Place.of(source).on_this_machine) is None:
            continue
        for file in _files_of(path, keys):
            check_not_over(output, file, what=what)
        if _read_in(path, output):
            raise UnwritableFile(
                f"cannot write {output}: {what} read from the folder it is in. Name another place."
            )


def _files_of(path: Path, keys: tuple[str | None, ...]) -> Iterator[Path]:
    yield path
    if path.suffix.lower() == ".npy":
        options = (ReadOptions(label_key=key) for key in (None, *keys))
        places = (beside for each in options for beside in files_beside(Place.of(path), each).values())
        yield from (beside.local for beside in places if beside.local is not None)


def _read_in(folder: Path, output: Path) -> bool:
    """Whether a file of that name and place is read where the folder is."""
    try:
        inside = output.resolve().relative_to(folder.resolve())
        if not folder.is_dir():
            return False
        suffix, parts = output.suffix.lower(), holds_parts(folder)
        if parts and inside.parent == Path() and suffix in PART_SUFFIXES:
            return True
        if not output.exists():
            return False
    except (OSError, RuntimeError, ValueError):  # elsewhere, or a path that leads nowhere
        return False
    if suffix in _OF_RUNS:
        return not parts and output.name != _STORED_REPORT
    return suffix in FORMATS
