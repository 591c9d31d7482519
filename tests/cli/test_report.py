"""`calibrant report`: what it prints and writes, and that its advice works when pasted."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import calibrant as package
from calibrant.report.model import PredictionsReport, from_json
from tests.cli.conftest import Program, birds_and_cats
from tests.drawn_predictions import overconfident
from tests.report.reports import small_report, study_report
from tests.soft_label_rows import annotated
from tests.top_label_rows import outcomes_of

FEW = ("--methods", "temperature,platt")


def stored(path: Path) -> PredictionsReport:
    report = from_json(path.read_text(encoding="utf-8"))
    assert isinstance(report, PredictionsReport)
    return report


def test_the_text_of_a_report(calibrant: Program, held_out: Path, validation: Path) -> None:
    outcome = calibrant("report", held_out, "--validation", validation, *FEW)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("test\n====\nThese probabilities are over-confident by ")
    assert "Class cat, before" in outcome.out


def test_json_keeps_its_schema_and_says_what_evaluate_says(
    calibrant: Program, held_out: Path, validation: Path
) -> None:
    found = calibrant("report", held_out, "--validation", validation, *FEW, "--json").json
    metrics = {metric["name"]: metric for metric in found["metrics"]}
    evaluation = calibrant("evaluate", held_out, "--json").json
    assert metrics["ece"]["before"]["value"] == evaluation["ece"]
    assert found["methods"]["chosen"] == "temperature"
    files = {facts["role"]: facts["name"] for facts in found["provenance"]["files"]}
    assert files == {"test": "test.csv", "validation": "val.npz"}


def test_a_report_of_a_reports_json_is_that_report(
    calibrant: Program, held_out: Path, validation: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    words = ("report", held_out, "--validation", validation, *FEW, "-o")
    assert calibrant(*words, first).err.endswith(f"wrote {first}\n")
    assert calibrant(*words, second).out == ""
    assert first.read_bytes() == second.read_bytes()
    again = tmp_path / "again.json"
    assert calibrant("report", first, "-o", again).code == 0
    assert again.read_bytes() == first.read_bytes()
    assert calibrant("report", first).out == calibrant(*words[:-1]).out


def test_markdown_and_html_are_written(
    calibrant: Program, held_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ModuleType("calibrant.report.page")
    page.render = lambda report: f"<h1>{report.title}</h1>"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "calibrant.report.page", page)
    for name, begins in (("r.md", "# birds\n"), ("r.html", "<h1>birds</h1>")):
        assert calibrant("report", held_out, "--title", "birds", "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_suffix_that_no_report_has_is_refused_before_any_work(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("report", tmp_path / "missing.npz", "-o", tmp_path / "report.pdf")
    assert outcome.code == 2
    assert ".html, .md, .json; got" in outcome.err


def pasted(report: PredictionsReport, calibrant: Program) -> list[str]:
    """Run every command of the advice, and return them."""
    commands = [advice.command for advice in report.verdict.advice if advice.command is not None]
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "calibrant"
        outcome = calibrant(*words)
        assert outcome.code == 0 or (words[0] == "doctor" and outcome.code == 1), (command, outcome.err)
    return commands


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files with a hostile name, in the working folder."""
    monkeypatch.chdir(tmp_path)
    package.write(birds_and_cats(400, 1), "validation.npz")
    package.write(birds_and_cats(300, 2), "my test; $(x).npz")
    return tmp_path


def test_advice_without_validation_rows_can_be_pasted(calibrant: Program, folder: Path) -> None:
    assert calibrant("report", "my test; $(x).npz", "-o", "r.json").code == 0
    commands = pasted(stored(folder / "r.json"), calibrant)
    assert commands == [
        "calibrant fit validation.npz -o calibrator.json",
        "calibrant report 'my test; $(x).npz' --calibrator calibrator.json",
    ]
    assert stored(folder / "r.json").provenance.command == "calibrant report 'my test; $(x).npz'"


