"""The folder of a study: whose it is, which runs are finished, and what is said of damage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calibrant.errors import InvalidRun, InvalidStudy, UnreadableFile
from calibrant.studies.grid import PlannedRun, planned_runs
from calibrant.studies.library import load_study
from calibrant.studies.record import Measured, write_record
from calibrant.studies.store import Store, open_store
from tests.cli.program import check_schema
from tests.denied import deny

MEASURED = Measured({"": {"error": 0.25, "ece": 0.125}}, ("one note",))


@pytest.fixture
def run(tiny: Path) -> PlannedRun:
    study = load_study(str(tiny))
    return planned_runs(study, study.scales["smoke"], (0,), source="tiny")[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "runs", study="tiny", scale="smoke", data=None)


def write(store: Store, run: PlannedRun) -> Path:
    path = store.record_of(run)
    write_record(path, run, MEASURED)
    return path


def test_a_run_is_finished_once_its_record_is_written(store: Store, run: PlannedRun) -> None:
    assert store.measured(run) is None
    path = write(store, run)
    assert store.measured(run) == MEASURED
    check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_the_same_study_opens_it_again(store: Store, tmp_path: Path) -> None:
    again = open_store(tmp_path / "runs", study="tiny", scale="smoke", data=None)
    assert again == store


@pytest.mark.parametrize(
    ("stored", "data", "difference"),
    [
        ({"study": "depth"}, None, "study was 'depth' and is now 'tiny'"),
        ({"scale": "cpu"}, None, "scale was 'cpu' and is now 'smoke'"),
        ({}, "images", "data was None and is now '.*images'"),
    ],
)
def test_another_study_s_folder_is_refused(
    store: Store, tmp_path: Path, stored: dict[str, str], data: str | None, difference: str
) -> None:
    path = store.folder / "study.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **stored}))
    before = sorted(store.folder.iterdir())
    with pytest.raises(InvalidRun, match=rf"belongs to another study: {difference}.*--runs"):
        open_store(tmp_path / "runs", study="tiny", scale="smoke", data=data)
    assert sorted(store.folder.iterdir()) == before


def test_no_study_takes_the_place_of_the_networks(tmp_path: Path) -> None:
    with pytest.raises(InvalidStudy, match="cannot be called 'networks'"):
        open_store(tmp_path / "runs", study="networks", scale="smoke", data=None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_damaged_study_file_says_what_to_do(store: Store, tmp_path: Path, content: str) -> None:
    (store.folder / "study.json").write_text(content)
    with pytest.raises(InvalidRun, match=r"study\.json is damaged .*Delete it"):
        open_store(tmp_path / "runs", study="tiny", scale="smoke", data=None)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema": 1, "settings": 2, "parts": 3}'])
def test_a_damaged_record_says_what_to_do(store: Store, run: PlannedRun, content: str) -> None:
    write(store, run).write_text(content)
    with pytest.raises(InvalidRun, match=r"records.*\.json is damaged .*Delete it"):
        store.measured(run)


def test_a_record_of_other_settings_is_refused(store: Store, run: PlannedRun) -> None:
    path = write(store, run)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "settings": "0" * 64}))
    with pytest.raises(InvalidRun, match="belongs to another run"):
        store.measured(run)


def test_what_may_not_be_read_is_not_called_damaged(
    store: Store, run: PlannedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(write(store, run), monkeypatch)
    with pytest.raises(UnreadableFile, match=r"records.*\.json: permission is denied"):
        store.measured(run)
    deny(store.folder / "study.json", monkeypatch)
    with pytest.raises(UnreadableFile, match=r"study\.json: permission is denied"):
        open_store(tmp_path / "runs", study="tiny", scale="smoke", data=None)
