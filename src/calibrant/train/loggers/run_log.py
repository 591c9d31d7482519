"""The log of one run, in all the tools it is logged to: told of epochs as progress is, and of the results.

A tool that fails while the run goes on is asked again at the next epoch; nothing is trained twice for a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Self

from calibrant.errors import LogFailed
from calibrant.train.history import EpochRow
from calibrant.train.loggers.logged_run import LoggedRun
from calibrant.train.loggers.open_log import OpenLog, trying
from calibrant.train.progress import BatchReport


class RunLog:
    """Progress that is logged. Without tools it does nothing.

    The logs are opened at the first report of the training, when it is sure that the folder holds this run
    and no other. An epoch that a log has is not logged again.

    Parameters
    ----------
    tools : sequence of {"tensorboard", "wandb", "mlflow"}
        What to log to, as `calibrant.train.loggers.tools.tools_named` returns it.
    run : LoggedRun
        The run.

    Examples
    --------
    >>> from pathlib import Path
    >>> with RunLog((), LoggedRun(Path("runs/mine"), "mine, seed 0", {"train.epochs": 2})) as log:
    ...     log.conclude((), {"accuracy": 0.9})  # after run_recipe(..., progress=log)
    """

    def __init__(self, tools: Sequence[str], run: LoggedRun) -> None:
        self._waiting, self._run = list(tools), run
        self._logs: list[OpenLog] = []
        self._rows: list[EpochRow] = []

    def on_batch(self, report: BatchReport) -> None:
        """Open the logs, if they are not open.

        Raises
        ------
        LogFailed
            A tool does not open the log.
        """
        self._open()

    def on_epoch(self, row: EpochRow) -> None:
        """Log a finished epoch.

        Raises
        ------
        LogFailed
            A tool does not open the log.
        """
        self._open()
        self._rows.append(row)
        for log in self._logs:
            # What is missing comes with the next epoch, or at the end, where a failure is told.
            with suppress(LogFailed):
                log.take(self._rows)

    def conclude(self, history: Sequence[EpochRow], results: dict[str, float]) -> None:
        """Log the results, and all epochs that are not logged yet, and end the logs.

        Raises
        ------
        LogFailed
            A tool does not take them. The others have got theirs.
        """
        self._open()
        failures: list[LogFailed] = []
        for log in tuple(self._logs):
            try:
                log.take(history)
                log.take_results(results, len(history))
                self._logs.remove(log)
                log.close("success")
            except LogFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]

    def _open(self) -> None:
        while self._waiting:
            tool = self._waiting[0]
            with trying(tool):
                log: OpenLog = import_module(f"calibrant.train.loggers.{tool}").open_log(self._run)
            self._logs.append(log)
            del self._waiting[0]
            log.describe(self._run.parameters)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        status = "aborted" if isinstance(error, KeyboardInterrupt) else "failed"
        for log in self._logs:
            # Why the run ended matters more than that its log was not told.
            with suppress(LogFailed):
                log.close(status)
