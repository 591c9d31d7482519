"""Runs side by side, each worker a process of its own: one that fails or dies takes no other with it.

Which runs there are, and what they are for, is not known here.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from calibrant.studies.jobs import Advanced, Ended, Job, Waits
from calibrant.studies.progress import Silent, StudyProgress

_PATIENCE = 5.0


def run_jobs(jobs: Sequence[Job], *, processes: int, progress: StudyProgress | None = None) -> dict[str, str]:
    """Make runs, several at a time.

    Parameters
    ----------
    jobs : sequence of Job
        Begun in this order.
    processes : int
        How many at a time.
    progress : StudyProgress, optional
        Told how they are getting on.

    Returns
    -------
    dict of str to str
        Why runs failed, by label. The others are finished.
    """
    told, waiting, failures = progress or Silent(), deque(jobs), dict[str, str]()
    workers = [_Worker() for _ in range(min(processes, len(jobs)))]
    try:
        for worker in workers:
            worker.begin(waiting.popleft(), told)
        while busy := {worker.connection: worker for worker in workers if worker.job is not None}:
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]
                ended = worker.listen(told)
                if ended is None:
                    continue
                label, failure = ended
                told.on_end(label, failure)
                if failure is not None:
                    failures[label] = failure
                if waiting:
                    worker.begin(waiting.popleft(), told)
    finally:
        for worker in workers:
            worker.stop()
    return {job.run.label: failures[job.run.label] for job in jobs if job.run.label in failures}


class _Worker:
    """A process, what connects to it, and the run it is making."""

    def __init__(self) -> None:
        self.job: Job | None = None
        self._start()

    def begin(self, job: Job, told: StudyProgress) -> None:
        """Hand it a run."""
        if not self._process.is_alive():
            self.connection.close()
            self._start()
        self.job = job
        told.on_begin(job.run.label)
        # A process that dies just now is found dead when it is listened to.
        with suppress(BrokenPipeError):
            self.connection.send(job)

    def listen(self, told: StudyProgress) -> tuple[str, str | None] | None:
        """Take one report; return label and failure of a run that it ends."""
        assert self.job is not None
        label = self.job.run.label
        try:
            report = self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            report = Ended(_death(self._process.exitcode))
        if isinstance(report, Advanced):
            told.on_advance(label, report.share)
            return None
        if isinstance(report, Waits):
            told.on_wait(label, report.why)
            return None
        self.job = None
        return label, report.failure

    def stop(self) -> None:
        """End the process: at once if it is making a run, which the next start continues."""
        if self.job is None and self._process.is_alive():
            with suppress(BrokenPipeError):
                self.connection.send(None)
            self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _start(self) -> None:
        # Spawned, because a forked child inherits threads of PyTorch and Numba that do not run.
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, far_end = context.Pipe()
        process = context.Process(target=_work, args=(far_end,))
        process.start()
        self._process: SpawnProcess = process
        far_end.close()


def _work(connection: Connection) -> None:
    # Imported there alone: the process that hands out runs does without the seconds that PyTorch takes.
    from calibrant.studies.worker import work

    work(connection)


def _death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return (
            f"its process was ended by signal {-exitcode}. Where memory is short, use fewer --jobs; "
            "starting the study again continues the run."
        )
    return f"its process ended with exit code {exitcode}. Starting the study again continues the run."
