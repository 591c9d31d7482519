"""The documented calls of Weights & Biases, on a server in memory that outlives the runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass
class Config:
    values: dict[str, Any] = field(default_factory=dict)
    updates: int = 0

    def update(self, values: dict[str, Any], allow_val_change: bool = False) -> None:
        changed = [name for name in values if self.values.get(name, values[name]) != values[name]]
        assert allow_val_change or not changed
        self.values.update(values)
        self.updates += 1


@dataclass
class Run:
    id: str
    project: str
    name: str
    config: Config = field(default_factory=Config)
    summary: dict[str, Any] = field(default_factory=dict)
    history: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    exit_code: int | None = None

    def log(self, data: dict[str, Any], step: int | None = None, commit: bool | None = None) -> None:
        """Drop what comes for a step that was sent, as the service does."""
        assert step is not None
        assert commit is True
        if not self.history or step > self.history[-1][0]:
            self.history.append((step, dict(data)))
            self.summary.update(data)

    def finish(self, exit_code: int = 0) -> None:
        self.exit_code = exit_code


class FakeWandb(ModuleType):
    """Stands for the package; `unreachable` makes it fail as without a network."""

    def __init__(self) -> None:
        super().__init__("wandb")
        self.__spec__ = ModuleSpec("wandb", None)
        self.runs: dict[str, Run] = {}
        self.unreachable = False

    def init(self, *, project: str, name: str, **options: Any) -> Run:
        if self.unreachable:
            raise ConnectionError("no route to host")
        assert set(options) == {"id", "resume", "dir"}
        assert options["resume"] == "allow"
        assert Path(options["dir"]).is_dir()
        identifier = options["id"] or f"id{len(self.runs)}"
        return self.runs.setdefault(identifier, Run(identifier, project, name))
