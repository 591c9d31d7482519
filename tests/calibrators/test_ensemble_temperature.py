"""Ensemble temperature scaling: the best mixture of the scaled, the plain and the uniform prediction."""

import numpy as np
import pytest
from scipy.optimize import minimize

from calibrant.calibrators import EnsembleTemperatureScaling, TemperatureScaling
from calibrant.errors import UnreadableFile
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.oracle import softmax


def mixed(n: int, k: int = 5) -> Predictions:
    """Labels from a mixture: one row in ten is drawn at random."""
    rows = overconfident(n, k)
    generator = np.random.default_rng(4)
    random = generator.random(n) < 0.1
    return Predictions.from_logits(rows.scores, np.where(random, generator.integers(0, k, n), rows.labels))


def loss_of(temperature: float, weights: np.ndarray, rows: Predictions) -> float:
    at = np.arange(rows.n), rows.labels
    probs = weights[0] * softmax(rows.scores, temperature)[at] + weights[1] * softmax(rows.scores)[at]
    return -float(np.log(probs + weights[2] / rows.k).mean())


def test_no_other_mixture_is_better() -> None:
    rows = mixed(1500)
    fit = EnsembleTemperatureScaling().fit(rows)
    ours = loss_of(fit.temperature_, fit.weights_, rows)
    for start in (0.5, 1.5, 3.0):

        def loss(x: np.ndarray) -> float:
            shares = np.exp(np.append(x[1:], 0.0))
            return loss_of(np.exp(x[0]), shares / shares.sum(), rows)

        peer = minimize(
            loss,
            [np.log(start), 1.0, 0.0],
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 4000},
        )
        assert ours <= peer.fun + 1e-9


def test_a_row_that_weighs_0_may_have_a_mask_at_its_label() -> None:
    rows, weight = mixed(600), np.ones(600)
    scores = rows.scores.astype(np.float64)
    scores[5, rows.labels[5]], weight[5] = -np.inf, 0.0
    masked = EnsembleTemperatureScaling().fit(scores, rows.labels, sample_weight=weight)
    without = EnsembleTemperatureScaling().fit(rows.take(np.arange(600) != 5))
    assert masked.temperature_ == pytest.approx(without.temperature_, rel=1e-6)
    assert masked.weights_ == pytest.approx(without.weights_, rel=1e-6)


def test_it_finds_the_share_of_noise() -> None:
    fit = EnsembleTemperatureScaling().fit(mixed(20_000))
    assert fit.weights_[2] == pytest.approx(0.1, abs=0.03)
    assert fit.weights_.sum() == pytest.approx(1)
    assert not fit.at_bound_


def test_it_is_never_worse_than_temperature_on_its_own_rows() -> None:
    rows = overconfident(100, 4)
    ensemble, temperature = (
        method().fit(rows).fitted_on_ for method in (EnsembleTemperatureScaling, TemperatureScaling)
    )
    assert ensemble is not None
    assert temperature is not None
    assert ensemble.nll <= temperature.nll + 1e-12


def test_close_scores_keep_their_order() -> None:
    fit = EnsembleTemperatureScaling()
    fit._restore({"temperature": 1.0, "weights": [0.0, 0.0, 1.0], "at_bound": False})
    rows = Predictions.from_logits([[0.0, 1.0, 0.5], [3.0, 1.0, 0.5]], [0, 1])
    assert fit.transform(rows).scores.argmax(axis=1).tolist() == [1, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_members_that_agree_on_the_labels_are_told_apart(dtype: type) -> None:
    """At the smallest T of the grid the members' Hessian is singular to rounding, 1e13 in the diagonal."""
    z = np.repeat(np.array([-1.3014164, -0.6661257, 1.7376589, -0.4838651], dtype), 4)
    logits = np.stack((np.zeros_like(z), z), axis=1)
    rows = Predictions.from_logits(logits, [0] * 8 + [1] * 8, sample_weight=[10.0] + [1.0] * 15)
    fit = EnsembleTemperatureScaling().fit(rows)
    assert (fit.weights_ >= 0).all()
    assert fit.weights_.sum() == pytest.approx(1)
    alone = TemperatureScaling().fit(rows).fitted_on_
    assert fit.fitted_on_ is not None
    assert alone is not None
    assert fit.fitted_on_.nll <= alone.nll + 1e-12


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("weights", [0.5, 0.5], "'weights' must have the shape 3"),
        ("weights", [0.5, 0.6, 0.1], "sum to 1"),
        ("weights", [1.5, -0.5, 0.0], "at least 0"),
        ("temperature", 0.0, "'temperature' must be a finite number above 0"),
        ("at_bound", 1, "'at_bound' must be true or false"),
    ],
)
def test_damaged_files_are_refused(key: str, value: object, message: str) -> None:
    good = {"temperature": 1.0, "weights": [1.0, 0.0, 0.0], "at_bound": False}
    with pytest.raises(UnreadableFile, match=message):
        EnsembleTemperatureScaling()._restore({**good, key: value})
