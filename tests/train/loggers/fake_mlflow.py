"""The documented calls of MLflow, on a server in memory that outlives the runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


@dataclass
class Info:
    run_id: str
    run_name: str


@dataclass
class Data:
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass
class Run:
    info: Info
    experiment: str
    data: Data = field(default_factory=Data)
    params: dict[str, str] = field(default_factory=dict)
    history: list[tuple[int, dict[str, float]]] = field(default_factory=list)
    status: str = "RUNNING"


class FakeMlflow(ModuleType):
    """Stands for the package; `unreachable` makes it fail as without its server."""

    def __init__(self) -> None:
        super().__init__("mlflow")
        self.__spec__ = ModuleSpec("mlflow", None)
        self.runs: dict[str, Run] = {}
        self.active: Run | None = None
        self.unreachable = False
        self._experiment = "Default"

    def set_experiment(self, name: str) -> None:
        self._experiment = name

    def start_run(self, run_id: str | None = None, run_name: str | None = None) -> Run:
        assert self.active is None, "a run is active already"
        if run_id is None:
            assert run_name is not None
            run_id = f"run{len(self.runs)}"
            self.runs[run_id] = Run(Info(run_id, run_name), self._experiment)
        self.active = self.runs[run_id]
        self.active.status = "RUNNING"
        return self.active

    def log_params(self, params: dict[str, Any]) -> None:
        """Refuse to change a parameter, as MLflow does."""
        run = self._reached()
        for name, value in params.items():
            assert run.params.setdefault(name, str(value)) == str(value)

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        run = self._reached()
        assert step is not None
        assert all(isinstance(value, int | float) for value in metrics.values())
        run.history.append((step, dict(metrics)))
        run.data.metrics.update(metrics)

    def end_run(self, status: str = "FINISHED") -> None:
        run = self._reached()
        run.status, self.active = status, None
        print(f"View run {run.info.run_name}")

    def _reached(self) -> Run:
        if self.unreachable:
            raise ConnectionError("no route to host")
        assert self.active is not None
        return self.active
