"""The program on real predictions and real images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import check_schema, run_program
from tests.real_predictions import NETS, NETS_WITH_VALIDATION, expected

pytestmark = pytest.mark.data

NAMES = ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "classwise_ece")
NAMES_AFTER = ("nll", "brier", "ece", "classwise_ece")


def assert_agreement(content: dict[str, Any], net: str, names: tuple[str, ...], suffix: str = "") -> None:
    for name in names:
        assert content[name] == pytest.approx(expected()[net][name + suffix], abs=1e-6), name + suffix


def test_every_row_of_the_reference_is_checked() -> None:
    assert set(NETS) == set(expected())


@pytest.mark.parametrize("net", NETS)
def test_evaluate_agrees_with_the_reference(calibrant_data: Path, net: str) -> None:
    content = run_program("evaluate", calibrant_data / "predictions" / net / "test.npz", "--json").json
    assert (content["n"], content["k"]) == (expected()[net]["n"], expected()[net]["k"])
    assert_agreement(content, net, NAMES)


@pytest.mark.parametrize("net", NETS_WITH_VALIDATION)
def test_fit_and_apply_agree_with_the_reference(calibrant_data: Path, tmp_path: Path, net: str) -> None:
    folder, fitted, out = calibrant_data / "predictions" / net, tmp_path / "t.json", tmp_path / "out.npz"
    fit = run_program("fit", folder / "val.npz", "-o", fitted, "--json").json
    assert fit["parameters"]["temperature"] == pytest.approx(expected()[net]["temperature"], rel=1e-6)
    applied = run_program("apply", fitted, folder / "test.npz", "-o", out, "--json").json
    assert_agreement(applied["before"], net, NAMES)
    assert_agreement(applied["after"], net, NAMES_AFTER, "_after")
    assert applied["after"]["accuracy"] == applied["before"]["accuracy"]
    evaluated = run_program("evaluate", out, "--json").json
    assert_agreement(evaluated, net, NAMES_AFTER, "_after")


def test_human_counts_are_named_as_not_read(calibrant_data: Path) -> None:
    path = calibrant_data / "predictions" / "c10-resnet110-human" / "test.npz"
    outcome = run_program("evaluate", path)
    assert outcome.code == 0
    assert "human_counts" in outcome.err


def test_birds_and_cats_from_images_to_report(calibrant_data: Path, tmp_path: Path) -> None:
    assert (calibrant_data / "cifar10-bird-cat").is_dir()
    words = ("run", "lenet5-bird-cat", "--seed", 0, "--set", "train.epochs=2", "--set", "train.device=cpu")
    outcome = run_program(*words, "--runs", tmp_path, "--json")
    folder = tmp_path / "lenet5-bird-cat" / "seed-0"
    assert outcome.json["folders"] == [str(folder)]
    content = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    check_schema(content)
    assert content["data"]["classes"] == ["bird", "cat"]
    rows = [content["data"][f"{part}_rows"] for part in ("train", "validation", "test")]
    assert rows == [8000, 2000, 2000]
    assert content["results"]["accuracy"] > 0.65
    assert content["test"]["after"]["accuracy"] == content["test"]["before"]["accuracy"]
    assert content["results"]["nll_after"] < 0.65
    assert len((folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert "LeNet-5 on birds against cats" in (folder / "report.html").read_text(encoding="utf-8")
    again = run_program(*words, "--runs", tmp_path, "--json")
    assert again.json["results"]["accuracy"] == outcome.json["results"]["accuracy"]
