"""The count of what has been read so far, on stderr, shown only where it takes longer than two seconds."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from calibrant.cli.bars import counter

_PATIENCE = 2.0


class ReadingBar:
    """Draws how many images or rows have been read.

    Parameters
    ----------
    title : str
        What the number counts.
    """

    def __init__(self, title: str) -> None:
        self._progress = counter()
        self._task = self._progress.add_task(title, total=None, count=0)
        self._count = 0
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, images: int) -> None:
        """Take note that so many more images, or rows, have been read."""
        self._count += images
        if self._shown:
            self._progress.update(self._task, count=self._count)
        elif time.monotonic() - self._started > _PATIENCE:
            self._progress.start()
            self._shown = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            self._progress.stop()
