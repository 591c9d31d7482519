"""From a study's name to its table and figure: the runs that are missing are made, then all are put together.

It may be stopped at any moment; started again, it makes only what is not finished.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from calibrant.atomic import write_text
from calibrant.errors import FailedRuns, InvalidArgument, InvalidRun, UnreadableFile
from calibrant.plots.save import save
from calibrant.report.model import to_json
from calibrant.studies.endings.ending import Finished
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.grid import PlannedRun, planned_runs
from calibrant.studies.jobs import Job
from calibrant.studies.library import load_study, scale_of
from calibrant.studies.pool import run_jobs
from calibrant.studies.progress import Silent, StudyProgress
from calibrant.studies.report_of_study import study_report
from calibrant.studies.store import Store, open_store
from calibrant.studies.study import ScaleName, Study
from calibrant.studies.table import Table, table_of

SCHEMA = "calibrant.study/1"


@dataclass(frozen=True)
class Outcome:
    """What a study came to.

    Attributes
    ----------
    name, scale : str
        Which study.
    study : Study
        What it is.
    seeds : tuple of int
        Seeds that were asked for.
    scored : str
        Whether the table is of test or of validation images.
    table : Table
        Over the runs that are finished.
    text : str
        The table as people read it.
    failures : dict of str to str
        Why runs failed, by label.
    folder : Path
        Where table, figure and report are.
    """

    name: str
    scale: ScaleName
    study: Study
    seeds: tuple[int, ...]
    scored: str
    table: Table
    text: str
    failures: dict[str, str]
    folder: Path

    @property
    def title(self) -> str:
        """What it is called."""
        return self.study.title

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "study": self.name,
            "scale": self.scale,
            "title": self.title,
            "summary": self.study.summary,
            "source": self.study.source,
            "ending": self.study.ending,
            "seeds": list(self.seeds),
            "settings": self.study.scales[self.scale].model_dump(mode="json", exclude={"seeds"}),
            "scored": self.scored,
            **self.table.to_json(),
            "failed": [{"run": label, "reason": reason} for label, reason in self.failures.items()],
        }


def run_study(
    name: str,
    *,
    scale: ScaleName = "smoke",
    seeds: int | None = None,
    jobs: int = 1,
    data: str | os.PathLike[str] | None = None,
    runs: str | os.PathLike[str] = "runs",
    progress: StudyProgress | None = None,
) -> Outcome:
    """Run a study, or what is missing of it, and write its table, figure and report.

    Parameters
    ----------
    name : str
        Of a study in the library, or the path of a study's file.
    scale : {"smoke", "cpu", "full"}
        How large.
    seeds : int, optional
        Seeds 0 … seeds − 1 in place of the study's own.
    jobs : int
        Runs at a time, each a process.
    data : path, optional
        Images in place of those that the study names.
    runs : path
        Folder that receives ``<study>/<scale>``, and ``networks``, which all studies share.
    progress : StudyProgress, optional
        Told how the runs are getting on.

    Returns
    -------
    Outcome
        The same whatever `jobs` is and however often the study was stopped, times apart.

    Raises
    ------
    InvalidStudy
        There is no such study or scale, or a setting is wrong.
    InvalidRun
        The folder is another study's.
    FailedRuns
        Not one run was finished.
    """
    if jobs < 1 or (seeds is not None and seeds < 1):
        raise InvalidArgument(f"jobs and seeds must be at least 1; got {jobs} and {seeds}.")
    study, own_name, told = load_study(name), Path(name).stem, progress or Silent()
    settings = scale_of(study, scale, name=own_name)
    chosen = settings.seeds if seeds is None else tuple(range(seeds))
    planned = planned_runs(study, settings, chosen, source=f"{own_name}.toml, scale {scale}")
    store = open_store(runs, study=own_name, scale=scale, data=data)

    told.on_plan([run.label for run in planned])
    pending, failures = _pending(planned, store, told)
    wanted = [
        Job(run, store.network_of(run), store.record_of(run), study.ending, store.data) for run in pending
    ]
    failures.update(run_jobs(wanted, processes=jobs, progress=told))

    finished = _finished(study, planned, store, failures)
    ending = ENDINGS[study.ending]
    outcome = Outcome(
        name=own_name,
        scale=scale,
        study=study,
        seeds=chosen,
        scored=ending.scored,
        table=finished.table,
        text=ending.text(finished.table),
        failures=failures,
        folder=store.folder,
    )
    _write(outcome, ending.draw(finished))
    return outcome


def check_complete(outcome: Outcome) -> None:
    """Raise `FailedRuns`, which names each of them, where runs of a study failed."""
    if outcome.failures:
        raise FailedRuns(_in_words(outcome.failures))


def _pending(
    planned: Sequence[PlannedRun], store: Store, told: StudyProgress
) -> tuple[list[PlannedRun], dict[str, str]]:
    pending, failures = [], {}
    for run in planned:
        try:
            finished = store.measured(run) is not None
        except (InvalidRun, UnreadableFile) as error:
            failures[run.label] = str(error)
            told.on_end(run.label, str(error))
            continue
        if finished:
            told.on_found(run.label)
        else:
            pending.append(run)
    return pending, failures


def _finished(
    study: Study, planned: Sequence[PlannedRun], store: Store, failures: dict[str, str]
) -> Finished:
    read = [(run, store.measured(run)) for run in planned if run.label not in failures]
    found = [(run, measured) for run, measured in read if measured is not None]
    if not found:
        raise FailedRuns(_in_words(failures))
    ending = ENDINGS[study.ending]
    table = table_of(
        found,
        ending.columns,
        value_title=None if study.vary is None else study.vary.title,
        part_title=ending.part_title,
    )
    return Finished(study, table, tuple((run, store.network_of(run)) for run, _ in found))


def _write(outcome: Outcome, figure: Figure) -> None:
    content = json.dumps(outcome.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(outcome.folder / "table.json", content + "\n")
    write_text(outcome.folder / "table.csv", outcome.table.to_csv())
    for suffix in (".png", ".svg"):
        save(figure, outcome.folder / f"figure{suffix}")
    _write_report(outcome.folder)


def _write_report(folder: Path) -> None:
    """Write the report of the table and figure in a folder, as a page and as JSON."""
    from calibrant.report.page import render

    report = study_report(folder)
    write_text(folder / "report.json", to_json(report))
    write_text(folder / "report.html", render(report))


def _in_words(failures: dict[str, str]) -> str:
    runs = "1 run failed" if len(failures) == 1 else f"{len(failures)} runs failed"
    reasons = "\n".join(f"  {label}: {reason}" for label, reason in failures.items())
    return f"{runs}; the others are kept, and the same command tries again.\n{reasons}"
