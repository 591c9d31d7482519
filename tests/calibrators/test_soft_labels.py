"""Fits on counts of annotators: the loss expected of one annotator a row, or a refusal in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from calibrant.calibrators import CALIBRATORS, MatrixScaling, OneVsRest, TemperatureScaling, load
from calibrant.calibrators.dirichlet import DirichletCalibration
from calibrant.calibrators.isotonic import IsotonicCalibration
from calibrant.errors import IncompatiblePredictions, InvalidPredictions
from calibrant.metrics import nll
from calibrant.predictions import Predictions, SoftLabelPredictions
from tests import oracle
from tests.soft_label_rows import annotated, one_hot

TAKING = {
    "identity": CALIBRATORS["identity"],
    "temperature": CALIBRATORS["temperature"],
    "platt": CALIBRATORS["platt"],
    "beta": CALIBRATORS["beta"],
    "quadratic": CALIBRATORS["quadratic"],
    "vector": CALIBRATORS["vector"],
    "ensemble_temperature": CALIBRATORS["ensemble_temperature"],
    "one_vs_rest": CALIBRATORS["one_vs_rest"],
    "structured_vector": CALIBRATORS["structured_vector"],
    "structured_matrix": CALIBRATORS["structured_matrix"],
    "matrix": lambda: MatrixScaling(strength=0.1),
    "dirichlet": lambda: DirichletCalibration(strength=0.1),
}
REFUSING = (
    "matrix",
    "dirichlet",
    "basis",
    "auto",
    "bbq",
    "histogram",
    "isotonic",
    "scaling_binning",
    "spline",
)
REFUSING += ("top_label_histogram", "venn_abers")

every_taking = pytest.mark.parametrize("build", TAKING.values(), ids=list(TAKING))
ROWS = annotated(600, 3)


def test_every_calibrator_is_in_one_of_the_groups() -> None:
    assert {*TAKING, *REFUSING} == set(CALIBRATORS)
    assert (len(TAKING), len(REFUSING), len(CALIBRATORS)) == (12, 11, 21)


@pytest.mark.parametrize("name", REFUSING)
def test_bins_and_folds_refuse(name: str) -> None:
    words = f"{name} as it is set up .* needs one label for each row; these rows have counts of annotators"
    with pytest.raises(IncompatiblePredictions, match=words):
        CALIBRATORS[name]().fit(ROWS)
    with pytest.raises(IncompatiblePredictions, match="one_vs_rest as it is set up"):
        OneVsRest(IsotonicCalibration()).fit(ROWS)


@every_taking
def test_the_fit_is_that_of_rows_that_weigh_their_shares(build: Any) -> None:
    soft, hard = build().fit(ROWS), build().fit(ROWS.expanded())
    np.testing.assert_array_equal(soft.transform(ROWS).probs(), hard.transform(ROWS).probs())
    record = soft.fitted_on_
    assert (record.n, record.k, record.content_hash) == (600, 3, ROWS.content_hash)


@every_taking
def test_the_recorded_loss_is_what_the_metric_says_afterwards(build: Any) -> None:
    fitted = build().fit(ROWS)
    after = nll(fitted.transform(ROWS)).value
    assert fitted.fitted_on_.nll == pytest.approx(after, rel=1e-9)
    assert after <= nll(ROWS).value * (1 + 1e-9)


@every_taking
def test_annotators_who_agree_are_labels(build: Any) -> None:
    rows = Predictions.from_logits(ROWS.scores, ROWS.counts.argmax(axis=1))
    soft, hard = build().fit(one_hot(rows)), build().fit(rows)
    np.testing.assert_allclose(soft.transform(rows).probs(), hard.transform(rows).probs(), atol=1e-7)


@pytest.mark.parametrize("name", sorted(CALIBRATORS))
def test_all_of_them_transform_rows_with_counts(name: str) -> None:
    rows = Predictions.from_logits(ROWS.scores[:150], ROWS.counts[:150].argmax(axis=1))
    fitted = CALIBRATORS[name]().fit(rows)
    calibrated, wanted = fitted.transform(ROWS), fitted.transform(ROWS.expanded().take(_first_of_each()))
    assert isinstance(calibrated, SoftLabelPredictions)
    assert calibrated.counts is ROWS.counts
    assert calibrated.kind == wanted.kind
    np.testing.assert_array_equal(calibrated.scores, wanted.scores)


def _first_of_each() -> Any:
    return np.cumsum(ROWS.answers) - ROWS.answers


def test_the_temperature_is_that_of_a_plain_minimisation() -> None:
    rows = annotated(300, 4, weighted=True)

    def loss(log_t: Any) -> float:
        p = oracle.softmax(rows.scores, float(np.exp(log_t[0])))
        return float(np.average(-(rows.shares * np.log(p)).sum(axis=1), weights=rows.sample_weight))

    found = minimize(loss, [0.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15})
    fitted = TemperatureScaling().fit(rows)
    assert fitted.temperature_ == pytest.approx(float(np.exp(found.x[0])), rel=1e-6)
    assert fitted.fitted_on_ is not None
    assert fitted.fitted_on_.nll == pytest.approx(found.fun, rel=1e-10)


def test_the_standard_error_is_what_other_annotated_rows_would_show() -> None:
    fitted = [TemperatureScaling().fit(annotated(500, 3, annotators=20, seed=seed)) for seed in range(120)]
    spread = np.std([fit.temperature_ for fit in fitted], ddof=1)
    stderr = np.mean([fit.temperature_stderr_ for fit in fitted])
    assert stderr == pytest.approx(spread, rel=0.2)
    taken_apart = TemperatureScaling().fit(annotated(500, 3, annotators=20).expanded()).temperature_stderr_
    assert taken_apart is not None
    assert taken_apart > 1.3 * spread


def test_the_standard_error_of_agreeing_annotators_is_that_of_labels() -> None:
    rows = Predictions.from_logits(ROWS.scores, ROWS.counts.argmax(axis=1))
    soft, hard = (TemperatureScaling().fit(each).temperature_stderr_ for each in (one_hot(rows), rows))
    assert soft == pytest.approx(hard, rel=1e-6)


def test_a_fit_is_stored_and_applied(tmp_path: Any) -> None:
    fitted = TemperatureScaling().fit(ROWS)
    fitted.save(tmp_path / "t.json")
    restored = load(tmp_path / "t.json")
    np.testing.assert_array_equal(restored.transform(ROWS).scores, fitted.transform(ROWS).scores)


def test_masks_are_named_by_the_row_of_the_file() -> None:
    scores = np.array([[1.0, 0.0, -np.inf], [0.0, 2.0, 1.0], [0.5, -np.inf, 1.0]])
    masked = SoftLabelPredictions.from_logits(scores, [[2, 1, 0], [1, 1, 1], [2, 0, 3]])
    assert TemperatureScaling().fit(masked).temperature_ > 0
    with pytest.raises(InvalidPredictions, match="the logit of class 2 is -inf at row 0"):
        CALIBRATORS["vector"]().fit(masked)
    impossible = SoftLabelPredictions.from_logits(scores, [[2, 1, 0], [1, 1, 1], [2, 1, 3]])
    with pytest.raises(InvalidPredictions, match="the logit of class 1 is -inf at row 2"):
        TemperatureScaling().fit(impossible)


@pytest.mark.parametrize("name", ["identity", "temperature", "ensemble_temperature"])
def test_a_row_that_weighs_0_may_have_a_mask_at_a_chosen_class(name: str) -> None:
    scores, weight = ROWS.scores.astype(np.float64), np.ones(600)
    scores[5, ROWS.counts[5].argmax()], weight[5] = -np.inf, 0.0
    build = SoftLabelPredictions.from_logits
    masked = CALIBRATORS[name]().fit(build(scores, ROWS.counts, sample_weight=weight))
    others = np.arange(600) != 5
    without = CALIBRATORS[name]().fit(build(scores[others], ROWS.counts[others]))
    test = masked.transform(ROWS).probs(), without.transform(ROWS).probs()
    np.testing.assert_allclose(*test, rtol=1e-6)
