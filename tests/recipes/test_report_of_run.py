"""The report of a run: from its folder alone, complete, the same each time; and folders without a run."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calibrant.analysis import evaluate
from calibrant.calibrators import load
from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.io import read
from calibrant.recipes.artefacts import write_artefacts
from calibrant.recipes.finished import load_run
from calibrant.recipes.library import load_recipe, recipe_text
from calibrant.recipes.report_of_run import run_report, seeds_report
from calibrant.recipes.runner import Run, load_data, run_recipe
from calibrant.report.model import ComparisonReport, PredictionsReport, RunFacts, from_json, to_json
from tests.denied import deny
from tests.recipes.conftest import TINY

SETTINGS = (*TINY, "train.epochs=3", "train.schedule=step", "train.step_epochs=1")


@pytest.fixture(scope="module")
def run(birds_and_cats: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three epochs of LeNet-5 on noise."""
    recipe = load_recipe("lenet5-bird-cat", SETTINGS)
    images = load_data(recipe, birds_and_cats)
    folder = tmp_path_factory.mktemp("runs") / "lenet5" / "seed-0"
    finished = run_recipe(recipe, images, name="lenet5", seed=0, folder=folder)
    write_artefacts(finished)
    return finished


@pytest.fixture(scope="module")
def report(run: Run) -> PredictionsReport:
    return run_report(run.folder)


@pytest.fixture(scope="module")
def facts(report: PredictionsReport) -> RunFacts:
    assert report.run is not None
    return report.run


@pytest.fixture
def copy(run: Run, tmp_path: Path) -> Path:
    """A folder of the run that a test may change."""
    return Path(shutil.copytree(run.folder, tmp_path / "seed-0"))


def test_the_numbers_are_those_of_test_rows_before_and_after_the_temperature(
    run: Run, report: PredictionsReport
) -> None:
    test = read(run.folder / "test.npz")
    calibrated = load(run.folder / "temperature.json").transform(test)
    ece = next(metric for metric in report.metrics if metric.name == "ece")
    assert (ece.before.value, ece.after and ece.after.value) == (evaluate(test).ece, evaluate(calibrated).ece)
    assert report.title == "LeNet-5 on birds against cats, seed 0"
    assert report.slider is not None
    assert report.methods is not None
    assert report.methods.chosen == "temperature"
    assert [(file.role, file.name) for file in report.provenance.files] == [
        ("test", "test.npz"),
        ("validation", "val.npz"),
        ("calibrator", "temperature.json"),
    ]


def test_it_says_what_was_trained_on_what(run: Run, facts: RunFacts) -> None:
    assert (facts.description, facts.source) == (run.recipe.summary, run.recipe.source)
    assert facts.seed == 0
    assert facts.recipe == recipe_text(run.recipe)
    data = dict(facts.data)
    assert data["training images"] == "16"
    assert data["validation images"] == "4"
    assert data["test images"] == "16"
    assert data["2 classes"] == "bird, cat"
    assert data["image size"] == "32 × 32 pixels"
    assert data["SHA-256 of the split"] == run.data.split_hash
    assert data["channel means"] == ", ".join(f"{mean:.4f}" for mean in run.data.normalisation.mean)
    assert [(layer.name, layer.output_shape) for layer in facts.layers] == [
        (layer.name, layer.output_shape) for layer in run.layers
    ]


def test_every_epoch_and_every_drop_of_the_learning_rate(run: Run, facts: RunFacts) -> None:
    assert [epoch.epoch for epoch in facts.epochs] == [1, 2, 3]
    assert [epoch.val_nll for epoch in facts.epochs] == [row.val_nll for row in run.history]
    assert facts.drops == (1, 2)
    assert facts.kept_epoch is None


