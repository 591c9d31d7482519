"""A study killed at any operation on its store: what is there is whole, and what is missing is made."""

from __future__ import annotations

import shutil
from pathlib import Path

from calibrant.studies.grid import PlannedRun, planned_runs
from calibrant.studies.library import load_study, scale_of
from calibrant.studies.record import Measured, write_record
from calibrant.studies.store import open_store
from tests.killing import Life, killed_after

MEASURED = Measured({"": {"accuracy": 0.75}}, ("made for the tests",))


def planned(study: Path) -> list[PlannedRun]:
    found = load_study(str(study))
    return planned_runs(found, scale_of(found, "smoke", name="tiny"), (0, 1), source="tiny.toml")


def make(study: Path, runs: Path) -> int:
    """Write the records that are missing, and return how many."""
    store = open_store(runs, study="tiny", scale="smoke", data=None)
    missing = [run for run in planned(study) if store.measured(run) is None]
    for run in missing:
        write_record(store.record_of(run), run, MEASURED)
    return len(missing)


def test_at_every_operation(tiny: Path, tmp_path: Path) -> None:
    whole = Life(1000)
    with killed_after(whole, tmp_path):
        assert make(tiny, tmp_path / "whole") == 4
    assert whole.done > 20
    written = set()
    for operations in range(whole.done):
        life, runs = Life(operations, kept=0.5), tmp_path / "killed"
        with killed_after(life, tmp_path):
            make(tiny, runs)
        assert life.ended
        found = runs.glob("tiny/smoke/records/*.json")
        records = sum(not path.name.startswith(".") for path in found)
        written.add(records)
        assert make(tiny, runs) == 4 - records
        store = open_store(runs, study="tiny", scale="smoke", data=None)
        assert [store.measured(run) for run in planned(tiny)] == [MEASURED] * 4
        shutil.rmtree(runs)
    assert written == {0, 1, 2, 3, 4}
