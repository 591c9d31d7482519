"""Files with counts of annotators: the commands that take them, and those that say why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import calibrant as package
from calibrant.predictions import SoftLabelPredictions
from tests import oracle
from tests.cli.conftest import Program
from tests.cli.program import check_schema
from tests.soft_label_rows import annotated, human_file


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a file of rows that four people labelled."""
    path = tmp_path / "people.npz"
    package.write(annotated(400, 3, annotators=4), path)
    return path


def test_evaluate(calibrant: Program, people: Path) -> None:
    wanted = package.evaluate(package.read(people))
    content = calibrant("evaluate", people, "--json").json
    assert content == wanted.to_json()
    assert content["conventions"]["ece"]["labels"] == "soft"
    assert "method" in content["expected_if_calibrated"]["ece"]
    check_schema(content)
    assert calibrant("evaluate", people).out == f"{wanted}\n"


@pytest.mark.parametrize("command", ["evaluate", "reliability", "sweep"])
def test_counts_under_another_name_are_read_where_they_are_named(
    calibrant: Program, tmp_path: Path, command: str
) -> None:
    rows = annotated(60, 3)
    path = tmp_path / "rows.npz"
    np.savez(path, logits=rows.scores, labels=rows.counts.argmax(axis=1), votes=rows.counts)
    soft = calibrant(command, path, "--counts-key", "votes", "--json")
    hard = calibrant(command, path, "--json")
    assert "not read: labels" in soft.err
    assert "not read: votes" in hard.err
    assert soft.json != hard.json


def test_fit_and_apply(calibrant: Program, people: Path, tmp_path: Path) -> None:
    fitted, out = tmp_path / "t.json", tmp_path / "out.csv"
    content = calibrant("fit", people, "-o", fitted, "--json").json
    check_schema(content)
    assert content["after"]["nll"] < content["before"]["nll"]
    applied = calibrant("apply", fitted, people, "-o", out, "--json")
    check_schema(applied.json)
    assert "these are the rows the calibrator was fitted on" in applied.err
    calibrated = package.read(out)
    assert isinstance(calibrated, SoftLabelPredictions)
    assert package.evaluate(calibrated).nll == pytest.approx(content["after"]["nll"], rel=1e-12)


@pytest.mark.parametrize("kind", ["reliability", "histogram", "sweep"])
def test_figures(calibrant: Program, people: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "figure.svg"
    assert calibrant("plot", people, "--kind", kind, "-o", out).code == 0
    assert out.read_bytes().startswith(b"<?xml")


def test_reliability(calibrant: Program, people: Path) -> None:
    content = calibrant("reliability", people, "--class", "1", "--json").json
    check_schema(content)
    assert content["convention"]["labels"] == "soft"
    assert sum(one["n"] for one in content["bins"]) == 400


@pytest.mark.parametrize(
    "words",
    [
        ("doctor",),
        ("plan",),
        ("subgroups", "--by", "predicted"),
        ("compare",),
        ("conventions",),
        ("fit", "--method", "auto", "-o", "out.json"),
        ("fit", "--method", "isotonic", "-o", "out.json"),
    ],
)
def test_what_needs_labels_says_so(
    calibrant: Program, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant(words[0], people, *words[1:])
    assert outcome.code == 2
    assert "one label for each row" in " ".join(outcome.err.split())
    assert "Traceback" not in outcome.err
    assert [file.name for file in tmp_path.iterdir()] == ["people.npz"]


@pytest.mark.parametrize(
    ("command", "way_out"),
    [
        ("doctor", "Put labels beside the counts"),
        ("conventions", "evaluate, reliability, plot, sweep, fit, apply, report and convert take such files"),
        ("compare", "evaluate, reliability, plot, sweep, fit, apply, report and convert take such files"),
    ],
)
def test_they_name_the_file_and_a_way_out(
    calibrant: Program, people: Path, command: str, way_out: str
) -> None:
    said = calibrant(command, people).err
    assert f"{people} has counts of annotators in place of labels" in said
    assert way_out in said


@pytest.mark.data
def test_real_people_by_plain_arithmetic(calibrant: Program, tmp_path: Path) -> None:
    """A ResNet-110 against how people labelled the CIFAR-10 test images, in plain NumPy."""
    with np.load(human_file()) as archive:
        probs, counts = oracle.normalised(archive["probs"]), archive["human_counts"].astype(np.float64)
    shares = counts / counts.sum(axis=1, keepdims=True)

    logits = np.log(np.maximum(probs, oracle.FLOOR))

    def loss(temperature: float) -> float:
        losses = -np.log(np.maximum(oracle.softmax(logits, temperature), oracle.FLOOR))
        return float((shares * losses).sum(axis=1).mean())

    confidence, share = probs.max(axis=1), shares[np.arange(len(probs)), probs.argmax(axis=1)]
    content = calibrant("evaluate", human_file(), "--counts-key", "human_counts", "--json").json
    assert content["n"] == len(probs)
    assert content["accuracy"] == pytest.approx(share.mean(), abs=1e-12)
    assert content["nll"] == pytest.approx(loss(1.0), rel=1e-9)
    brier = ((probs**2).sum(axis=1) - 2 * (shares * probs).sum(axis=1) + 1).mean()
    assert content["brier"] == pytest.approx(brier, rel=1e-9)
    table = oracle.bin_table(confidence, share, 15)
    assert content["ece"] == pytest.approx(oracle.error_of(table), rel=1e-9)
    by_class = [oracle.error_of(oracle.bin_table(p, q, 15)) for p, q in zip(probs.T, shares.T, strict=True)]
    assert content["classwise_ece"] == pytest.approx(np.mean(by_class), rel=1e-7)
    low, high = content["intervals"]["accuracy"]["low"], content["intervals"]["accuracy"]["high"]
    assert high - low == pytest.approx(2 * 1.959964 * share.std(ddof=1) / np.sqrt(len(share)), rel=1e-3)

    best = minimize_scalar(loss, bounds=(0.5, 10), method="bounded", options={"xatol": 1e-8})
    fitted = calibrant(
        "fit", human_file(), "--counts-key", "human_counts", "-o", tmp_path / "t.json", "--json"
    ).json
    assert fitted["parameters"]["temperature"] == pytest.approx(best.x, rel=1e-6)
    assert fitted["after"]["nll"] == pytest.approx(best.fun, rel=1e-9)
