"""The bar of passes over rows in parts, on stderr, shown only where they take longer than two seconds."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from calibrant.cli.bars import passes
from calibrant.cli.late import Late


class PassBar:
    """Draws how many rows of a pass are done, how many a second, and the time that is left of the pass.

    How many passes a fit makes, nobody knows before it ends.
    """

    def __init__(self) -> None:
        self._progress = passes()
        self._task = self._progress.add_task("")
        self._late = Late(self._progress)
        self._passes = 0

    def begin(self, rows: int) -> None:
        """Take note that a pass over so many rows begins."""
        self._passes += 1
        self._progress.reset(self._task, total=rows, description=f"pass {self._passes}")

    def __call__(self, rows: int) -> None:
        """Take note that so many more rows are done."""
        self._progress.advance(self._task, rows)
        self._late.moved()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._late.over()