def test_advice_with_validation_rows_can_be_pasted(calibrant: Program, folder: Path) -> None:
    words = ("report", "my test; $(x).npz", "--validation", "validation.npz", *FEW, "-o", "r.json")
    assert calibrant(*words).code == 0
    commands = pasted(stored(folder / "r.json"), calibrant)
    assert commands == [
        "calibrant fit validation.npz -o calibrator.json",
        "calibrant apply calibrator.json 'my test; $(x).npz' -o calibrated.npz",
    ]
    assert (folder / "calibrated.npz").exists()


def test_advice_where_another_method_is_better(calibrant: Program, folder: Path) -> None:
    for seed, name in ((1, "validation.npz"), (2, "biased.npz")):
        rows = birds_and_cats(600, seed)
        package.write(rows.with_scores(rows.scores + np.array([0.0, 4.0]), "logits"), name)
    assert calibrant("report", "biased.npz", "--validation", "validation.npz", *FEW, "-o", "r.json").code == 0
    assert "Platt scaling is better still" in stored(folder / "r.json").verdict.repair
    assert "calibrant fit validation.npz --method auto -o calibrator.json" in pasted(
        stored(folder / "r.json"), calibrant
    )


def test_advice_on_rows_of_the_top_label(calibrant: Program, folder: Path) -> None:
    for seed, name in ((1, "v.npz"), (2, "t.npz")):
        rows = outcomes_of(overconfident(400, 3, seed=seed))
        package.write(rows, name)  # type: ignore[arg-type]
    assert calibrant("report", "t.npz", "--validation", "v.npz", "-o", "r.json").code == 0
    assert "calibrant fit v.npz --method platt -o calibrator.json" in pasted(
        stored(folder / "r.json"), calibrant
    )


def test_reading_options_are_repeated(calibrant: Program, folder: Path) -> None:
    rows = overconfident(200, 3)
    np.savez("foreign.npz", outputs=rows.scores, truth=rows.labels)
    np.savez("validation.npz", outputs=rows.scores[:99], truth=rows.labels[:99])
    options = ("--logits-key", "outputs", "--label-key", "truth", "--scores", "logits")
    assert calibrant("report", "foreign.npz", *options, "-o", "r.json").code == 0
    (first, _) = pasted(stored(folder / "r.json"), calibrant)
    assert first.endswith("--logits-key outputs --label-key truth --kind logits")


def test_counts_of_annotators(calibrant: Program, tmp_path: Path) -> None:
    package.write(annotated(200, 3), tmp_path / "soft.npz")  # type: ignore[arg-type]
    outcome = calibrant("report", tmp_path / "soft.npz", "--counts-key", "counts")
    assert outcome.code == 0
    assert "expectation over one annotator" in outcome.out


def test_a_calibrator_is_shown(calibrant: Program, held_out: Path, calibrator: Path) -> None:
    found = calibrant("report", held_out, "--calibrator", calibrator, "--json").json
    assert found["method"] == "temperature"
    assert found["methods"] is None
    assert [facts["role"] for facts in found["provenance"]["files"]] == ["test", "calibrator"]
    assert found["provenance"]["command"].endswith(f"--calibrator {calibrator}")


def test_methods_all_and_none(calibrant: Program, held_out: Path, validation: Path) -> None:
    words = ("report", held_out, "--validation", validation, "--json", "--methods")
    assert calibrant(*words, "none").json["methods"] is None
    some = calibrant(*words, "vector, beta").json["methods"]
    assert {row["method"] for row in some["rows"]} == {"identity", "temperature", "vector", "beta"}
    outcome = calibrant(*words, "platz")
    assert outcome.code == 2
    assert "no calibrator 'platz'" in outcome.err


