"""What a study keeps of a finished run: one JSON file, written last, whole or not at all.

A run with this file is finished; it is read instead of made.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from calibrant.atomic import write_text
from calibrant.errors import InvalidRun
from calibrant.foreign import json_value
from calibrant.plain import read_bytes
from calibrant.studies.grid import PlannedRun

SCHEMA = "calibrant.study-run/1"


@dataclass(frozen=True)
class Measured:
    """What a run came to.

    Attributes
    ----------
    parts : dict of str to dict of str to float
        Results by name, by the row of the table they belong to; a run with one row calls it "".
    notes : tuple of str
        What a reader of the table must know.
    """

    parts: dict[str, dict[str, float]]
    notes: tuple[str, ...] = ()


def write_record(path: Path, run: PlannedRun, measured: Measured) -> None:
    """Write the record of a run that is finished."""
    content = {
        "schema": SCHEMA,
        "run": run.label,
        "series": run.point.series,
        "value": run.point.value,
        "seed": run.seed,
        "settings": run.settings,
        **asdict(measured),
    }
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_record(path: Path, run: PlannedRun) -> Measured | None:
    """Read the record of a run, or return None where the run is not finished.

    Raises
    ------
    InvalidRun
        The file is damaged, or another run's.
    UnreadableFile
        It is no plain file, or may not be read.
    """
    if not path.exists():
        return None
    found = read_bytes(path)
    try:
        content = json_value(found)
        stored = (content["schema"], content["settings"])
        measured = Measured(_parts(content["parts"]), tuple(str(note) for note in content["notes"]))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidRun(
            f"{path} is damaged ({type(error).__name__}). Delete it to have the run measured again."
        ) from error
    if stored != (SCHEMA, run.settings):
        raise InvalidRun(f"{path} belongs to another run. Delete it to have this one made.")
    return measured


def _parts(content: Any) -> dict[str, dict[str, float]]:
    return {
        str(part): {str(name): float(value) for name, value in results.items()}
        for part, results in content.items()
    }
