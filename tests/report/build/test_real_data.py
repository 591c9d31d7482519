"""Reports of trained networks: the values are those of independent code, and every part is there."""

from __future__ import annotations

import pytest

from calibrant.predictions import Predictions, TopLabelPredictions
from calibrant.report.build import predictions_report
from calibrant.report.model import PredictionsReport, from_json, to_json
from calibrant.report.text import as_text
from tests.real_predictions import expected, predictions_of, validation_and_test
from tests.top_label_rows import image_net

pytestmark = pytest.mark.data

CROSS_ENTROPY, HUNDRED = "c10-resnet50-cross-entropy", "c100-densenet-bc-100-netcal"


def value(report: PredictionsReport, name: str, *, after: bool = False) -> float:
    metric = next(metric for metric in report.metrics if metric.name == name)
    side = metric.after if after else metric.before
    assert side is not None
    return side.value


@pytest.fixture(scope="module")
def cross_entropy() -> PredictionsReport:
    validation, test = validation_and_test(CROSS_ENTROPY)
    names = ("temperature", "structured_matrix", "isotonic")
    return predictions_report(test, validation=validation, methods=names, title=CROSS_ENTROPY)


def test_the_reference_values_of_a_net(cross_entropy: PredictionsReport) -> None:
    wanted = expected()[CROSS_ENTROPY]
    for name in ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "classwise_ece"):
        assert value(cross_entropy, name) == pytest.approx(wanted[name], abs=2e-6), name


def test_the_verdict_of_an_over_confident_net(cross_entropy: PredictionsReport) -> None:
    wanted, verdict = expected()[CROSS_ENTROPY], cross_entropy.verdict
    assert wanted["mean_confidence"] is not None
    assert wanted["accuracy"] is not None
    assert verdict.gap == pytest.approx(wanted["mean_confidence"] - wanted["accuracy"], abs=1e-6)
    assert verdict.headline.startswith("These probabilities are over-confident by 4.3 points (95 % interval ")
    assert verdict.repair.startswith(
        "Temperature 2.50 repairs most of it: 1.3 points (95 % interval 0.9 to 1.7) remain."
    )
    assert "Isotonic regression is better still" in verdict.repair


def test_the_published_error_at_two_and_a_half(cross_entropy: PredictionsReport) -> None:
    """Mukhoti et al. 2020: ECE 4.35 % as it is, 1.35 % at T = 2.5."""
    slider = cross_entropy.slider
    assert slider is not None
    assert 100 * slider.ece[slider.temperatures.index(1.0)] == pytest.approx(4.35, abs=0.05)
    assert 100 * slider.ece[slider.temperatures.index(2.5)] == pytest.approx(1.35, abs=0.05)
    fitted = next(mark.index for mark in slider.marks if "fitted" in mark.label)
    assert slider.ece[fitted] == pytest.approx(value(cross_entropy, "ece", after=True), abs=1e-4)


def test_a_hundred_classes() -> None:
    validation, test = validation_and_test(HUNDRED)
    report = predictions_report(test, validation=validation, methods=("structured_vector",))
    whole: Predictions = predictions_of(HUNDRED, "test")
    assert value(predictions_report(whole), "ece") == pytest.approx(expected()[HUNDRED]["ece"], abs=2e-6)
    assert len(report.classes) == 100
    assert sum(row.before is not None for row in report.classes) == 12
    mean = sum(row.ece_before for row in report.classes) / 100
    assert mean == pytest.approx(value(report, "classwise_ece"), abs=1e-12)
    assert from_json(to_json(report)) == report
    assert "88 more classes are better than these." in as_text(report)


def test_image_net_by_its_top_labels() -> None:
    rows: TopLabelPredictions = image_net()
    report = predictions_report(rows, title="densenet161")
    assert report.n == 50_000
    assert value(report, "accuracy") == pytest.approx(0.77138, abs=1e-9)
    assert (report.slider, report.classes, report.k) == (None, (), None)
    assert len(report.tests) == 2
    assert report.deferral.before_coverage[0] == 1.0
    assert 1 - report.deferral.before_errors[0] == pytest.approx(0.77138)
