"""Where studies are: a folder for each at each scale, and one that holds the networks of all.

Nothing in them is ever half-written, so a study may be killed at any moment and started again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from calibrant.atomic import make_folder, write_text
from calibrant.errors import InvalidRun, InvalidStudy
from calibrant.foreign import json_value
from calibrant.plain import read_bytes
from calibrant.studies.grid import PlannedRun
from calibrant.studies.record import Measured, read_record

NAME = "study.json"
NETWORKS = "networks"
RECORDS = "records"


@dataclass(frozen=True)
class Store:
    """Where a study is.

    Attributes
    ----------
    folder : Path
        Of the study at one scale.
    networks : Path
        Of what the runs of all studies train: a network that several of them need is trained once.
    data : Path or None
        The images that its runs are made with, where they were named.
    """

    folder: Path
    networks: Path
    data: Path | None

    def network_of(self, run: PlannedRun) -> Path:
        """Return the folder of what a run trains."""
        return self.networks / run.network_name(self.data)

    def record_of(self, run: PlannedRun) -> Path:
        """Return the file that says what a run came to."""
        return self.folder / RECORDS / f"{run.name}.json"

    def measured(self, run: PlannedRun) -> Measured | None:
        """Return what a run came to, or None where it is not finished."""
        return read_record(self.record_of(run), run)


def open_store(
    runs: str | os.PathLike[str], *, study: str, scale: str, data: str | os.PathLike[str] | None
) -> Store:
    """Open the folder of a study, made where it is missing.

    Parameters
    ----------
    runs : path
        Of all studies.
    study, scale : str
        Which one.
    data : path or None
        The images that its runs are made with, where they were named.

    Raises
    ------
    InvalidStudy
        The study has the name of the folder of networks.
    InvalidRun
        It is another study's, its runs were made with other images, or `study.json` is damaged.
    """
    if study == NETWORKS:
        raise InvalidStudy(f"a study cannot be called {NETWORKS!r}: its folder is that of all networks.")
    images = None if data is None else Path(data).resolve()
    store = Store(make_folder(Path(runs) / study / scale), Path(runs) / NETWORKS, images)
    path = store.folder / NAME
    wanted = {"study": study, "scale": scale, "data": None if images is None else str(images)}
    if path.exists():
        _check_same(path, wanted)
    else:
        write_text(path, json.dumps(wanted, indent=2, ensure_ascii=False) + "\n")
    make_folder(store.folder / RECORDS)
    make_folder(store.networks)
    return store


def _check_same(path: Path, wanted: dict[str, str | None]) -> None:
    found = read_bytes(path)
    try:
        stored = json_value(found)
        differing = [name for name in wanted if stored[name] != wanted[name]]
    except (ValueError, LookupError, TypeError) as error:
        raise InvalidRun(
            f"{path} is damaged ({type(error).__name__}). Delete it to go on with the runs beside it."
        ) from error
    if differing:
        words = "; ".join(f"{name} was {stored[name]!r} and is now {wanted[name]!r}" for name in differing)
        raise InvalidRun(
            f"{path.parent} belongs to another study: {words}. Choose another folder with --runs."
        )
