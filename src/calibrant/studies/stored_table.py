"""`table.json` of a study, read back: what it studied, and its rows with mean and spread over seeds.

It is written by `runner`; nothing is measured here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, ValidationError

from calibrant.errors import InvalidRun
from calibrant.foreign import json_value
from calibrant.plain import read_bytes
from calibrant.report.model.study import MOST_DECIMALS
from calibrant.studies.study import EndingName

NAME = "table.json"
_LARGEST = sys.float_info.max / 100
"""Results are shown in per cent."""


class StoredSpread(BaseModel):
    """A result over seeds; the spread is None of one seed."""

    model_config = ConfigDict(allow_inf_nan=False)

    mean: float = Field(ge=-_LARGEST, le=_LARGEST)
    spread: float | None = Field(ge=0, le=_LARGEST)

    def shown(self, decimals: int) -> str:
        """Return it as people read it."""
        mean = f"{self.mean:.{decimals}f}"
        return mean if self.spread is None else f"{mean} ± {self.spread:.{decimals}f}"

    def per_cent(self) -> str:
        """Return a fraction as people read it."""
        return f"{_times_100(self).shown(1)} %"


class StoredColumn(BaseModel):
    """A result: its name, its title (empty where people do not see it) and the digits shown."""

    name: str
    title: str
    decimals: int = Field(ge=0, le=MOST_DECIMALS)


class StoredRow(BaseModel):
    """A row: its place in the grid, its part, its seeds and its results by column."""

    series: str
    value: StrictBool | StrictInt | StrictFloat | str | None
    part: str
    seeds: int
    results: dict[str, StoredSpread]


class FailedRun(BaseModel):
    """A run that the table is without, and why."""

    run: str
    reason: str


class StoredSettings(BaseModel):
    """What a series, or all of them, set of a recipe: section by section, by name."""

    data: dict[str, Any]
    net: dict[str, Any]
    train: dict[str, Any]


class StoredSeries(StoredSettings):
    """A series: its name, and its values of what varies."""

    name: str
    values: tuple[StrictBool | StrictInt | StrictFloat | str, ...]


class StoredScale(StoredSettings):
    """The settings of a study at one scale, and what its runs cost."""

    cost: str
    series: tuple[StoredSeries, ...]


class StoredTable(BaseModel):
    """A study and its table."""

    model_config = ConfigDict(frozen=True)

    study: str
    scale: str
    title: str
    summary: str
    source: str
    ending: EndingName
    scored: str
    seeds: tuple[int, ...]
    settings: StoredScale
    value_title: str | None
    part_title: str | None
    columns: tuple[StoredColumn, ...]
    rows: tuple[StoredRow, ...]
    notes: tuple[str, ...]
    failed: tuple[FailedRun, ...]

    def by_series(self) -> dict[str, list[StoredRow]]:
        """Return the rows by series, in order."""
        found: dict[str, list[StoredRow]] = {}
        for row in self.rows:
            found.setdefault(row.series, []).append(row)
        return found


def _times_100(spread: StoredSpread) -> StoredSpread:
    deviation = None if spread.spread is None else 100 * spread.spread
    return StoredSpread(mean=100 * spread.mean, spread=deviation)


def read_table(folder: Path) -> StoredTable:
    """Read the table of a study.

    Raises
    ------
    InvalidRun
        There is none yet, it is damaged, or an earlier version wrote it.
    UnreadableFile
        It is no plain file, or may not be read.
    """
    path = folder / NAME
    again = "Start the study again with the same command: finished runs are kept and not trained again."
    if not path.exists():
        raise InvalidRun(f"{folder} holds no finished study: there is no {NAME}. {again}")
    content = read_bytes(path)
    try:
        return StoredTable.model_validate(json_value(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidRun(
            f"{path} is no table of this version ({where or 'JSON'}: {first['msg']}). {again}"
        ) from error
    except ValueError as error:
        raise InvalidRun(f"{path} is not JSON ({error}). {again}") from error
