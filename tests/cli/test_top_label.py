"""Files of confidences alone: the commands that take them, and those that say why not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import ValidationError

import calibrant as package
from calibrant.calibrators import CALIBRATORS
from calibrant.calibrators.of_top_label import ONE_DIMENSIONAL
from calibrant.predictions import TopLabelPredictions
from tests.cli.conftest import Program
from tests.cli.program import check_schema
from tests.drawn_predictions import overconfident
from tests.top_label_rows import image_net_file, outcomes_of, top_label_of


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Return a file of confidences and outcomes to fit on."""
    path = tmp_path / "logs.csv"
    package.write(outcomes_of(overconfident(400, 5, seed=3)), path)
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Return a file of other confidences, with predictions and labels."""
    path = tmp_path / "answers.npz"
    package.write(top_label_of(overconfident(300, 5, seed=4)), path)
    return path


def test_evaluate(calibrant: Program, logs: Path) -> None:
    wanted = package.evaluate(package.read(logs))
    assert calibrant("evaluate", logs, "--json").json == wanted.to_json()
    assert calibrant("evaluate", logs).out == f"{wanted}\n"


def test_null_only_where_k_is_null(calibrant: Program, logs: Path, held_out: Path) -> None:
    top, full = calibrant("evaluate", logs, "--json").json, calibrant("evaluate", held_out, "--json").json
    breakages: list[tuple[dict[str, Any], str, Any]] = [
        *((top, name, 0) for name in ("nll", "brier", "classwise_ece", "floored_rows")),
        *((full, name, None) for name in ("nll", "brier", "classwise_ece", "floored_rows", "ece_positive")),
        (top, "k", 4),
        (top, "accuracy", None),
        (full, "k", None),
        (top, "conventions", full["conventions"]),
        (top, "intervals", full["intervals"]),
        (full, "conventions", top["conventions"]),
    ]
    for document, name, value in breakages:
        broken = copy.deepcopy(document)
        broken[name] = value
        with pytest.raises(ValidationError):
            check_schema(broken)


def test_reliability_and_figures(calibrant: Program, answers: Path, tmp_path: Path) -> None:
    table = package.reliability(package.read(answers))
    assert calibrant("reliability", answers, "--json").json == table.to_json()
    for kind in ("reliability", "histogram"):
        figure = tmp_path / f"{kind}.svg"
        assert calibrant("plot", answers, "--kind", kind, "-o", figure).code == 0
        assert figure.stat().st_size > 1000


@pytest.mark.parametrize("method", ONE_DIMENSIONAL)
def test_fit_and_apply(calibrant: Program, logs: Path, answers: Path, tmp_path: Path, method: str) -> None:
    fitted, output = tmp_path / "c.json", tmp_path / "out.csv"
    fit = calibrant("fit", logs, "--method", method, "-o", fitted, "--json")
    applied = calibrant("apply", fitted, answers, "-o", output, "--json")
    rows, logged = package.read(answers), package.read(logs)
    calibrator = package.calibrator(method).fit(logged.as_binary())
    wanted = rows.with_confidence(calibrator.transform(rows.as_binary()).probs()[:, 1])
    found = package.read(output)
    assert isinstance(found, TopLabelPredictions)
    assert found.confidence.tolist() == wanted.confidence.tolist()
    assert found.labels is not None
    assert found.labels.tolist() == rows.labels.tolist()
    assert applied.json["before"] == package.evaluate(rows).to_json()
    assert applied.json["after"] == package.evaluate(wanted).to_json()
    assert applied.json["method"] == fit.json["method"] == method
    assert fit.json["before"] == package.evaluate(logged).to_json()
    if method != "identity":
        assert fit.json["after"]["ece"] < fit.json["before"]["ece"]
    assert "flatter" not in applied.err


def test_the_rows_of_the_fit_are_recognised(calibrant: Program, logs: Path, tmp_path: Path) -> None:
    calibrant("fit", logs, "--method", "platt", "-o", tmp_path / "c.json")
    outcome = calibrant("apply", tmp_path / "c.json", logs, "-o", tmp_path / "out.npz")
    assert outcome.out.splitlines()[2] == "400 rows, top label only"
    assert "these are the rows the calibrator was fitted on" in outcome.err


@pytest.mark.parametrize("method", sorted({*CALIBRATORS, "auto"} - set(ONE_DIMENSIONAL)))
def test_methods_of_all_classes_say_why_not(
    calibrant: Program, logs: Path, tmp_path: Path, method: str
) -> None:
    outcome = calibrant("fit", logs, "--method", method, "-o", tmp_path / "c.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"calibrant: {method} needs the scores of all classes")
    assert "platt, beta" in outcome.err
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "logs.csv"],
        ["compare", "logs.csv"],
        ["plot", "logs.csv", "--kind", "sweep", "-o", "figure.svg"],
        ["plot", "logs.csv", "--class", "1", "-o", "figure.svg"],
        ["reliability", "logs.csv", "--class", "1"],
    ],
)
def test_commands_of_all_classes_say_why_not(
    calibrant: Program, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "needs the probabilities of all classes" in outcome.err
    if words[0] in ("sweep", "compare"):
        assert "conventions, doctor, fit and apply take such files" in outcome.err
    assert "Traceback" not in outcome.err
    assert sorted(tmp_path.iterdir()) == [logs]


def test_a_calibrator_of_classes_is_refused_on_confidences_and_the_other_way_round(
    calibrant: Program, calibrator: Path, logs: Path, held_out: Path, tmp_path: Path
) -> None:
    outcome = calibrant("apply", calibrator, logs, "-o", tmp_path / "out.csv")
    assert outcome.code == 2
    assert "was not fitted on confidences of the top label" in outcome.err
    calibrant("fit", logs, "--method", "platt", "-o", tmp_path / "top.json")
    outcome = calibrant("apply", tmp_path / "top.json", held_out, "-o", tmp_path / "out.csv")
    assert outcome.code == 2
    assert "fitted on the classes wrong, right" in outcome.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.data
def test_a_real_file(calibrant: Program, tmp_path: Path) -> None:
    assert calibrant("evaluate", image_net_file(), "--json").json["accuracy"] == pytest.approx(
        0.77138, abs=1e-12
    )
    rows = package.read(image_net_file())
    half = np.random.default_rng(0).permutation(rows.n) < rows.n // 2
    package.write(rows.take(half), tmp_path / "val.npz")
    package.write(rows.take(~half), tmp_path / "test.npz")
    calibrant("fit", tmp_path / "val.npz", "--method", "isotonic", "-o", tmp_path / "c.json")
    applied = calibrant(
        "apply", tmp_path / "c.json", tmp_path / "test.npz", "-o", tmp_path / "o.npz", "--json"
    ).json
    assert applied["before"]["ece"] > 0.05
    assert applied["after"]["ece"] < 0.01
    assert applied["after"]["accuracy"] == applied["before"]["accuracy"]
