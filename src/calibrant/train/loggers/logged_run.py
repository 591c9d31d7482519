"""A run as other tools see it, and under which name each of them knows it.

The names are kept in the run's folder, so that a run that is continued is continued there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from calibrant.atomic import make_folder, write_text

FOLDER = "logs"


@dataclass(frozen=True)
class LoggedRun:
    """What is said of a run when its log is opened.

    Attributes
    ----------
    folder : Path
        The run's folder; what belongs to its logs lies under ``logs``.
    title : str
        What people call the run.
    parameters : mapping of str to bool, int, float or str
        Its settings by name.
    """

    folder: Path
    title: str
    parameters: Mapping[str, bool | int | float | str]

    @property
    def logs(self) -> Path:
        """The folder of its logs, made where it is missing."""
        return make_folder(self.folder / FOLDER)

    def known_as(self, tool: str) -> str | None:
        """Return what `tool` called the run when it was logged before, or None."""
        path = self.logs / f"{tool}.txt"
        return path.read_text(encoding="utf-8").strip() if path.exists() else None

    def remember(self, tool: str, identifier: str) -> None:
        """Keep what `tool` calls the run."""
        write_text(self.logs / f"{tool}.txt", identifier + "\n")
