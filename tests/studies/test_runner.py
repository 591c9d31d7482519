"""A study from its file to its table: resumed, killed and started again, failing run by run."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from calibrant.atomic import make_folder
from calibrant.errors import FailedRuns, InvalidArgument, InvalidRun
from calibrant.held import held
from calibrant.studies.grid import planned_runs
from calibrant.studies.jobs import Job
from calibrant.studies.library import load_study
from calibrant.studies.pool import run_jobs
from calibrant.studies.progress import Silent
from calibrant.studies.runner import Outcome, check_complete, run_study
from calibrant.studies.store import open_store
from tests.studies.conftest import RUNS, without_times, write_study

PATIENCE = 300.0


class Notes(Silent):
    """Progress that is written down."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.begun: list[str] = []
        self.ended: dict[str, str | None] = {}
        self.waits: dict[str, str] = {}
        self.heard = threading.Event()

    def on_found(self, label: str) -> None:
        self.found.append(label)

    def on_begin(self, label: str) -> None:
        self.begun.append(label)

    def on_wait(self, label: str, why: str) -> None:
        self.waits[label] = why
        self.heard.set()

    def on_end(self, label: str, failure: str | None) -> None:
        self.ended[label] = failure


def stamps(folder: Path, name: str) -> dict[str, int]:
    return {file.relative_to(folder).as_posix(): file.stat().st_mtime_ns for file in folder.glob(name)}


def networks_of(runs: Path) -> dict[str, int]:
    return stamps(runs / "networks", "*/model.safetensors")


def test_every_run_is_in_the_table_and_in_a_folder_of_its_own(finished: Outcome) -> None:
    assert finished.failures == {}
    assert [(row.point.value, row.seeds) for row in finished.table.rows] == [(0.0, 2), (0.5, 2)]
    for row in finished.table.rows:
        assert 0 < row.results["error"].mean < 1
        assert row.results["ece"].spread is not None
    assert len(stamps(finished.folder, "records/*.json")) == len(RUNS)
    assert len(networks_of(finished.folder.parents[1])) == len(RUNS)
    check_complete(finished)


def test_it_ends_in_a_table_and_a_figure(finished: Outcome) -> None:
    names = {path.name for path in finished.folder.iterdir() if path.is_file()}
    assert names == {
        "study.json",
        "table.json",
        "table.csv",
        "figure.png",
        "figure.svg",
        "report.html",
        "report.json",
    }
    assert json.loads((finished.folder / "table.json").read_text(encoding="utf-8")) == finished.to_json()
    assert (finished.folder / "table.csv").read_text(encoding="utf-8") == finished.table.to_csv()
    assert (finished.folder / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_the_table_says_what_the_files_of_the_runs_say(finished: Outcome) -> None:
    from calibrant.analysis import evaluate
    from calibrant.io import read

    recipes = finished.folder.parents[1].glob("networks/*/recipe.toml")
    folders = [path.parent for path in recipes if "dropout = 0.5" in path.read_text(encoding="utf-8")]
    errors = [1 - evaluate(read(folder / "test.npz")).accuracy for folder in folders]
    assert finished.table.rows[1].results["error"].mean == pytest.approx(sum(errors) / 2)


def test_finished_runs_are_found_and_not_made_again(finished: Outcome, tiny: Path) -> None:
    before = networks_of(finished.folder.parents[1])
    notes = Notes()
    again = run_study(str(tiny), runs=finished.folder.parents[1], progress=notes)
    assert (notes.found, notes.begun) == (list(RUNS), [])
    assert networks_of(finished.folder.parents[1]) == before
    assert again.to_json() == finished.to_json()


def test_what_another_study_trained_is_measured_and_not_trained_again(
    finished: Outcome, tmp_path: Path
) -> None:
    runs = finished.folder.parents[1]
    series = [{"name": "half", "net": {"dropout": 0.5}}]
    other = write_study(tmp_path / "half.toml", vary=None, ending="losses", scale={"series": series})
    before, errors = networks_of(runs), finished.table.rows[1].results["error"]
    outcome = run_study(str(other), runs=runs)
    assert outcome.table.rows[0].results["error"] == errors
    assert networks_of(runs) == before


def test_two_studies_at_once_train_what_they_share_once(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copy(tiny, tmp_path / "copy.toml")
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(
            lambda path: run_study(str(path), seeds=1, runs=tmp_path / "runs"), (tiny, copy)
        )
    assert first.table.to_json() == second.table.to_json()
    assert len(networks_of(tmp_path / "runs")) == 2


def test_fewer_seeds_are_part_of_what_is_there(finished: Outcome, tiny: Path) -> None:
    one = run_study(str(tiny), seeds=1, runs=finished.folder.parents[1])
    assert (one.seeds, [row.seeds for row in one.table.rows]) == ((0,), [1, 1])
    run_study(str(tiny), runs=finished.folder.parents[1])


def test_a_damaged_record_is_named_and_the_others_are_shown(
    finished: Outcome, tiny: Path, tmp_path: Path
) -> None:
    record = next(iter(sorted(finished.folder.glob("records/LeNet-5-dropout-0.0-seed-1-*.json"))))
    whole = record.read_text(encoding="utf-8")
    try:
        record.write_text(whole[:100], encoding="utf-8")
        outcome = run_study(str(tiny), runs=finished.folder.parents[1])
        assert list(outcome.failures) == [RUNS[2]]
        assert [row.seeds for row in outcome.table.rows] == [1, 2]
        with pytest.raises(FailedRuns, match=rf"(?s)1 run failed.*{RUNS[2]}: .*\.json is damaged"):
            check_complete(outcome)
    finally:
        record.write_text(whole, encoding="utf-8")
        run_study(str(tiny), runs=finished.folder.parents[1])


def test_another_study_in_the_same_folder_is_refused(finished: Outcome, tmp_path: Path) -> None:
    (finished.folder.parents[1] / "other").mkdir()
    (finished.folder.parents[1] / "other" / "smoke").symlink_to(finished.folder)
    other = write_study(tmp_path / "other.toml")
    with pytest.raises(InvalidRun, match="study was 'tiny' and is now 'other'"):
        run_study(str(other), runs=finished.folder.parents[1])


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"seeds": 0}])
def test_numbers_below_one(wrong: dict[str, int], tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="at least 1"):
        run_study(str(tiny), runs=tmp_path / "runs", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "runs").exists()


