"""What a study reports while it runs, to whoever draws it.

Nothing here prints. A run goes by its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class StudyProgress(Protocol):
    """Something that is told how the runs of a study are getting on."""

    def on_plan(self, labels: Sequence[str]) -> None:
        """Take note of all runs, before any begins."""

    def on_found(self, label: str) -> None:
        """Take note of a run that is finished already."""

    def on_begin(self, label: str) -> None:
        """Take note of a run that begins."""

    def on_wait(self, label: str, why: str) -> None:
        """Take note of a run that waits, and for whom."""

    def on_advance(self, label: str, share: float) -> None:
        """Take note of how much of a run's training is done."""

    def on_end(self, label: str, failure: str | None) -> None:
        """Take note of a run that is finished, or failed for a reason."""


class Silent:
    """Progress that nobody looks at."""

    def on_plan(self, labels: Sequence[str]) -> None:
        """Do nothing."""

    def on_found(self, label: str) -> None:
        """Do nothing."""

    def on_begin(self, label: str) -> None:
        """Do nothing."""

    def on_wait(self, label: str, why: str) -> None:
        """Do nothing."""

    def on_advance(self, label: str, share: float) -> None:
        """Do nothing."""

    def on_end(self, label: str, failure: str | None) -> None:
        """Do nothing."""
