"""The penalised loss of a structured softmax: its value, its minimum, and the features it is made of."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calibrant.calibrators.basis_functions import BASIS_FUNCTIONS, log_probs_of
from calibrant.calibrators.canonical import canonical_rows
from calibrant.calibrators.structured_features import Features, RowFeatures, features_of
from calibrant.calibrators.structured_loss import Penalties, Structure, StructuredLoss
from calibrant.engine import LocalEngine
from calibrant.predictions import Held, Predictions, Table
from tests.drawn_predictions import overconfident
from tests.oracle import softmax

SHARED = ("log", "root_log", "floored_log_0.1")
MIXING = ("log", "root_probability")
K, T = 4, 1.8
ROWS = canonical_rows(overconfident(150, K, weighted=True))
FEATURES = features_of(Table.whole(ROWS), T, shared=SHARED, mixing=MIXING)
PENALTIES = Penalties(scalar=0.001, diagonal=0.01, bias=0.02, mixing=0.03)
SUBSET = np.random.default_rng(0).permutation(150)[:90]

STRUCTURES = {
    "nothing but temperature": Structure(("log",)),
    "scalars": Structure(SHARED),
    "diagonal": Structure(diagonal=("log", "floored_log_0.1")),
    "biases": Structure(biases=True),
    "vector": Structure(diagonal=("log",), biases=True),
    "matrix of log p": Structure(SHARED, ("log",), biases=True, mixing="log"),
    "matrix of √p": Structure(SHARED, ("log", "root_log"), biases=True, mixing="root_probability"),
    "matrix alone": Structure(mixing="log"),
}
every_structure = pytest.mark.parametrize("name", sorted(STRUCTURES))


def loss_of(
    name: str, rows: Any = SUBSET, penalties: Penalties = PENALTIES, **options: Any
) -> StructuredLoss:
    features = options.get("features", FEATURES)
    return StructuredLoss(features, STRUCTURES[name], penalties, listed=rows)


def row_features(features: Features = FEATURES) -> RowFeatures:
    """Those of all rows, in memory."""
    (part,) = features.rows.sources
    rows = part.read()
    assert isinstance(rows, RowFeatures)
    return rows


def strengths_of(name: str) -> np.ndarray:
    """The ridge on each free number."""
    structure, p = STRUCTURES[name], PENALTIES
    parts = (
        (p.scalar, len(structure.scalars)),
        (p.diagonal, K * len(structure.diagonal)),
        (p.bias, K * structure.biases),
        (p.mixing, K * K * (structure.mixing is not None)),
    )
    return np.concatenate([np.full(count, strength) for strength, count in parts])


def penalised(name: str, free: np.ndarray, rows: np.ndarray = SUBSET) -> float:
    """The documented loss, from the probabilities of the model that the numbers make."""
    probs = loss_of(name).model(free).probs(ROWS.scores[rows])
    losses = -np.log(probs[np.arange(len(rows)), ROWS.labels[rows]])
    assert ROWS.sample_weight is not None
    return float(np.average(losses, weights=ROWS.sample_weight[rows]) + strengths_of(name) @ (free * free))


@every_structure
def test_no_step_from_the_minimum_lowers_the_loss(name: str) -> None:
    loss = loss_of(name)
    found = loss.minimum(np.zeros(loss.size), tolerance=1e-12)
    assert loss.size == len(strengths_of(name))
    least = penalised(name, found)
    generator = np.random.default_rng(1)
    for _ in range(10):
        step = generator.normal(size=loss.size)
        ahead, behind = (penalised(name, found + length * step) for length in (1e-4, -1e-4))
        assert abs(ahead - behind) / 2e-4 < 2e-5
        assert min(ahead, behind) > least
    assert least < penalised(name, np.zeros(loss.size))


@every_structure
def test_the_start_does_not_matter(name: str) -> None:
    loss = loss_of(name)
    start = np.random.default_rng(2).normal(size=loss.size)
    start.flags.writeable = False
    one, other = (loss.minimum(x, tolerance=1e-13) for x in (np.zeros(loss.size), start))
    np.testing.assert_allclose(one, other, atol=1e-4)


@every_structure
def test_all_numbers_0_are_temperature_scaling(name: str) -> None:
    loss = loss_of(name)
    model = loss.model(np.zeros(loss.size))
    np.testing.assert_allclose(model.probs(ROWS.scores), softmax(ROWS.scores, T), rtol=1e-11)


@every_structure
def test_losses_of_rows_are_those_of_the_model(name: str) -> None:
    loss = loss_of(name)
    free = np.random.default_rng(3).normal(size=loss.size) / 3
    rows = np.array([3, 140, 7])
    probs = loss.model(free).probs(ROWS.scores)
    np.testing.assert_allclose(
        loss.row_losses(free, rows), -np.log(probs[rows, ROWS.labels[rows]]), rtol=1e-10
    )


def test_only_the_listed_rows_count() -> None:
    others = np.setdiff1d(np.arange(150), SUBSET)
    labels = ROWS.labels.copy()
    labels[others] = (labels[others] + 1) % K
    rows = replace(FEATURES.rows, sources=(Held(replace(row_features(), labels=labels)),))
    swapped = replace(FEATURES, rows=rows)
    name = "matrix of log p"
    one, other = (loss_of(name, features=features) for features in (FEATURES, swapped))
    start = np.zeros(one.size)
    np.testing.assert_array_equal(one.minimum(start, tolerance=1e-9), other.minimum(start, tolerance=1e-9))


def test_strong_ridges_leave_temperature_scaling() -> None:
    held = Penalties(1e9, 1e9, 1e9, 1e9)
    loss = loss_of("matrix of √p", penalties=held)
    assert abs(loss.minimum(np.ones(loss.size), tolerance=1e-12)).max() < 1e-8


def test_a_ridge_beyond_all_numbers_leaves_temperature_scaling() -> None:
    loss = loss_of("vector", penalties=Penalties(np.inf, np.inf, np.inf, np.inf))
    assert abs(loss.minimum(np.zeros(loss.size), tolerance=1e-12)).max() < 1e-30


@pytest.mark.parametrize("threads", [2, 5])
def test_the_same_bits_for_any_number_of_threads(threads: int) -> None:
    rows = canonical_rows(overconfident(9000, 3))
    found = []
    for engine in (LocalEngine(1), LocalEngine(threads)):
        features = features_of(Table.whole(rows, engine), 2.0, shared=("log",), mixing=("log",))
        loss = loss_of("vector", np.arange(9000), features=features)
        found.append(loss.minimum(np.zeros(loss.size), tolerance=1e-10).tobytes())
    assert found[0] == found[1]


def test_slopes_that_are_0_are_left_out_of_the_model() -> None:
    loss = loss_of("vector")
    assert list(loss.model(np.ones(loss.size)).slopes) == ["log"]
    assert loss.model(np.ones(loss.size)).matrices == {}


@pytest.mark.parametrize("name", SHARED)
def test_features_have_unit_size(name: str) -> None:
    j = SHARED.index(name)
    values = row_features().shared.reshape(150, len(SHARED), K)[:, j]
    raw = BASIS_FUNCTIONS[name](log_probs_of(ROWS.scores, T))
    np.testing.assert_allclose(values * FEATURES.shared.scales[j], raw, rtol=1e-12)
    assert np.average((values**2).mean(axis=1), weights=ROWS.sample_weight) == pytest.approx(1)


@pytest.mark.parametrize("name", MIXING)
def test_axes_are_a_turn_of_the_features(name: str) -> None:
    mixing = FEATURES.mixing[name]
    np.testing.assert_allclose(mixing.axes.T @ mixing.axes, np.eye(K), atol=1e-12)
    raw = BASIS_FUNCTIONS[name](log_probs_of(ROWS.scores, T))
    values = row_features().mixing[name]
    np.testing.assert_allclose(values @ mixing.axes.T * mixing.scale, raw, rtol=1e-9, atol=1e-12)


def test_curvatures_are_second_differences_at_the_temperature_solution() -> None:
    z = log_probs_of(ROWS.scores, T)
    shared, mixing = FEATURES.shared, FEATURES.mixing["log"]
    values = row_features().shared.reshape(150, len(SHARED), K)

    def curvature(change: np.ndarray) -> float:
        losses = [
            np.average(
                -np.log(softmax(z + length * change)[np.arange(150), ROWS.labels]), weights=ROWS.sample_weight
            )
            for length in (1e-3, 0.0, -1e-3)
        ]
        return float((losses[0] - 2 * losses[1] + losses[2]) / 1e-6)

    for j in range(len(SHARED)):
        assert shared.scalar_curvature[j] == pytest.approx(curvature(values[:, j]), rel=1e-4, abs=1e-6)
    for c in range(K):
        along = np.eye(K)[c]
        assert shared.bias_curvature[c] == pytest.approx(curvature(np.tile(along, (150, 1))), rel=1e-4)
        for j in range(len(SHARED)):
            assert shared.curvature[j, c] == pytest.approx(curvature(values[:, j] * along), rel=1e-4)
        for i in range(K):
            change = row_features().mixing["log"][:, i : i + 1] * along
            assert mixing.curvature[i, c] == pytest.approx(curvature(change), rel=1e-4)


def test_constant_logits_give_features_without_a_size_of_0() -> None:
    rows = canonical_rows(Predictions.from_logits(np.zeros((5, 2)), [0, 1, 0, 1, 1]))
    features = features_of(Table.whole(rows), 1.0, shared=("log", "entropy_log"), mixing=("log",))
    assert (features.shared.scales > 0).all()
    assert np.isfinite(row_features(features).shared).all()