class KillsAWorker(Notes):
    """Kills the process of one run as it begins, once."""

    def on_begin(self, label: str) -> None:
        super().on_begin(label)
        if label.startswith("killed"):
            for child in psutil.Process().children():
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()


def test_a_run_that_fails_or_dies_takes_no_other_with_it(tmp_path: Path) -> None:
    series = [
        {"name": "diverging", "train": {"learning_rate": 1e30}},
        {"name": "killed", "net": {"dropout": 0.25}},
        {"name": "sound"},
    ]
    path = write_study(
        tmp_path / "frail.toml", vary=None, ending="losses", scale={"series": series, "seeds": [0]}
    )
    notes = KillsAWorker()
    outcome = run_study(str(path), runs=tmp_path, progress=notes)
    assert [row.point.series for row in outcome.table.rows] == ["sound"]
    assert list(outcome.failures) == ["diverging seed 0", "killed seed 0"]
    assert "the training loss of epoch 1 is" in outcome.failures["diverging seed 0"]
    assert "its process was ended by signal 9" in outcome.failures["killed seed 0"]
    assert notes.ended == {"sound seed 0": None, **outcome.failures}
    with pytest.raises(FailedRuns, match="2 runs failed; the others are kept"):
        check_complete(outcome)


def test_killed_at_any_moment_and_started_again_it_ends_in_the_same_table(
    finished: Outcome, tiny: Path, tmp_path: Path
) -> None:
    folder, generator = tmp_path / "tiny" / "smoke", random.Random(0)
    kept: dict[str, int] = {}
    for number in range(3):
        study = subprocess.Popen(
            [sys.executable, "-m", "calibrant", "study", str(tiny), "--runs", str(tmp_path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda wanted=number: len(runs_begun(tmp_path)) > wanted, study)
        time.sleep(generator.uniform(0.0, 0.5))
        children = psutil.Process(study.pid).children(recursive=True)
        if number == 0:
            # Its children alone go on for no longer than they need to notice.
            study.kill()
        else:
            os.killpg(study.pid, signal.SIGKILL)
        study.wait()
        assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
        found = stamps(folder, "records/*.json")
        assert {name: found[name] for name in kept} == kept
        kept = found
    outcome = run_study(str(tiny), runs=tmp_path)
    assert without_times(outcome) == without_times(finished)
    assert {name: stamps(folder, "records/*.json")[name] for name in kept} == kept


def runs_begun(runs: Path) -> list[Path]:
    return list(runs.glob("networks/*"))


def wait_for(happened: object, study: subprocess.Popen[bytes]) -> None:
    assert callable(happened)
    end = time.monotonic() + PATIENCE
    while not happened():
        assert study.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_run_says_for_whom_it_waits(tiny: Path, tmp_path: Path) -> None:
    study = load_study(str(tiny))
    store = open_store(tmp_path, study="tiny", scale="smoke", data=None)
    run = planned_runs(study, study.scales["smoke"], (0,), source="tiny")[0]
    job = Job(run, store.network_of(run), store.record_of(run), study.ending, None)
    told = Notes()
    with ThreadPoolExecutor(1) as pool:
        with held(make_folder(job.folder)):
            made = pool.submit(run_jobs, [job], processes=1, progress=told)
            assert told.heard.wait(PATIENCE)
        assert made.result() == {}
    assert f"in use: process {os.getpid()} on" in told.waits[run.label]
    assert store.measured(run) is not None
