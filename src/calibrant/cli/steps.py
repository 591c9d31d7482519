"""The step that longer work is at, on stderr, shown only where it takes longer than two seconds."""

from __future__ import annotations

from calibrant.cli.bars import step
from calibrant.cli.late import Late


class Steps(Late):
    """Shows what is being done, and for how long it has gone on."""

    def __init__(self) -> None:
        super().__init__(step())
        self._task = self._progress.add_task("")

    def __call__(self, name: str) -> None:
        """Take note that a step begins."""
        self._progress.update(self._task, description=name)
        self.moved()
