"""MLflow, for which Lightning Fabric has no logger.

Server and account are what its own environment variables say.
"""

from __future__ import annotations

import os
from argparse import Namespace
from importlib import import_module
from typing import Any

from lightning_fabric.loggers.logger import Logger

from calibrant.train.loggers.logged_run import LoggedRun
from calibrant.train.loggers.open_log import OpenLog

NAME = "mlflow"
_STATUS = {"success": "FINISHED", "failed": "FAILED", "aborted": "KILLED"}


def open_log(run: LoggedRun) -> OpenLog:
    """Begin or continue the log of a run; a new one in MLFLOW_EXPERIMENT_NAME or else ``calibrant``."""
    mlflow, known = import_module(NAME), run.known_as(NAME)
    if known is None:
        mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME", "calibrant"))
        opened = mlflow.start_run(run_name=run.title)
    else:
        opened = mlflow.start_run(run_id=known)
    run.remember(NAME, opened.info.run_id)
    return OpenLog(NAME, _Mlflow(mlflow, opened), dict(opened.data.metrics))


class _Mlflow(Logger):
    def __init__(self, mlflow: Any, run: Any) -> None:
        self._mlflow, self._run = mlflow, run

    @property
    def name(self) -> str:
        return str(self._run.info.run_name)

    @property
    def version(self) -> str:
        return str(self._run.info.run_id)

    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:
        self._mlflow.log_params(params)

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        self._mlflow.log_metrics(metrics, step=step)

    def finalize(self, status: str) -> None:
        self._mlflow.end_run(_STATUS[status])
