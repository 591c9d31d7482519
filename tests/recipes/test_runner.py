"""Every recipe of the library, two training steps long: the files it leaves, and what they say."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from calibrant.analysis import evaluate, reliability
from calibrant.calibrators import TemperatureScaling, load
from calibrant.errors import InvalidRecipe, InvalidRun
from calibrant.io import read
from calibrant.recipes.artefacts import write_artefacts
from calibrant.recipes.backbone import backbone_folder
from calibrant.recipes.evaluation import write_evaluation
from calibrant.recipes.finished import load_run
from calibrant.recipes.library import load_recipe, recipe_names
from calibrant.recipes.recipe import Recipe
from calibrant.recipes.report_of_run import run_report
from calibrant.recipes.runner import Run, load_data, run_recipe
from tests.recipes.conftest import TINY, drawn_weights, image_folder, tiny

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
)
DRAWN_FILES = (
    "details.json",
    "report.html",
    "report.json",
    *(f"{name}{suffix}" for name in FIGURES for suffix in (".png", ".svg")),
)
AT_TEMPERATURES = (
    "bins.csv",
    "reliability-at-temperatures.png",
    "reliability-at-temperatures.svg",
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


def _one_of_each_kind_of_figures() -> tuple[str, ...]:
    """Figures take most of a short run's time, and two recipes with the same settings of them look alike."""
    kinds: dict[tuple[bool, bool], str] = {}
    for name in NAMES:
        figures = load_recipe(name).figures
        kinds.setdefault((figures.class_name is None, bool(figures.fixed_temperatures)), name)
    return tuple(kinds.values())


DRAWN = _one_of_each_kind_of_figures()
drawn = pytest.mark.parametrize("finished", DRAWN, indirect=True)


@dataclass(frozen=True)
class Finished:
    """A run and where its images came from."""

    run: Run
    images: Path | None
    recipe: Recipe
    backbone: Path | None


@pytest.fixture(scope="module", params=NAMES)
def finished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, narrow_networks: None
) -> Finished:
    name, runs = request.param, tmp_path_factory.mktemp("runs")
    published, weights = load_recipe(name), None
    if published.net.pretrained is True:
        weights = drawn_weights(published, runs / "weights.safetensors")
    recipe, images, backbone = tiny(name, weights), None, None
    if recipe.data.name != "digits":
        images = image_folder(tmp_path_factory.mktemp("images"), recipe.data.classes or ("a", "b"))
    if recipe.backbone is not None:
        first, backbone = tiny(recipe.backbone.recipe), backbone_folder(recipe.backbone, runs)
        others = image_folder(tmp_path_factory.mktemp("other-images"), ("a", "b"))
        run_recipe(first, load_data(first, others), name="first", seed=0, folder=backbone)
    folder = runs / name / "seed-0"
    run = run_recipe(recipe, load_data(recipe, images), name=name, seed=0, folder=folder, backbone=backbone)
    if name in DRAWN:
        write_artefacts(run)
    else:
        write_evaluation(run)
    return Finished(run, images, recipe, backbone)


def test_every_recipe_of_the_library_is_run() -> None:
    assert len(NAMES) >= 14
    assert len(DRAWN) == 3


def test_it_leaves_every_file_and_no_other(finished: Finished) -> None:
    drawn_files = DRAWN_FILES if finished.run.name in DRAWN else ()
    at_temperatures = AT_TEMPERATURES if drawn_files and finished.recipe.figures.fixed_temperatures else ()
    found = sorted(file.name for file in finished.run.folder.iterdir())
    assert found == sorted((".lock", *FILES, *drawn_files, *at_temperatures))


@drawn
def test_every_figure_is_an_image(finished: Finished) -> None:
    folder = finished.run.folder
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


