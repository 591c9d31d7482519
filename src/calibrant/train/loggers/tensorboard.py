"""TensorBoard, by the logger that Lightning Fabric has for it.

A log is written anew each time a run is continued: the epochs so far are in the run's history.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from lightning_fabric.loggers.logger import Logger
from lightning_fabric.loggers.tensorboard import TensorBoardLogger

from calibrant.train.loggers.logged_run import LoggedRun
from calibrant.train.loggers.open_log import OpenLog

NAME = "tensorboard"


def open_log(run: LoggedRun) -> OpenLog:
    """Begin the log of a run in its folder ``logs/tensorboard``."""
    for earlier in (run.logs / NAME).glob("events.out.tfevents.*"):
        earlier.unlink()
    return OpenLog(NAME, _EventFile(TensorBoardLogger(run.logs, name="", version=NAME)))


class _EventFile(Logger):
    """TensorBoard lists hyperparameters beside metrics, so they are written with the first of these."""

    def __init__(self, events: TensorBoardLogger) -> None:
        self._events = events
        self._parameters: dict[str, Any] = {}

    @property
    def name(self) -> str:
        return self._events.name

    @property
    def version(self) -> int | str:
        return self._events.version

    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:
        self._parameters = dict(params if isinstance(params, dict) else vars(params))

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        if self._parameters:
            self._events.log_hyperparams(self._parameters, metrics, step)
            self._parameters = {}
        else:
            self._events.log_metrics(metrics, step)
        self._events.save()

    def finalize(self, status: str) -> None:
        self._events.finalize(status)
