"""The folder of a study: `study.json` says whose it is, and every run has a folder of its own.

Nothing in it is ever half-written, so a study may be killed at any moment and started again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from calibrant.atomic import make_folder, write_text
from calibrant.errors import InvalidRun
from calibrant.studies.grid import PlannedRun
from calibrant.studies.record import Measured, read_record

NAME = "study.json"


@dataclass(frozen=True)
class Store:
    """Where the runs of a study are.

    Attributes
    ----------
    folder : Path
        Of the study at one scale.
    """

    folder: Path

    def folder_of(self, run: PlannedRun) -> Path:
        """Return where a run is, or will be."""
        return self.folder / run.folder_name

    def measured(self, run: PlannedRun) -> Measured | None:
        """Return what a run came to, or None where it is not finished."""
        return read_record(self.folder_of(run), run)


def open_store(
    folder: str | os.PathLike[str], *, study: str, scale: str, data: str | os.PathLike[str] | None
) -> Store:
    """Open the folder of a study, made where it is missing.

    Parameters
    ----------
    folder : path
        Of the study at this scale.
    study, scale : str
        Whose it has to be.
    data : path or None
        The images that its runs are made with, where they were named.

    Raises
    ------
    InvalidRun
        It is another study's, its runs were made with other images, or `study.json` is damaged.
    """
    place = make_folder(folder)
    path = place / NAME
    wanted = {
        "study": study,
        "scale": scale,
        "data": None if data is None else str(Path(data).resolve()),
    }
    if not path.exists():
        write_text(path, json.dumps(wanted, indent=2, ensure_ascii=False) + "\n")
        return Store(place)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        differing = [name for name in wanted if stored[name] != wanted[name]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InvalidRun(
            f"{path} is damaged ({type(error).__name__}). Delete it to go on with the runs beside it."
        ) from error
    if differing:
        words = "; ".join(f"{name} was {stored[name]!r} and is now {wanted[name]!r}" for name in differing)
        raise InvalidRun(f"{place} belongs to another study: {words}. Choose another folder with --runs.")
    return Store(place)