@drawn
def test_the_page_is_of_the_report(finished: Finished) -> None:
    page = (finished.run.folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert finished.run.recipe.title in page


def test_run_again_it_is_fetched_and_the_same(finished: Finished) -> None:
    run = finished.run
    before = {name: (run.folder / name).read_bytes() for name in ("model.safetensors", "metrics.jsonl")}
    again = run_recipe(
        finished.recipe,
        load_data(finished.recipe, finished.images),
        name=run.name,
        seed=0,
        folder=run.folder,
        backbone=finished.backbone,
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


@pytest.fixture(scope="module")
def out_of_the_ordinary(birds_and_cats: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with early stopping, a damaged image and bins at fixed temperatures: its page says all that."""
    folder = tmp_path_factory.mktemp("out-of-the-ordinary")
    copytree(birds_and_cats, folder / "images")
    (folder / "images" / "train" / "cat" / "3.png").write_bytes(b"")
    settings = (
        "train.early_stopping_patience=1",
        "data.on_corrupt=skip",
        "figures.fixed_temperatures=[0.5, 2]",
    )
    recipe = load_recipe("lenet5-bird-cat", (*TINY, *settings))
    images = load_data(recipe, folder / "images")
    run = run_recipe(recipe, images, name="x", seed=0, folder=folder / "run")
    write_artefacts(run)
    return run


def test_early_stopping_on_validation_rows_is_said(out_of_the_ordinary: Run) -> None:
    folder = out_of_the_ordinary.folder
    content = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert content["validation_used_for_early_stopping"] is True
    report = run_report(folder)
    assert report.provenance.notes[1].startswith("Early stopping used the validation images too")
    assert report.run is not None
    assert report.run.kept_epoch == 1


def test_a_finished_run_predicts_what_it_wrote(finished: Finished) -> None:
    run = load_run(finished.run.folder)
    assert run.classes == finished.run.data.classes
    assert run.image_size == 32
    predictions = run.predictions(finished.run.data.test)
    calibrated = finished.run.calibrator.transform(finished.run.predictions.test)
    np.testing.assert_allclose(predictions.probs(), calibrated.probs(), atol=1e-5)
    np.testing.assert_array_equal(predictions.labels, calibrated.labels)


def test_a_recipe_with_a_backbone_needs_its_run(
    birds_and_cats: Path, tmp_path: Path, narrow_networks: None
) -> None:
    recipe = tiny("vgg16-bird-cat-from-cifar100")
    images = load_data(recipe, birds_and_cats)
    with pytest.raises(InvalidRecipe, match="starts from a network that the recipe 'vgg16-cifar100' trains"):
        run_recipe(recipe, images, name="x", seed=0, folder=tmp_path / "run")
    with pytest.raises(InvalidRun, match="finish"):
        run_recipe(recipe, images, name="x", seed=0, folder=tmp_path / "run", backbone=tmp_path / "absent")


def test_images_left_out_are_counted_and_named(out_of_the_ordinary: Run) -> None:
    run = out_of_the_ordinary
    content = json.loads((run.folder / "evaluation.json").read_text(encoding="utf-8"))
    assert content["data"]["skipped_images"] == 1
    assert content["data"]["train_rows"] + content["data"]["validation_rows"] == 19
    notes = run_report(run.folder).provenance.notes
    begins = "One image could not be read and took no part: the image "
    (said,) = (note for note in notes if note.startswith(begins))
    assert "cat/3.png (it is empty)" in said


def test_bins_at_fixed_temperatures(out_of_the_ordinary: Run) -> None:
    run, folder = out_of_the_ordinary, out_of_the_ordinary.folder
    rows = list(csv.DictReader((folder / "bins.csv").read_text(encoding="utf-8").splitlines()))
    fitted = run.calibrator.temperature_
    assert [float(row["temperature"]) for row in rows] == [0.5] * 15 + [2.0] * 15 + [fitted] * 15
    table = reliability(TemperatureScaling(2.0).transform(run.predictions.test))
    assert [int(row["n"]) for row in rows[15:30]] == table.n.tolist()
    facts = run_report(folder).run
    assert facts is not None
    assert [listing.caption.partition(":")[0] for listing in facts.listings] == [
        "Bins of the top label at T = 0.5",
        "Bins of the top label at T = 2",
        f"Bins of the top label at T = {fitted:.3f}, fitted",
    ]
    assert facts.listings[1].caption.endswith(f": ECE {table.ece:.4f}")
    assert [len(listing.rows) for listing in facts.listings] == [15] * 3
