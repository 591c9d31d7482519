"""`calibrant run`, `demo` and `recipes`, on a recipe made small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calibrant.cli import demo as calibrant_demo
from calibrant.recipes.library import load_recipe, recipe_names, write_recipe
from calibrant.recipes.results import RESULTS
from tests.cli.conftest import Program
from tests.cli.program import Outcome, check_schema, run_program

SMALL = (
    *("--set", "train.epochs=1"),
    *("--set", "data.train_rows=400"),
    *("--set", "train.batch_size=50"),
    *("--set", "train.device=cpu"),
    *("--set", "train.threads=1"),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def first(runs: Path) -> Outcome:
    """The outcome of two seeds, as JSON."""
    return run_program("run", "lenet5-digits", "--seed", 0, "--seed", 3, *SMALL, "--runs", runs, "--json")


def test_json_on_stdout_progress_on_stderr(first: Outcome, runs: Path) -> None:
    content = first.json
    assert content["schema"] == "calibrant.summary/1"
    assert content["recipe"] == "lenet5-digits"
    assert content["seeds"] == [0, 3]
    assert content["folders"] == [str(runs / "lenet5-digits" / f"seed-{seed}") for seed in (0, 3)]
    assert set(content["results"]) == set(RESULTS) - {"ece_positive_before", "ece_positive_after"}
    assert first.err.startswith("LeNet-5 on 200 handwritten digits\n")
    for seed in (0, 3):
        assert f"wrote {runs / 'lenet5-digits' / f'seed-{seed}'} (report.html shows it)\n" in first.err


def test_the_report_of_a_run_and_of_all_its_seeds(first: Outcome, runs: Path, calibrant: Program) -> None:
    folder = runs / "lenet5-digits"
    one = calibrant("report", folder / "seed-3", "--json")
    assert one.json["run"]["seed"] == 3
    assert (folder / "seed-3" / "report.json").read_text(encoding="utf-8") == one.out
    both = calibrant("report", folder, "--json").json
    assert (both["kind"], [member["run"]["seed"] for member in both["members"]]) == ("comparison", [0, 3])
    assert "seeds 0, 3" in both["title"]
    refused = calibrant("report", folder / "seed-3", "--seed", 1)
    assert (refused.code, refused.out) == (2, "")
    assert f"--seed belongs to files of predictions; {folder / 'seed-3'} has its own" in refused.err


@pytest.mark.parametrize("left", ["checkpoint.pt", "metrics.jsonl", "recipe.toml"])
def test_the_report_of_a_run_that_is_not_finished(left: str, tmp_path: Path, calibrant: Program) -> None:
    (tmp_path / left).touch()
    outcome = calibrant("report", tmp_path)
    assert outcome.code == 2
    assert f"{tmp_path} holds no finished run" in outcome.err


def test_the_summary_is_mean_and_spread_of_the_runs(first: Outcome, runs: Path) -> None:
    found = []
    for seed in (0, 3):
        text = (runs / "lenet5-digits" / f"seed-{seed}" / "evaluation.json").read_text(encoding="utf-8")
        content = json.loads(text)
        check_schema(content)
        assert content["seed"] == seed
        found.append(content["results"])
    for name, spread in first.json["results"].items():
        one, other = found[0][name], found[1][name]
        assert spread["mean"] == pytest.approx((one + other) / 2)
        assert spread["spread"] == pytest.approx(abs(one - other) / 2**0.5)


def test_the_files_of_a_run_keep_their_schemas(first: Outcome, runs: Path) -> None:
    assert first.code == 0
    folder = runs / "lenet5-digits" / "seed-0"
    check_schema(json.loads((folder / "temperature.json").read_text(encoding="utf-8")))
    evaluated = run_program("evaluate", folder / "test.npz", "--json").json
    stored = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert stored["test"]["before"] == evaluated
    applied = run_program(
        "apply", folder / "temperature.json", folder / "test.npz", "-o", runs / "out.npz", "--json"
    ).json
    assert stored["test"]["after"] == applied["after"]
    fitted = run_program("fit", folder / "val.npz", "-o", runs / "t.json", "--json").json
    assert stored["temperature"] == fitted["parameters"]


def test_run_again_fetches_instead_of_training(first: Outcome, runs: Path) -> None:
    folder = runs / "lenet5-digits" / "seed-0"
    weights, metrics = folder / "model.safetensors", folder / "metrics.jsonl"
    before = (weights.stat().st_mtime_ns, metrics.stat().st_mtime_ns)
    again = run_program("run", "lenet5-digits", "--seed", 0, *SMALL, "--runs", runs, "--json")
    assert (weights.stat().st_mtime_ns, metrics.stat().st_mtime_ns) == before
    assert again.json["results"]["accuracy"] == {
        "mean": json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))["results"]["accuracy"],
        "spread": None,
    }
    assert first.code == 0


def test_the_text_says_what_happened(first: Outcome, runs: Path) -> None:
    assert first.code == 0
    outcome = run_program(
        "run", "lenet5-digits", "--seed", 0, "--seed", 3, "--seed", 0, *SMALL, "--runs", runs
    )
    assert outcome.code == 0
    assert "lenet5-digits, seed 0: temperature scaling: T = " in outcome.out
    assert outcome.out.count("Test images, before and after:") == 2
    assert "mean ± standard deviation over seeds 0, 3" in outcome.out
    assert "Accuracy: " in outcome.out
    assert ", unchanged." in outcome.out
    assert "as expected" not in outcome.out


def test_a_recipe_as_it_stands_is_held_against_what_is_expected_of_it(tmp_path: Path) -> None:
    settings = [word for word in SMALL if word != "--set"]
    write_recipe(load_recipe("lenet5-digits", settings), tmp_path / "small.toml")
    outcome = run_program("run", tmp_path / "small.toml", "--seed", 0, "--runs", tmp_path)
    assert outcome.code == 0
    assert "expected 0.92 ± 0.03: NOT as expected" in outcome.out


def test_other_settings_in_the_same_folder_are_refused(first: Outcome, runs: Path) -> None:
    assert first.code == 0
    folder = runs / "lenet5-digits" / "seed-0"
    before = {file: file.read_bytes() for file in folder.iterdir()}
    outcome = run_program(
        "run", "lenet5-digits", "--seed", 0, *SMALL, "--set", "train.learning_rate=0.1", "--runs", runs
    )
    assert (outcome.code, outcome.out) == (2, "")
    assert "belongs to another run: train.learning_rate was 0.002 and is now 0.1" in outcome.err
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_a_broken_run_document_misses_its_schema(first: Outcome, runs: Path) -> None:
    assert first.code == 0
    folder = runs / "lenet5-digits" / "seed-0"
    content = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    for broken in (
        {**content, "temperature_fitted_on": "test"},
        {**content, "results": {**content["results"], "ece_positive_before": 0.1}},
        {**content, "data": {**content["data"], "test_rows": 0}},
        {**first.json, "results": {**first.json["results"], "accuracy": 0.9}},
        {**first.json, "seeds": []},
    ):
        with pytest.raises(Exception, match="Failed validating"):
            check_schema(broken)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lenet5-digts"], "there is no recipe 'lenet5-digts'. Did you mean 'lenet5-digits'?"),
        (["absent.toml"], "cannot read the recipe absent.toml"),
        (["lenet5-digits", "--set", "train.epoch=2"], "no key 'train.epoch'. Did you mean 'epochs'?"),
        (["lenet5-digits", "--set", "train.epochs=two"], "lenet5-digits.toml: train.epochs: "),
        (["lenet5-digits", "--set", "train.epochs"], "an override has the form section.key=value"),
        (["lenet5-digits", "--set", "net.name=lenet6"], "there is no network called 'lenet6'"),
        (["lenet5-digits", "--set", "data.classes=['0', 'ten']"], "has no class 'ten'"),
        (["lenet5-digits", "--set", "figures.class_name=cat"], "figures.class_name: there is no class 'cat'"),
        (["lenet5-digits", "--data", "absent"], "there is no folder absent"),
        (["lenet5-digits", "--seed", "-1"], "--seed"),
        (["lenet5-digits", "--seed", str(2**63)], "--seed"),
        (["lenet5-digits", "--seed", "zero"], "--seed"),
    ],
)
def test_what_cannot_be_run_trains_nothing(
    calibrant: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("run", *words, "--set", "train.device=cpu")
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_largest_seed_works(calibrant: Program, tmp_path: Path) -> None:
    words = ("--set", "train.threads=1", "--set", "train.epochs=1", "--set", "train.device=cpu")
    outcome = calibrant("run", "lenet5-digits", "--seed", 2**63 - 1, *words, "--runs", tmp_path, "--json")
    assert outcome.json["seeds"] == [2**63 - 1]


def test_a_recipe_of_ones_own(calibrant: Program, tmp_path: Path) -> None:
    assert calibrant("run", tmp_path / "mine.toml").code == 2
    (tmp_path / "mine.toml").write_text('titel = "Mine"\n')
    outcome = calibrant("run", tmp_path / "mine.toml")
    assert outcome.code == 2
    assert str(tmp_path / "mine.toml") in outcome.err


def test_the_demo_is_the_recipe_of_digits(calibrant: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def note_down(*words: Any, **options: Any) -> None:
        asked.append((words, options))

    monkeypatch.setattr(calibrant_demo, "run_experiment", note_down)
    assert calibrant("demo", "--runs", "there", "--json").code == 0
    assert asked == [(("lenet5-digits", [0], None, None, Path("there")), {"as_json": True})]


@pytest.mark.long
def test_the_demo_repairs_an_over_confident_network(calibrant: Program, tmp_path: Path) -> None:
    outcome = calibrant("demo", "--runs", tmp_path)
    assert outcome.code == 0
    (line,) = [line for line in outcome.out.splitlines() if line.startswith("ECE: ")]
    assert " before > " in line
    assert line.endswith("unchanged.")
    assert "NOT as expected" not in outcome.out


def test_the_list_of_recipes(calibrant: Program) -> None:
    text = calibrant("recipes").out
    listed = calibrant("recipes", "--json").json["recipes"]
    assert [recipe["name"] for recipe in listed] == recipe_names()
    for recipe in listed:
        loaded = load_recipe(recipe["name"])
        assert recipe["title"] == loaded.title
        assert recipe["train"]["epochs"] == loaded.train.epochs
        assert f"{recipe['name']}: {loaded.title}\n" in text
        assert loaded.cost in text
