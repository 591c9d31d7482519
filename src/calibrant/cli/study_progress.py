"""The progress of a study, on stderr: runs done and left, the time, and a bar for each run under way."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.progress import TaskID

from calibrant.cli.bars import bars
from calibrant.printable import printable, shown


class StudyBars:
    """Draws what a study reports."""

    def __init__(self) -> None:
        self._progress = bars()
        self._all = self._progress.add_task("runs", total=None, state="")
        self._under_way: dict[str, TaskID] = {}
        self._runs = self._done = self._failed = 0

    def on_plan(self, labels: Sequence[str]) -> None:
        """Set the length of the bar of all runs."""
        self._runs = len(labels)
        self._show()

    def on_found(self, label: str) -> None:
        """Count a run that was finished before."""
        self._done += 1
        self._show()

    def on_begin(self, label: str) -> None:
        """Add a bar for a run."""
        self._under_way[label] = self._progress.add_task(f"  {shown(label)}", total=1.0, state="starting")

    def on_wait(self, label: str, why: str) -> None:
        """Say for whom a run waits."""
        self._progress.update(self._under_way[label], state="waiting")
        self._say(f"{label}: {why}")

    def on_advance(self, label: str, share: float) -> None:
        """Move the bar of a run."""
        state = "training" if share < 1.0 else "measuring"
        self._progress.update(self._under_way[label], completed=share, state=state)

    def on_end(self, label: str, failure: str | None) -> None:
        """Take the bar of a run away, and say so if it failed."""
        task = self._under_way.pop(label, None)
        if task is not None:
            self._progress.remove_task(task)
        if failure is None:
            self._done += 1
        else:
            self._failed += 1
            self._say(f"{label} failed: {failure}")
        self._show()

    def _say(self, words: str) -> None:
        self._progress.console.print(printable(words), markup=False, highlight=False)

    def _show(self) -> None:
        left = self._runs - self._done - self._failed
        failed = f", {self._failed} failed" if self._failed else ""
        self._progress.update(
            self._all,
            total=self._runs,
            completed=self._done + self._failed,
            state=f"{self._done} done, {left} left{failed}",
        )

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
