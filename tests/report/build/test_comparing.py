"""Which methods are compared, what they are called, and which may be named as better."""

from __future__ import annotations

import numpy as np

from calibrant.calibrators import CALIBRATORS, TemperatureScaling
from calibrant.predictions import Predictions
from calibrant.report.build import predictions_report
from calibrant.report.build.method_choice import QUICK, left_out, methods_to_compare
from calibrant.report.build.method_titles import METHOD_TITLES, method_title
from calibrant.report.model import PredictionsReport


def biased(n: int, seed: int) -> Predictions:
    """Rows whose second class scores too high, which no temperature repairs."""
    generator = np.random.default_rng(seed)
    honest = 2 * generator.normal(size=(n, 3))
    labels = (honest + generator.gumbel(size=(n, 3))).argmax(axis=1)
    return Predictions.from_logits(honest + np.array([0.0, 2.0, 0.0]), labels)


def report(**options: object) -> PredictionsReport:
    return predictions_report(biased(500, 2), validation=biased(500, 1), **options)  # type: ignore[arg-type]


def test_every_method_has_a_name_for_sentences() -> None:
    assert METHOD_TITLES.keys() == CALIBRATORS.keys()
    assert method_title("venn_abers") == "Venn-Abers calibration"


def test_many_scores_leave_slow_methods_out_in_words() -> None:
    assert {*methods_to_compare(5000, 10, None), "auto"} == set(CALIBRATORS)
    assert methods_to_compare(5000, 100, None) == QUICK
    assert "dirichlet" in left_out(QUICK, None)
    assert "--methods" in left_out(QUICK, None)["dirichlet"]
    assert left_out(QUICK, QUICK) == {}
    assert methods_to_compare(25_000, 1000, ["vector"]) == ("vector",)


def test_a_method_that_is_better_beyond_chance_is_named() -> None:
    found = report(methods=["vector"])
    assert "Vector scaling is better still: the log-loss is lower by" in found.verdict.repair
    assert found.method == "temperature"


def test_a_method_is_not_better_than_a_calibrator_of_other_rows() -> None:
    other = TemperatureScaling().fit(biased(500, 3))
    found = report(methods=["vector"], calibrator=other)
    assert "better still" not in found.verdict.repair
    assert found.methods is not None
    assert (
        found.methods.why
        == "Temperature scaling is the calibrator that was given, fitted before on 500 rows."
    )


def test_no_methods_where_none_are_asked_for() -> None:
    found = report(methods=[])
    assert found.methods is None
    assert found.method == "temperature"
