"""A report says what the functions it calls say, of every kind of rows, and the same every time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.analysis import (
    calibration_test,
    compare,
    consistency_band,
    evaluate,
    minimum_detectable_error,
    reliability,
    subgroups,
)
from calibrant.analysis.evaluation import TITLES
from calibrant.calibrators import PlattScaling, TemperatureScaling, VectorScaling
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.report.build import predictions_report
from calibrant.report.model import PredictionsReport, from_json, to_json
from tests.drawn_predictions import overconfident
from tests.report.reports import rows, small_report
from tests.soft_label_rows import annotated
from tests.top_label_rows import outcomes_of

SNAPSHOT = Path(__file__).with_name("small-report.json")


def test_metrics_are_those_of_evaluate_before_and_after() -> None:
    report, validation, test = small_report(2), rows(150, 2, seed=1), rows(120, 2, seed=2)
    before = evaluate(test)
    after = evaluate(TemperatureScaling().fit(validation).transform(test))
    assert [metric.name for metric in report.metrics] == list(TITLES)
    for metric in report.metrics:
        assert metric.title == TITLES[metric.name]
        assert metric.convention == str(before.conventions[metric.name])
        assert metric.after is not None
        for side, evaluation in ((metric.before, before), (metric.after, after)):
            assert side.value == getattr(evaluation, metric.name)
            interval = evaluation.intervals.get(metric.name)
            expected = evaluation.expected_if_calibrated.get(metric.name)
            assert (side.interval is None) == (interval is None)
            assert (side.expected is None) == (expected is None)
            if side.interval is not None and interval is not None:
                assert (side.interval.low, side.interval.high) == (interval.low, interval.high)
            if side.expected is not None and expected is not None:
                assert (side.expected.mean, side.expected.high) == (expected.mean, expected.high)
    directions = {metric.name: metric.lower_is_better for metric in report.metrics}
    assert (directions["accuracy"], directions["ece"], directions["mean_confidence"]) == (False, True, None)


def test_panels_are_the_bins_with_intervals_and_bands() -> None:
    report, test = small_report(2), rows(120, 2, seed=2)
    assert [(panel.title, panel.class_index) for panel in report.panels] == [
        ("Top label", None),
        ("Class 1", 1),
    ]
    for panel in report.panels:
        table = reliability(test, class_index=panel.class_index)
        band = consistency_band(test, class_index=panel.class_index)
        drawn = panel.before
        assert (drawn.ece, drawn.mce, drawn.outside) == (table.ece, table.mce, band.outside)
        assert [of.n for of in drawn.bins] == table.n.tolist()
        for of, accuracy, low, band_high in zip(
            drawn.bins, table.accuracy, table.low, band.high, strict=True
        ):
            assert (of.accuracy, of.low, of.band_high) == (
                (None, None, None) if of.n == 0 else (accuracy, low, band_high)
            )
        assert panel.after is not None
        assert panel.after.ece < drawn.ece


def test_tests_and_the_detectable_error() -> None:
    report, test = small_report(2), rows(120, 2, seed=2)
    after = TemperatureScaling().fit(rows(150, 2, seed=1)).transform(test)
    found = {(found.title, found.when): found.p_value for found in report.tests}
    assert len(found) == 6
    title = "Top label, debiased squared error of 15 bins"
    assert found[title, "before"] == calibration_test(test).p_value
    assert found[title, "after"] == calibration_test(after).p_value
    kuiper = "Top label, Kuiper's statistic, free of bins"
    assert found[kuiper, "before"] == calibration_test(test, statistic="kuiper").p_value
    assert report.detectable is not None
    assert report.detectable.error == minimum_detectable_error(test).error
    for test_row in report.tests:
        assert ("ruled out at" in test_row.conclusion) == (test_row.p_value <= 0.05)


def test_methods_are_those_of_compare_without_times() -> None:
    report = small_report()
    found = compare(rows(150, 3, seed=1), rows(120, 3, seed=2), methods=["vector", "histogram"])
    assert report.methods is not None
    assert report.methods.chosen == report.method == "temperature"
    assert "without a look at the test rows" in report.methods.why
    assert [row.method for row in report.methods.rows] == [score.method for score in found.scores]
    for row, score in zip(report.methods.rows, found.scores, strict=True):
        assert (row.nll, row.ece, row.parameters) == (score.nll, score.ece, score.parameters)
        if row.method == "temperature":
            assert row.difference is None
            continue
        assert row.interval is not None
        versus = score.versus["temperature"]
        assert (row.difference, row.interval.low, row.interval.high) == (versus.mean, versus.low, versus.high)
    assert "seconds" not in to_json(report)


def test_groups_are_those_of_subgroups() -> None:
    after = TemperatureScaling().fit(rows(150, 3, seed=1)).transform(rows(120, 3, seed=2))
    found, groups = subgroups(after), small_report().groups
    assert groups is not None
    assert (groups.when, groups.conclusion, groups.overall) == (
        "after",
        found.conclusion,
        found.overall.value,
    )
    values = {group.name: group.value for group in found.groups}
    assert {row.name: row.value for row in groups.rows} == values
    assert [row.value for row in groups.rows] == sorted(values.values(), key=lambda value: -(value or 0.0))


def test_without_validation_rows_nothing_is_after() -> None:
    report = predictions_report(overconfident(100, 3))
    assert (report.method, report.calibrator, report.methods, report.groups) == (None, None, None, None)
    assert all(panel.after is None for panel in report.panels)
    assert all(metric.after is None for metric in report.metrics)
    assert report.deferral.after_coverage is None
    assert report.verdict.repair == ""
    assert report.slider is not None
    assert "fitted" not in {mark.label for mark in report.slider.marks}
    assert "only where there are validation rows" in report.provenance.notes[0]


def test_a_given_calibrator_is_shown_and_its_rows_are_remembered() -> None:
    validation, test = rows(150, 3, seed=1), rows(120, 3, seed=2)
    vector = VectorScaling().fit(validation)
    report = predictions_report(test, validation=validation, calibrator=vector, methods=["vector"])
    assert report.method == "vector"
    assert report.calibrator == vector.describe()
    assert report.methods is not None
    assert report.methods.why == (
        "Vector scaling is the calibrator that was given, fitted before on the validation rows."
    )
    assert report.slider is not None
    fitted = next(mark.index for mark in report.slider.marks if mark.label == "fitted")
    assert report.slider.temperatures[fitted] == TemperatureScaling().fit(validation).temperature_
    flattered = predictions_report(test, calibrator=TemperatureScaling().fit(test))
    assert flattered.verdict.repair.startswith("The calibrator was fitted on these very rows")
    assert "flattered" in flattered.provenance.notes[0]


def test_rows_of_the_top_label_alone() -> None:
    validation, test = outcomes_of(overconfident(400, 3, seed=1)), outcomes_of(overconfident(300, 3, seed=2))
    report = predictions_report(test, validation=validation)
    assert (report.k, report.slider, report.methods, report.classes, report.positive) == (
        None,
        None,
        None,
        (),
        None,
    )
    assert "only the confidence of the top label" in report.no_slider
    assert report.method == "platt"
    confidence = PlattScaling().fit(validation.as_binary()).transform(test.as_binary()).probs()[:, 1]
    assert report.panels[0].after is not None
    assert report.panels[0].after.ece == reliability(test.with_confidence(confidence)).ece
    assert {metric.name for metric in report.metrics} == {
        "accuracy",
        "mean_confidence",
        "confidence_gap",
        "ece",
        "ece_l2_debiased",
        "mce",
        "rmsce",
    }
    assert len(report.tests) == 4


def test_rows_with_counts_of_annotators() -> None:
    validation, test = annotated(300, 3, seed=1), annotated(200, 3, seed=2)
    report = predictions_report(test, validation=validation)
    assert report.method == "temperature"
    assert (report.methods, report.tests, report.detectable, report.findings) == (None, (), None, ())
    assert report.panels[0].before.outside is None
    assert report.slider is not None
    before = evaluate(test)
    assert report.slider.ece[report.slider.temperatures.index(1.0)] == pytest.approx(before.ece)
    assert sum(row.frequency for row in report.classes) == pytest.approx(1.0)
    assert any("counts of annotators" in note for note in report.provenance.notes)


def test_weights_count_as_rows() -> None:
    light = overconfident(150, 3)
    doubled = replace(light, sample_weight=np.full(150, 2.0))
    once, twice = predictions_report(light), predictions_report(doubled)
    assert [row.frequency for row in twice.classes] == pytest.approx([row.frequency for row in once.classes])
    assert [row.recall for row in twice.classes] == pytest.approx([row.recall for row in once.classes])
    assert twice.deferral.before_coverage == pytest.approx(once.deferral.before_coverage)
    assert any("a weight of w counts as w rows" in note for note in twice.provenance.notes)


def test_what_cannot_go_together_is_refused() -> None:
    some = overconfident(100, 3)
    with pytest.raises(InvalidArgument, match="hold the same rows"):
        predictions_report(some, validation=some)
    with pytest.raises(IncompatiblePredictions, match="Give two files of one kind"):
        predictions_report(some, validation=outcomes_of(overconfident(100, 3, seed=1)))
    with pytest.raises(IncompatiblePredictions, match="validation has 4 classes and test has 3"):
        predictions_report(some, validation=overconfident(100, 4))
    with pytest.raises(InvalidArgument, match="no calibrator 'platz'"):
        predictions_report(some, validation=overconfident(100, 3, seed=1), methods=["platz"])


@pytest.mark.parametrize("n", [1, 2])
def test_very_few_rows_have_a_report(n: int) -> None:
    report = predictions_report(overconfident(n, 3))
    assert report.n == n
    assert from_json(to_json(report)) == report


def test_the_same_input_gives_the_same_bytes() -> None:
    def built() -> str:
        return to_json(
            predictions_report(rows(120, 3, seed=2), validation=rows(150, 3, seed=1), methods=["vector"])
        )

    assert built() == built()


def test_the_model_of_a_small_report() -> None:
    """Rebuild the snapshot with `python -m tests.report.build.test_predictions` after a meant change."""
    wanted = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    _agree(_trimmed(small_report()), wanted, "")


def _trimmed(report: PredictionsReport) -> Any:
    """Return a report as JSON, its slider cut down to the marks, and without versions."""
    content = json.loads(to_json(report))
    slider, at = content["slider"], [mark["index"] for mark in content["slider"]["marks"]]
    for name in ("temperatures", "weight", "confidence", "correct", "ece", "mce", "nll", "brier"):
        slider[name] = [slider[name][index] for index in at]
    content["provenance"]["versions"] = [name for name, _ in content["provenance"]["versions"]]
    return content


def _agree(found: Any, wanted: Any, place: str) -> None:
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), place
        for name, value in wanted.items():
            _agree(found[name], value, f"{place}.{name}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), place
        for number, value in enumerate(wanted):
            _agree(found[number], value, f"{place}.{number}")
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9), place
    else:
        assert found == wanted, place


if __name__ == "__main__":
    text = json.dumps(_trimmed(small_report()), indent=1, ensure_ascii=False)
    flat = re.sub(r"\n\s+(?=[-\d\"\]])", " ", text)
    SNAPSHOT.write_text(flat + "\n", encoding="utf-8")
