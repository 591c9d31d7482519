"""Every recipe of the library, two training steps long: the files it leaves, and what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from calibrant.analysis import evaluate
from calibrant.calibrators import TemperatureScaling, load
from calibrant.errors import InvalidRecipe, InvalidRun
from calibrant.io import read
from calibrant.recipes.artefacts import write_artefacts
from calibrant.recipes.library import load_recipe, recipe_names
from calibrant.recipes.runner import Run, load_data, run_recipe
from tests.recipes.conftest import TINY, image_folder, tiny

NAMES = recipe_names()
FIGURES = ("reliability-before", "reliability-after", "before-after", "sweep", "training")
FILES = (
    "recipe.toml",
    "metrics.jsonl",
    "model.safetensors",
    "val.npz",
    "test.npz",
    "temperature.json",
    "evaluation.json",
    "report.html",
    *(f"{name}{suffix}" for name in FIGURES for suffix in (".png", ".svg")),
)
METRIC_KEYS = (
    "epoch",
    "train_loss",
    "val_loss",
    "val_nll",
    "val_accuracy",
    "val_ece",
    "val_temperature",
    "seconds",
)


@dataclass(frozen=True)
class Finished:
    """A run and where its images came from."""

    run: Run
    images: Path | None


@pytest.fixture(scope="module", params=NAMES)
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    name = request.param
    recipe = tiny(name)
    images = None
    if recipe.data.name != "digits":
        images = image_folder(tmp_path_factory.mktemp("images"), recipe.data.classes or ("a", "b", "c"))
    folder = tmp_path_factory.mktemp("runs") / name / "seed-0"
    run = run_recipe(recipe, load_data(recipe, images), name=name, seed=0, folder=folder)
    write_artefacts(run)
    return Finished(run, images)


def test_every_recipe_of_the_library_is_run() -> None:
    assert len(NAMES) >= 4


def test_it_leaves_every_file_and_no_other(finished: Finished) -> None:
    folder = finished.run.folder
    assert sorted(file.name for file in folder.iterdir()) == sorted(FILES)
    for name in FIGURES:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder / f"{name}.svg").read_bytes().startswith(b"<?xml")


def test_the_recipe_as_run_reads_back(finished: Finished) -> None:
    stored = load_recipe(str(finished.run.folder / "recipe.toml"))
    assert stored == finished.run.recipe
    assert stored.seeds == (0,)
    assert stored.train.epochs == 1


def test_every_epoch_is_a_line_of_metrics(finished: Finished) -> None:
    (line,) = (finished.run.folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    assert tuple(json.loads(line)) == METRIC_KEYS


def test_the_temperature_comes_from_validation_alone(finished: Finished) -> None:
    folder = finished.run.folder
    validation = read(folder / "val.npz")
    stored = load(folder / "temperature.json")
    assert isinstance(stored, TemperatureScaling)
    assert stored.temperature_ == TemperatureScaling().fit(validation).temperature_
    assert stored.fitted_on_ is not None
    assert stored.fitted_on_.content_hash == validation.content_hash
    assert stored.fitted_on_.content_hash != read(folder / "test.npz").content_hash


def test_the_evaluation_is_that_of_the_test_rows(finished: Finished) -> None:
    folder, run = finished.run.folder, finished.run
    content = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    test = read(folder / "test.npz")
    calibrated = load(folder / "temperature.json").transform(test)
    assert content["test"]["before"] == evaluate(test).to_json()
    assert content["test"]["after"] == evaluate(calibrated).to_json()
    assert content["test"]["before"]["accuracy"] == content["test"]["after"]["accuracy"]
    assert content["temperature_fitted_on"] == "validation"
    assert content["recipe"] == run.name
    rows = (content["data"]["train_rows"], content["data"]["validation_rows"], content["data"]["test_rows"])
    assert rows == (len(run.data.train), len(run.data.validation), len(run.data.test))
    assert test.n == rows[2]
    assert test.classes == tuple(content["data"]["classes"]) == run.data.classes
    assert ("ece_positive_after" in content["results"]) == (test.k == 2)


def test_two_steps_were_enough(finished: Finished) -> None:
    assert len(finished.run.data.train) == 16
    assert finished.run.recipe.train.batch_size == 8


def test_the_page_is_one_file_that_names_the_experiment(finished: Finished) -> None:
    page = (finished.run.folder / "report.html").read_text(encoding="utf-8")
    assert finished.run.recipe.title in page
    assert page.count("<svg") >= len(FIGURES)
    for outside in ('src="http', 'href="http', "url(http", "@import"):
        assert outside not in page


def test_run_again_it_is_fetched_and_the_same(finished: Finished) -> None:
    run = finished.run
    before = {name: (run.folder / name).read_bytes() for name in ("model.safetensors", "metrics.jsonl")}
    again = run_recipe(
        tiny(run.name), load_data(tiny(run.name), finished.images), name=run.name, seed=0, folder=run.folder
    )
    assert {name: (run.folder / name).read_bytes() for name in before} == before
    assert again.results == run.results
    assert again.predictions.test.content_hash == run.predictions.test.content_hash


@pytest.mark.parametrize(
    ("override", "difference"),
    [
        ("train.learning_rate=0.5", "train.learning_rate was 0.001 and is now 0.5"),
        ("train.epochs=2", "train.epochs was 1 and is now 2"),
        ("net.dropout=0.1", "network differs"),
        ("data.split_seed=1", "split differs"),
        ("data.normalise=train", "normalisation differs"),
    ],
)
def test_other_settings_in_the_same_folder_are_another_run(
    birds_and_cats: Path, tmp_path: Path, override: str, difference: str
) -> None:
    name = "lenet5-bird-cat"
    first, second = load_recipe(name, TINY), load_recipe(name, (*TINY, override))
    run_recipe(first, load_data(first, birds_and_cats), name=name, seed=0, folder=tmp_path)
    stored = {file: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(InvalidRun, match=f"belongs to another run: .*{difference}"):
        run_recipe(second, load_data(second, birds_and_cats), name=name, seed=0, folder=tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == stored


def test_another_seed_in_the_same_folder_is_another_run(birds_and_cats: Path, tmp_path: Path) -> None:
    recipe = tiny("lenet5-bird-cat")
    images = load_data(recipe, birds_and_cats)
    run_recipe(recipe, images, name="x", seed=0, folder=tmp_path)
    with pytest.raises(InvalidRun, match="seed was 0 and is now 1"):
        run_recipe(recipe, images, name="x", seed=1, folder=tmp_path)


def test_a_figure_of_a_class_that_is_not_there_is_refused_before_training(birds_and_cats: Path) -> None:
    recipe = load_recipe("lenet5-bird-cat", (*TINY, "figures.class_name=dog"))
    with pytest.raises(
        InvalidRecipe, match=r"figures\.class_name: there is no class 'dog'; classes: bird, cat\."
    ):
        load_data(recipe, birds_and_cats)


def test_early_stopping_on_validation_rows_is_said(birds_and_cats: Path, tmp_path: Path) -> None:
    recipe = load_recipe("lenet5-bird-cat", (*TINY, "train.early_stopping_patience=1"))
    run = run_recipe(recipe, load_data(recipe, birds_and_cats), name="x", seed=0, folder=tmp_path)
    write_artefacts(run)
    content = json.loads((tmp_path / "evaluation.json").read_text(encoding="utf-8"))
    assert content["validation_used_for_early_stopping"] is True
    assert "Early stopping used the validation images too" in (tmp_path / "report.html").read_text(
        encoding="utf-8"
    )