def test_several_files_are_compared(
    calibrant: Program, held_out: Path, validation: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "test.npz"
    other.parent.mkdir()
    package.write(birds_and_cats(300, 5), other)
    words = ("report", held_out, other, "--validation", validation, "--methods", "none")
    found = calibrant(*words, "--json").json
    assert found["kind"] == "comparison"
    assert [member["title"] for member in found["members"]] == [tmp_path.name, "other"]
    assert all(member["method"] == "temperature" for member in found["members"])
    assert "Of 2 sets of probabilities" in calibrant(*words).out
    outcome = calibrant("report", held_out, other, other, *["--validation", validation] * 2)
    assert outcome.code == 2
    assert "--validation is given once for all 3 TEST, or once for each; got 2" in outcome.err


def test_a_run_and_a_study_are_asked_for_their_reports(
    calibrant: Program, held_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, file, module, function, report in (
        ("run", "recipe.toml", "calibrant.recipes.report_of_run", "run_report", small_report()),
        ("study", "study.json", "calibrant.studies.report_of_study", "study_report", study_report()),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("", encoding="utf-8")
        fake = ModuleType(module)
        setattr(
            fake, function, lambda path, report=report, folder=folder: report if path.name == folder else None
        )
        monkeypatch.setitem(sys.modules, module, fake)
    assert calibrant("report", tmp_path / "run").out.startswith("small\n=====")
    assert "Deeper networks" in calibrant("report", tmp_path / "study").out
    assert calibrant("report", tmp_path / "run", held_out, "--json").json["kind"] == "comparison"
    outcome = calibrant("report", tmp_path / "run", tmp_path / "study")
    assert outcome.code == 2
    assert "study, which cannot stand beside others" in outcome.err
    outcome = calibrant("report", tmp_path / "run", "--methods", "all")
    assert outcome.code == 2
    assert "--methods belongs to files of predictions" in outcome.err


def test_what_is_no_report_and_what_is_not_there(calibrant: Program, tmp_path: Path) -> None:
    for name, content, message in (
        ("a.json", "{}", "has the form None"),
        ("b.json", "[", "is not JSON"),
        ("c.json", None, "there is no such file"),
    ):
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
        outcome = calibrant("report", tmp_path / name)
        assert (outcome.code, outcome.out) == (2, "")
        assert message in outcome.err
        assert "Traceback" not in outcome.err


def test_the_rows_of_the_fit_are_refused_as_test_rows(calibrant: Program, validation: Path) -> None:
    outcome = calibrant("report", validation, "--validation", validation)
    assert outcome.code == 2
    assert "hold the same rows" in outcome.err


def test_rows_in_parts(calibrant: Program, held_out: Path, validation: Path) -> None:
    words = ("report", held_out, "--validation", validation, *FEW)
    whole, parts = calibrant(*words, "--json").json, calibrant(*words, "--in-parts", "--json").json
    assert parts["verdict"]["headline"] == whole["verdict"]["headline"]
    assert [row["name"] for row in parts["metrics"]] == [row["name"] for row in whole["metrics"]]
    assert [advice["command"] for advice in parts["verdict"]["advice"]] == [
        f"calibrant fit {validation} -o calibrator.json --in-parts",
        f"calibrant apply calibrator.json {held_out} -o calibrated.npz --in-parts",
    ]
    outcome = calibrant("report", held_out, "--in-parts", "--counts-key", "counts")
    assert outcome.code == 2
    assert "leave --counts-key out" in outcome.err


def test_a_folder_of_parts(calibrant: Program, validation: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for number in range(2):
        package.write(birds_and_cats(150, 10 + number), folder / f"{number}.parquet")
    words = ("report", folder, "--validation", validation, *FEW, "--in-parts")
    found = calibrant(*words, "--json").json
    assert (found["title"], found["n"]) == ("parts", 300)
    assert found["provenance"]["files"][0]["sha256"] is None
    command = found["verdict"]["advice"][-1]["command"]
    assert command == f"calibrant apply calibrator.json {folder} -o calibrated --in-parts"


def test_weights_that_are_no_counts_of_rows_have_no_report(calibrant: Program, tmp_path: Path) -> None:
    rows = {"logits": np.eye(3), "labels": np.arange(3), "sample_weight": np.full(3, 1e300)}
    np.savez(tmp_path / "rows.npz", **rows)
    outcome = calibrant("report", tmp_path / "rows.npz", "-o", tmp_path / "report.md")
    assert outcome.code == 2
    assert "to be counts of rows" in " ".join(outcome.err.split())
    assert not (tmp_path / "report.md").exists()
