"""The report of a study, from its folder: a tiny one that was run, and the tables of the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.report.model import StudyReport, from_json, to_json
from calibrant.studies.library import study_names
from calibrant.studies.report_of_study import study_report
from calibrant.studies.runner import Outcome
from calibrant.studies.stored_table import read_table
from tests.cli.program import run_program
from tests.denied import deny
from tests.studies.conftest import TINY
from tests.studies.stored_tables import stored_study


@pytest.fixture(scope="module")
def report(finished: Outcome) -> StudyReport:
    return study_report(finished.folder)


def test_it_is_about_the_study(report: StudyReport) -> None:
    assert (report.title, report.description, report.source) == (
        TINY["title"],
        TINY["summary"],
        TINY["source"],
    )
    assert report.scale == "smoke"
    assert report.headline.startswith("On test images: LeNet-5, dropout 0 to 0.5: the error ")
    settings = dict(report.listings[0].rows)
    assert (settings["study"], settings["seeds"]) == ("tiny", "0, 1")


def test_its_settings_are_those_of_the_study(report: StudyReport) -> None:
    settings = dict(report.listings[0].rows)
    assert settings["all: data"] == "name = digits, train_rows = 60"
    assert settings["all: train"] == "batch_size = 20, epochs = 1, threads = 1, device = cpu"
    assert settings["LeNet-5: dropout"] == "0, 0.5"
    assert "LeNet-5: net" not in settings
    assert settings["cost"] == "seconds"


def test_its_rows_are_those_of_the_table(finished: Outcome, report: StudyReport) -> None:
    assert report.names == ("series", "dropout")
    assert report.columns[:3] == ("error", "ECE", "ECE at T")
    assert report.decimals[report.columns.index("T")] == 3
    assert [(row.name, row.seeds) for row in report.rows] == [
        (("LeNet-5", "0"), 2),
        (("LeNet-5", "0.5"), 2),
    ]
    for row, measured in zip(report.rows, finished.table.rows, strict=True):
        assert (row.means[1], row.spreads[1]) == (
            measured.results["ece"].mean,
            measured.results["ece"].spread,
        )


def test_its_figure_is_the_one_of_the_study(finished: Outcome, report: StudyReport) -> None:
    (figure,) = report.figures
    assert figure.caption.startswith("Error and ECE against dropout.")
    assert figure.svg == (finished.folder / "figure.svg").read_text(encoding="utf-8")


def test_the_study_leaves_it_as_json_and_page(finished: Outcome, report: StudyReport) -> None:
    stored = (finished.folder / "report.json").read_text(encoding="utf-8")
    assert from_json(stored) == report
    assert to_json(study_report(finished.folder)) == stored
    assert report.headline in (finished.folder / "report.html").read_text(encoding="utf-8")


def test_the_command_reports_on_a_study(finished: Outcome) -> None:
    outcome = run_program("report", finished.folder, "--json")
    assert outcome.json["kind"] == "study"
    assert outcome.out == (finished.folder / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", study_names())
def test_every_study_of_the_library_has_a_report(name: str, tmp_path: Path) -> None:
    report = study_report(stored_study(name, tmp_path))
    assert all(len(row.name) == len(report.names) for row in report.rows)
    assert all(len(row.means) == len(report.columns) == len(report.decimals) for row in report.rows)
    assert report.figures == ()
    assert from_json(to_json(report)) == report


def test_a_failed_run_is_told(tmp_path: Path) -> None:
    table = stored_study("depth", tmp_path) / "table.json"
    content = json.loads(table.read_text(encoding="utf-8"))
    content["failed"] = [{"run": "LeNet-5 seed 1", "reason": "no memory"}]
    table.write_text(json.dumps(content), encoding="utf-8")
    notes = study_report(tmp_path).provenance.notes
    assert notes == ("The table is without the run LeNet-5 seed 1, which failed: no memory",)


def test_a_study_without_a_table_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidRun, match=r"holds no finished study.*Start the study again"):
        study_report(tmp_path)


@pytest.mark.parametrize(
    ("content", "what"),
    [("{", "JSON"), ('{"study": "depth"}', "scale: Field required"), ("[]", "JSON")],
)
def test_a_damaged_or_older_table_says_what_to_do(content: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "table.json").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidRun, match=rf"{what}.*Start the study again"):
        study_report(tmp_path)


def test_a_table_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored_study("width", tmp_path) / "table.json"
    deny(path, monkeypatch)
    with pytest.raises(UnreadableFile, match=r"cannot read .*table\.json: permission is denied\. Ask"):
        read_table(tmp_path)


def test_a_figure_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_study("width", tmp_path)
    path = tmp_path / "figure.svg"
    path.write_text("<svg/>", encoding="utf-8")
    deny(path, monkeypatch)
    with pytest.raises(UnreadableFile, match=r"cannot read .*figure\.svg: permission is denied\. Ask"):
        study_report(tmp_path)
