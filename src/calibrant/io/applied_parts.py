"""The record in a folder of calibrated parts: which calibrator made them, and of which files.

With it a run that was stopped goes on where it was, and parts of two calibrators or two inputs never mix.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

from calibrant.atomic import remove_leftovers, write_text
from calibrant.errors import UnwritableFile
from calibrant.foreign import json_value
from calibrant.io.format import ReadOptions
from calibrant.io.place import Place
from calibrant.plain import read_bytes

RECORD = "_calibrant.json"
SCHEMA = "calibrant.applied-parts/1"


@final
@dataclass(frozen=True, slots=True)
class AppliedParts:
    """What the parts of a folder are made of.

    Attributes
    ----------
    method : str
        Of the calibrator.
    calibrator : str
        Fingerprint of its method and parameters.
    reading : dict
        How the input is read.
    parts : dict of str to dict
        By name of the file: bytes of the input, and when it was last changed (nanoseconds since 1970; None
        for a URL).
    """

    method: str
    calibrator: str
    reading: dict[str, str | None]
    parts: dict[str, dict[str, int | None]]

    @classmethod
    def planned(
        cls, method: str, calibrator: str, options: ReadOptions, places: tuple[Place, ...]
    ) -> AppliedParts:
        """Return the record of what is about to be made."""
        parts = {place.name: {"bytes": place.size, "modified": place.modified} for place in places}
        return cls(method, calibrator, asdict(options), parts)

    def finished_in(self, folder: Path) -> frozenset[str]:
        """Return the names of the parts that are in the folder already.

        Raises
        ------
        UnwritableFile
            The folder holds anything but parts of this calibrator and this input.
        """
        there = sorted(_visible(folder))
        if not there:
            return frozenset()
        stored = _stored(folder)
        if stored is None:
            raise _foreign(folder, f"{there[0]} is in it, and no {RECORD} that says what it is made of")
        if (stored.get("method"), stored.get("calibrator")) != (self.method, self.calibrator):
            raise _foreign(folder, f"it holds parts of another calibrator ({stored.get('method')})")
        if stored.get("reading") != self.reading:
            raise _foreign(folder, "its parts are of an input that was read with other keys or another kind")
        finished = [name for name in there if name != RECORD]
        for name in finished:
            if name not in self.parts:
                raise _foreign(folder, f"{name} is in it, and the input has no such part")
            if stored["parts"].get(name) != self.parts[name]:
                raise UnwritableFile(
                    f"the part {name} of the input is not what {folder / name} was made of: its size or its "
                    "time is another. Remove that file to have it made again, or name another folder."
                )
        return frozenset(finished)

    def begin_in(self, folder: Path) -> None:
        """Leave the record in the folder, and remove what a run that was stopped left half-written."""
        remove_leftovers(folder)
        content = {"schema": SCHEMA, **asdict(self)}
        write_text(folder / RECORD, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _visible(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise UnwritableFile(f"cannot write the folder {folder}: it is a file. Name another.")
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def _stored(folder: Path) -> dict[str, Any] | None:
    try:
        content = json_value(read_bytes(folder / RECORD))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return None
    return content if isinstance(content.get("parts"), dict) else None


def _foreign(folder: Path, why: str) -> UnwritableFile:
    return UnwritableFile(
        f"cannot write parts into {folder}: {why}. Name another folder, or remove this one."
    )
