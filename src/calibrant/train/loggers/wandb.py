"""Weights & Biases, for which Lightning Fabric has no logger.

Account, server and offline mode are what its own environment variables say.
"""

from __future__ import annotations

import os
from argparse import Namespace
from importlib import import_module
from typing import Any

from lightning_fabric.loggers.logger import Logger

from calibrant.train.loggers.logged_run import LoggedRun
from calibrant.train.loggers.open_log import OpenLog

NAME = "wandb"


def open_log(run: LoggedRun) -> OpenLog:
    """Begin or continue the log of a run, in the project of ``WANDB_PROJECT`` or else ``calibrant``."""
    opened = import_module(NAME).init(
        project=os.environ.get("WANDB_PROJECT", "calibrant"),
        name=run.title,
        id=run.known_as(NAME),
        resume="allow",
        dir=str(run.logs),
    )
    run.remember(NAME, opened.id)
    return OpenLog(NAME, _Wandb(opened), dict(opened.summary))


class _Wandb(Logger):
    def __init__(self, run: Any) -> None:
        self._run = run
        self._step = int(run.summary.get("epoch", 0))

    @property
    def name(self) -> str:
        return str(self._run.project)

    @property
    def version(self) -> str:
        return str(self._run.id)

    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:
        self._run.config.update(params, allow_val_change=True)

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        # A step that was sent takes nothing more; the summary of the run does.
        if step is not None and step <= self._step:
            self._run.summary.update(metrics)
            return
        self._run.log(metrics, step=step, commit=True)
        self._step = self._step if step is None else step

    def finalize(self, status: str) -> None:
        self._run.finish(exit_code=0 if status == "success" else 1)
