"""A log that is open: one logger, what it has already, and what becomes of its failures.

Which tool is behind the logger, nothing here knows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, field

from lightning_fabric.loggers.logger import Logger

from calibrant.errors import CalibrantError, LogFailed
from calibrant.train.history import EpochRow
from calibrant.train.loggers.tools import TITLES


@dataclass(eq=False)
class OpenLog:
    """A logger that takes each epoch once.

    Attributes
    ----------
    tool : str
        Name of the tool.
    logger : Logger
        Takes metrics, hyperparameters and the end.
    latest : dict of str to float
        The last value of each metric that it has.
    """

    tool: str
    logger: Logger
    latest: dict[str, float] = field(default_factory=dict)

    def describe(self, parameters: Mapping[str, bool | int | float | str]) -> None:
        """Log the settings of a run of which no epoch is logged yet."""
        if "epoch" not in self.latest:
            with trying(self.tool):
                self.logger.log_hyperparams(dict(parameters))

    def take(self, rows: Sequence[EpochRow]) -> None:
        """Log the epochs among `rows` that are not logged yet."""
        for row in rows:
            if row.epoch > self.latest.get("epoch", 0):
                self._write(asdict(row), row.epoch)

    def take_results(self, results: Mapping[str, float], step: int) -> None:
        """Log the results that are not logged yet, or have changed."""
        changed = {name: value for name, value in results.items() if self.latest.get(name) != value}
        if changed:
            self._write(changed, step)

    def close(self, status: str) -> None:
        """End the log: "success", "failed" or "aborted"."""
        with trying(self.tool):
            self.logger.finalize(status)

    def _write(self, values: dict[str, float], step: int) -> None:
        with trying(self.tool):
            self.logger.log_metrics(values, step)
        self.latest.update(values)


@contextmanager
def trying(tool: str) -> Iterator[None]:
    """Keep what a tool prints from stdout, and turn whatever it raises into one error that says what to do.

    Raises
    ------
    LogFailed
        The tool raised an error.
    """
    try:
        with redirect_stdout(sys.stderr):
            yield
    except CalibrantError:
        raise
    except Exception as error:
        raise LogFailed(
            f"{TITLES[tool]} does not take the log of the run ({type(error).__name__}: {error}). "
            "What was trained is kept. Run the same command again when it can be reached, or without "
            f"--log {tool}; where it has lost the run, delete {tool}.txt in the run's folder logs first."
        ) from error
