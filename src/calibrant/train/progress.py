"""What a run reports while it trains, to whoever draws it.

Nothing here prints; the numbers are those the loop has anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from calibrant.train.history import EpochRow


@dataclass(frozen=True)
class BatchReport:
    """How far a run is.

    Attributes
    ----------
    epoch, epochs : int
        The epoch under way, counted from 1, and how many were asked for.
    batch, batches : int
        Batches done in this epoch, and how many it has.
    loss, accuracy : float
        Means over the images seen so far in this epoch, while the weights moved.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    accuracy: float


class Progress(Protocol):
    """Something that is told how a run is getting on."""

    def on_batch(self, report: BatchReport) -> None:
        """Take note of a report; there are about twenty in an epoch."""

    def on_epoch(self, row: EpochRow) -> None:
        """Take note of a finished epoch. Called once for each, epochs of an earlier start included."""


class Silent:
    """Progress that nobody looks at."""

    def on_batch(self, report: BatchReport) -> None:
        """Do nothing."""

    def on_epoch(self, row: EpochRow) -> None:
        """Do nothing."""


class Several:
    """Progress that several look at.

    Parameters
    ----------
    *listeners : Progress
        They are told in this order.
    """

    def __init__(self, *listeners: Progress) -> None:
        self._listeners = listeners

    def on_batch(self, report: BatchReport) -> None:
        """Tell all of them."""
        for listener in self._listeners:
            listener.on_batch(report)

    def on_epoch(self, row: EpochRow) -> None:
        """Tell all of them."""
        for listener in self._listeners:
            listener.on_epoch(row)
