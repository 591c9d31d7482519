"""The bar of passes over rows in parts, on stderr, shown only where they take longer than two seconds."""

from __future__ import annotations

from calibrant.cli.bars import passes
from calibrant.cli.late import Late


class PassBar(Late):
    """Draws how many rows of a pass are done, how many a second, and the time that is left of the pass.

    How many passes a fit makes, nobody knows before it ends.
    """

    def __init__(self) -> None:
        super().__init__(passes())
        self._task = self._progress.add_task("")
        self._passes = 0

    def begin(self, rows: int) -> None:
        """Take note that a pass over so many rows begins."""
        self._passes += 1
        self._progress.reset(self._task, total=rows, description=f"pass {self._passes}")

    def __call__(self, rows: int) -> None:
        """Take note that so many more rows are done."""
        self._progress.advance(self._task, rows)
        self.moved()
