"""Every ending: what it measures of a run, its table, and what a reader sees in its figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibrant.analysis import evaluate
from calibrant.calibrators import CALIBRATORS, TemperatureScaling
from calibrant.io import read
from calibrant.predictions import Predictions
from calibrant.recipes.runner import Run, load_data, run_recipe
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.endings.scores import measure_scores
from calibrant.studies.grid import PlannedRun, planned_runs
from calibrant.studies.library import load_study
from calibrant.studies.record import Measured
from calibrant.studies.study import EndingName
from calibrant.studies.table import Table, table_of
from tests.plots.figures import assert_text_stands_clear, visible_text
from tests.studies.conftest import write_study

NAMES: list[EndingName] = sorted(ENDINGS)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[PlannedRun, Run]]:
    """Two networks of three epochs, the learning rate lowered after the second, with one seed each."""
    folder = tmp_path_factory.mktemp("runs")
    train = {
        "batch_size": 20,
        "epochs": 3,
        "schedule": "step",
        "step_epochs": 2,
        "threads": 1,
        "device": "cpu",
    }
    series = [{"name": "plain"}, {"name": "normed", "net": {"batch_norm": True}}]
    path = write_study(
        folder / "s.toml", vary=None, ending="losses", scale={"series": series, "train": train, "seeds": [0]}
    )
    study = load_study(str(path))
    planned = planned_runs(study, study.scales["smoke"], (0,), source="s")
    images = load_data(planned[0].recipe)
    return [
        (run, run_recipe(run.recipe, images, name=run.label, seed=0, folder=folder / run.name))
        for run in planned
    ]


@pytest.fixture(scope="module")
def measured(runs: list[tuple[PlannedRun, Run]]) -> dict[EndingName, list[tuple[PlannedRun, Measured]]]:
    return {name: [(run, ENDINGS[name].measure(made)) for run, made in runs] for name in NAMES}


def finished_of(
    ending: Ending, runs: list[tuple[PlannedRun, Run]], measured: list[tuple[PlannedRun, Measured]]
) -> Finished:
    # Two seeds that differ, so that there are error bars.
    again = [
        (
            run,
            replace(
                each,
                parts={
                    part: {key: 1.1 * value for key, value in results.items()}
                    for part, results in each.parts.items()
                },
            ),
        )
        for run, each in measured
    ]
    table = table_of([*measured, *again], ending.columns, value_title=None, part_title=ending.part_title)
    study = load_study("depth")
    return Finished(study, table, tuple((run, made.folder) for run, made in runs))


def test_every_ending_is_tried() -> None:
    assert len(NAMES) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_columns_and_measures_agree(
    name: EndingName, measured: dict[EndingName, list[tuple[PlannedRun, Measured]]]
) -> None:
    ending = ENDINGS[name]
    for _, each in measured[name]:
        assert each.parts
        for results in each.parts.values():
            assert set(results) == {column.name for column in ending.columns}
        assert (list(each.parts) == [""]) == (ending.part_title is None)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "factor"])
def test_the_figure_can_be_read(
    name: EndingName,
    runs: list[tuple[PlannedRun, Run]],
    measured: dict[EndingName, list[tuple[PlannedRun, Measured]]],
) -> None:
    figure = ENDINGS[name].draw(finished_of(ENDINGS[name], runs, measured[name]))
    assert_text_stands_clear(figure)
    for series in ("plain", "normed"):
        assert series in visible_text(figure)


def test_scores_are_those_of_the_test_rows(
    runs: list[tuple[PlannedRun, Run]], measured: dict[EndingName, list[tuple[PlannedRun, Measured]]]
) -> None:
    (_, run), (_, scores) = runs[0], measured["factor"][0]
    before = evaluate(read(run.folder / "test.npz"))
    results = scores.parts[""]
    assert results["error"] == 1 - before.accuracy
    assert (results["ece"], results["nll"], results["brier"]) == (before.ece, before.nll, before.brier)
    assert results["ece_after"] == run.comparison.after.ece != before.ece
    assert results["temperature"] == run.calibrator.temperature_


def test_a_temperature_at_a_bound_is_left_out_and_said_in_words(runs: list[tuple[PlannedRun, Run]]) -> None:
    _, run = runs[0]
    logits = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    wrong = Predictions.from_logits(logits, np.array([1, 0, 1]))
    found = measure_scores(replace(run, calibrator=TemperatureScaling().fit(wrong)))
    assert "temperature" not in found.parts[""]
    assert found.notes == (
        f"{run.name}: no T, because its fit stopped at a bound: the scores do no better than chance, so "
        "flatter is always better",
    )


def test_every_calibrator_is_scored_or_refused_and_none_comes_first(
    measured: dict[EndingName, list[tuple[PlannedRun, Measured]]],
) -> None:
    for run, each in measured["calibrators"]:
        assert next(iter(each.parts)) == "identity"
        refused = {note.removeprefix(f"{run.label}: ").split(" refused: ")[0] for note in each.notes}
        assert set(each.parts) | refused == set(CALIBRATORS)
        assert each.parts["identity"]["ece"] != each.parts["temperature"]["ece"]


def test_calibrators_are_rows_and_networks_columns(
    runs: list[tuple[PlannedRun, Run]], measured: dict[EndingName, list[tuple[PlannedRun, Measured]]]
) -> None:
    ending = ENDINGS["calibrators"]
    table: Table = finished_of(ending, runs, measured["calibrators"]).table
    ece, nll, brier, *_ = ending.text(table).split("\n\n")
    assert [block.split("\n")[0].split() for block in (ece, nll, brier)] == [
        ["ECE", "plain", "normed"],
        ["log-loss", "plain", "normed"],
        ["Brier", "plain", "normed"],
    ]
    assert ece.split("\n")[1].startswith("identity")


def test_the_moments_of_a_training(
    runs: list[tuple[PlannedRun, Run]], measured: dict[EndingName, list[tuple[PlannedRun, Measured]]]
) -> None:
    (_, run), (_, each) = runs[0], measured["overfitting"][0]
    lowest = min(run.history, key=lambda row: row.val_nll)
    assert each.parts["lowest log-loss"]["epoch"] == lowest.epoch
    assert each.parts["lowest log-loss"]["val_nll"] == lowest.val_nll
    assert each.parts["last epoch"]["val_temperature"] == run.history[-1].val_temperature


def test_the_figure_marks_the_epochs_with_a_lower_learning_rate(
    runs: list[tuple[PlannedRun, Run]], measured: dict[EndingName, list[tuple[PlannedRun, Measured]]]
) -> None:
    figure = ENDINGS["overfitting"].draw(finished_of(ENDINGS["overfitting"], runs, measured["overfitting"]))
    text = visible_text(figure)
    assert "learning rate drops" in text
    assert [ax.get_ylabel() for ax in figure.axes if ax.get_ylabel()] == [
        "Error",
        "Log-loss (nats)",
        "Best T",
    ]
    (drop,) = [line for line in figure.axes[0].lines if line.get_label() == "learning rate drops"]
    assert list(drop.get_xdata()) == [2.5, 2.5]
