"""The progress bar of training, on stderr: epochs, batches, loss and accuracy as they come."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from calibrant.cli.bars import bars
from calibrant.train.history import EpochRow
from calibrant.train.progress import BatchReport


class TrainingBar:
    """Draws what a training run reports.

    Parameters
    ----------
    title : str
        What is being trained.
    epochs : int
        Epochs that were asked for.
    """

    def __init__(self, title: str, epochs: int) -> None:
        self._progress = bars()
        self._task = self._progress.add_task(title, total=epochs, state="")

    def on_batch(self, report: BatchReport) -> None:
        """Move the bar within an epoch."""
        done = report.epoch - 1 + report.batch / report.batches
        state = (
            f"epoch {report.epoch}/{report.epochs}  loss {report.loss:.3f}  accuracy {report.accuracy:.3f}"
        )
        self._progress.update(self._task, completed=done, state=state)

    def on_epoch(self, row: EpochRow) -> None:
        """Show what the epoch came to on validation images."""
        state = (
            f"epoch {row.epoch}  validation: loss {row.val_loss:.3f}  accuracy {row.val_accuracy:.3f}  "
            f"ECE {row.val_ece:.3f}"
        )
        self._progress.update(self._task, completed=row.epoch, state=state)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()
