"""Progress that is shown only where the work takes longer than two seconds."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 2.0


class Late:
    """A display of progress that is shown late, or never, and goes with the block it stands over.

    Parameters
    ----------
    progress : rich.progress.Progress
        What is shown.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._begun = time.monotonic()
        self._shown = False

    def moved(self) -> None:
        """Take note that the work went on."""
        if not self._shown and time.monotonic() - self._begun > _PATIENCE:
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
