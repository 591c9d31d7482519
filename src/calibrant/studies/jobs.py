"""What goes between the process of a study and its workers: runs to make one way, reports the other.

Plain values; nothing happens here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from calibrant.studies.grid import PlannedRun
from calibrant.studies.study import EndingName


@dataclass(frozen=True)
class Job:
    """A run to make.

    Attributes
    ----------
    run : PlannedRun
        What.
    folder : Path
        Where what it trains goes; other studies may be at it.
    record : Path
        Where what it came to goes.
    ending : str
        What to measure.
    data : Path or None
        The images, in place of those that the recipe names.
    """

    run: PlannedRun
    folder: Path
    record: Path
    ending: EndingName
    data: Path | None


@dataclass(frozen=True)
class Advanced:
    """A share of the run's epochs is done."""

    share: float


@dataclass(frozen=True)
class Waits:
    """The run waits for another process that is at the same network."""

    why: str


@dataclass(frozen=True)
class Ended:
    """The run is finished, or failed for a reason."""

    failure: str | None
