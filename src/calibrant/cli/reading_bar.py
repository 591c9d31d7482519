"""The count of what has been read so far, on stderr, shown only where it takes longer than two seconds."""

from __future__ import annotations

from calibrant.cli.bars import counter
from calibrant.cli.late import Late


class ReadingBar(Late):
    """Draws how many images or rows have been read.

    Parameters
    ----------
    title : str
        What the number counts.
    """

    def __init__(self, title: str) -> None:
        super().__init__(counter())
        self._task = self._progress.add_task(title, total=None, count=0)
        self._count = 0

    def __call__(self, images: int) -> None:
        """Take note that so many more images, or rows, have been read."""
        self._count += images
        self._progress.update(self._task, count=self._count)
        self.moved()
