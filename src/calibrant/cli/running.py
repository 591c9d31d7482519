"""Who does the work of a command: threads of this process, processes of this machine, or a cluster.

Commands whose work may be done elsewhere take the four options of `options` and make a `Running` of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.engine import Engine, LocalEngine


@dataclass(frozen=True, slots=True)
class Running:
    """What a user says of who does the work.

    Attributes
    ----------
    engine : {"local", "dask"}
        This process, or a Dask cluster.
    workers : int, optional
        Processes to start for a cluster on this machine.
    threads : int, optional
        Threads of this process.
    scheduler : str, optional
        Address of a cluster that is running.
    """

    engine: str = "local"
    workers: int | None = None
    threads: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.engine != "dask":
            for option, value in (("--workers", self.workers), ("--scheduler", self.scheduler)):
                if value is not None:
                    raise InvalidArgument(f"{option} belongs to a cluster: add --engine dask.")
        if self.workers is not None and self.scheduler is not None:
            raise InvalidArgument(
                "--workers starts processes here, --scheduler uses workers that run already: name one."
            )

    @property
    def elsewhere(self) -> bool:
        """Whether the work is not done here, which needs rows in parts."""
        return self.engine == "dask"

    def here(self) -> LocalEngine:
        """Return the engine for rows in memory."""
        from calibrant.engine import DEFAULT_ENGINE, LocalEngine

        return DEFAULT_ENGINE if self.threads is None else LocalEngine(self.threads)

    @contextmanager
    def started(self) -> Iterator[Engine]:
        """Give the engine for rows in parts; a cluster that it needs is started, and ended in the end."""
        if not self.elsewhere:
            yield self.here()
            return
        from calibrant.scale import DaskEngine, connected, local_workers

        cluster = local_workers(self.workers) if self.scheduler is None else connected(self.scheduler)
        with cluster as client:
            yield DaskEngine(client, threads=self.threads)
