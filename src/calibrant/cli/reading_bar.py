"""The count of what has been read so far, on stderr, shown only where it takes longer than two seconds."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from calibrant.cli.bars import counter
from calibrant.cli.late import Late


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
        self._late = Late(self._progress)

    def __call__(self, images: int) -> None:
        """Take note that so many more images, or rows, have been read."""
        self._count += images
        self._progress.update(self._task, count=self._count)
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