def test_the_surest_errors_are_shown_as_images(run: Run, facts: RunFacts) -> None:
    test = run.predictions.test
    probs, after = test.probs(), run.calibrator.transform(test).probs()
    wrong = {row for row in range(test.n) if probs[row].argmax() != test.labels[row]}
    shown = [int((example.id or "").removeprefix("test image ")) for example in facts.examples]
    assert set(shown) == wrong
    assert 0 < len(shown) <= 12
    sureness = [example.before for example in facts.examples]
    assert sureness == sorted(sureness, reverse=True)
    for row, example in zip(shown, facts.examples, strict=True):
        assert example.before == probs[row].max()
        assert example.after == after[row, probs[row].argmax()]
        assert {example.label, example.predicted} == {"bird", "cat"}
        assert example.label == test.class_name(int(test.labels[row]))
        pixels = np.asarray(Image.open(BytesIO(base64.b64decode(example.png))))
        np.testing.assert_array_equal(pixels, run.data.test.pixels[row].permute(1, 2, 0).numpy())


def test_the_files_are_those_of_the_report(run: Run, report: PredictionsReport) -> None:
    stored = (run.folder / "report.json").read_text(encoding="utf-8")
    assert from_json(stored) == report
    assert to_json(run_report(run.folder)) == stored


def test_it_needs_neither_pytorch_nor_matplotlib() -> None:
    code = (
        "import sys, calibrant.recipes.report_of_run, calibrant.studies.report_of_study;"
        "print([name for name in ('torch', 'matplotlib', 'datasets', 'PIL') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_folder_of_an_earlier_version_has_no_examples(copy: Path, report: PredictionsReport) -> None:
    (copy / "details.json").unlink()
    older = run_report(copy)
    assert older.run is not None
    assert (older.run.examples, older.run.layers) == ((), ())
    assert older.metrics == report.metrics


@pytest.mark.parametrize("name", ["test.npz", "temperature.json", "evaluation.json"])
def test_a_folder_that_is_not_finished_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(InvalidRun, match=rf"seed-0 holds no finished run: there is no {name}"):
        run_report(copy)


@pytest.mark.parametrize("name", ["details.json", "evaluation.json"])
@pytest.mark.parametrize("content", ["{", "[]", '{"schema": "other/1"}'])
def test_a_damaged_file_is_named(copy: Path, name: str, content: str) -> None:
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidRun, match=rf"{name} is damaged .* nothing is trained twice"):
        run_report(copy)


def test_a_run_whose_training_failed_is_named(copy: Path) -> None:
    lines = (copy / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    broken = json.dumps({**json.loads(lines[1]), "val_loss": float("nan")})
    (copy / "metrics.jsonl").write_text("\n".join([lines[0], broken, *lines[2:]]), encoding="utf-8")
    with pytest.raises(InvalidRun, match=r"metrics\.jsonl has no finite val_loss in epoch 2"):
        run_report(copy)


def test_several_seeds_stand_side_by_side(copy: Path, report: PredictionsReport) -> None:
    assert seeds_report(copy.parent).kind == "predictions"
    other = Path(shutil.copytree(copy, copy.parent / "seed-10"))
    evaluation = json.loads((other / "evaluation.json").read_text(encoding="utf-8"))
    (other / "evaluation.json").write_text(json.dumps({**evaluation, "seed": 10}), encoding="utf-8")
    both = seeds_report(copy.parent)
    assert isinstance(both, ComparisonReport)
    assert both.title == "LeNet-5 on birds against cats, seeds 0, 10"
    assert [member.title for member in both.members] == [
        "LeNet-5 on birds against cats, seed 0",
        "LeNet-5 on birds against cats, seed 10",
    ]
    assert from_json(to_json(both)) == both
    with pytest.raises(InvalidRun, match="holds no run"):
        seeds_report(copy)


@pytest.mark.parametrize("name", ["details.json", "evaluation.json"])
def test_what_may_not_be_read_is_not_called_damaged(
    copy: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(copy / name, monkeypatch)
    readers = (run_report, load_run) if name == "evaluation.json" else (run_report,)
    for read_again in readers:
        with pytest.raises(UnreadableFile, match=rf"{name}: permission is denied"):
            read_again(copy)
