"""The noise floor of the ECE, against labels drawn row by row."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis import evaluate, expected_ece_if_calibrated
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def birds_and_cats(n: int = 2000, spread: float = 2.3) -> Predictions:
    """Binary rows about as confident as a small network on birds and cats."""
    generator = np.random.default_rng(0)
    logits = generator.normal(0, spread, n)
    return Predictions.from_logits(logits, generator.random(n) < 1 / (1 + np.exp(-logits)))


def row_by_row(values: np.ndarray, *, bins: int, replicates: int, seed: int) -> np.ndarray:
    """ECE of labels that are drawn right with each row's own confidence."""
    generator = np.random.default_rng(seed)
    index = np.clip(np.ceil(values * bins).astype(int) - 1, 0, bins - 1)
    found = np.empty(replicates)
    for replicate in range(replicates):
        gaps = np.bincount(index, (generator.random(len(values)) < values) - values, minlength=bins)
        found[replicate] = np.abs(gaps).sum() / len(values)
    return found


@pytest.mark.parametrize("bins", [5, 15])
@pytest.mark.parametrize("view", ["top-label", "one-class"])
def test_as_when_every_row_is_drawn(bins: int, view: str) -> None:
    rows = birds_and_cats()
    options = {"notion": "one-class", "class_index": 1} if view == "one-class" else {}
    values = rows.probs()[:, 1] if view == "one-class" else rows.probs().max(axis=1)
    drawn = row_by_row(values, bins=bins, replicates=4000, seed=1)
    found = expected_ece_if_calibrated(rows, bins=bins, replicates=4000, **options)
    assert found.mean == pytest.approx(drawn.mean(), abs=5 * drawn.std() / np.sqrt(4000))
    assert found.low == pytest.approx(np.quantile(drawn, 0.025), abs=6e-4)
    assert found.high == pytest.approx(np.quantile(drawn, 0.975), abs=1.2e-3)


def test_the_noise_floor_of_2000_birds_and_cats() -> None:
    """A reported ECE of 0.0228 on 2,000 images is what a perfectly calibrated network would show."""
    found = expected_ece_if_calibrated(birds_and_cats())
    assert found.mean == pytest.approx(0.0185, abs=0.001)
    assert found.low == pytest.approx(0.010, abs=0.001)
    assert found.high == pytest.approx(0.029, abs=0.0015)
    assert found.low < 0.0228 < found.high


def test_four_times_the_rows_halve_it() -> None:
    few, many = (expected_ece_if_calibrated(birds_and_cats(n)).mean for n in (1000, 4000))
    assert few / many == pytest.approx(2, rel=0.08)


def test_certain_rows_have_no_noise() -> None:
    rows = Predictions.from_probs([[1.0, 0.0]] * 50, [0] * 50)
    found = expected_ece_if_calibrated(rows)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)


def test_the_seed_decides() -> None:
    rows = overconfident(300, 4)
    assert expected_ece_if_calibrated(rows, seed=3) == expected_ece_if_calibrated(rows, seed=3)
    assert expected_ece_if_calibrated(rows, seed=3) != expected_ece_if_calibrated(rows, seed=4)


def test_the_labels_play_no_part() -> None:
    rows = overconfident(300, 3)
    other = Predictions.from_logits(rows.scores, (rows.labels + 1) % 3)
    assert expected_ece_if_calibrated(rows) == expected_ece_if_calibrated(other)


def test_a_wider_level_is_a_wider_interval() -> None:
    rows = overconfident(300, 3)
    narrow, wide = (expected_ece_if_calibrated(rows, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.mean < narrow.high < wide.high
    assert narrow.mean == wide.mean
    assert narrow.to_json() == {
        "mean": narrow.mean,
        "low": narrow.low,
        "high": narrow.high,
        "level": 0.5,
        "replicates": 1000,
        "seed": 0,
    }


def test_equal_weights_change_little() -> None:
    rows = birds_and_cats()
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=np.ones(rows.n))
    plain, normal = expected_ece_if_calibrated(rows), expected_ece_if_calibrated(weighted)
    assert normal.mean == pytest.approx(plain.mean, rel=0.05)


def test_weights_of_few_rows_raise_the_noise() -> None:
    rows = birds_and_cats()
    weight = np.where(np.arange(rows.n) % 10 == 0, 1.0, 1e-9)
    heavy = Predictions.from_logits(rows.scores, rows.labels, sample_weight=weight)
    tenth = rows.take(np.arange(0, rows.n, 10))
    assert expected_ece_if_calibrated(heavy).mean > 2 * expected_ece_if_calibrated(rows).mean
    assert expected_ece_if_calibrated(tenth).mean > 2 * expected_ece_if_calibrated(rows).mean


def test_calibrated_rows_lie_inside_and_overconfident_ones_outside() -> None:
    honest, boastful = evaluate(birds_and_cats()), evaluate(overconfident(2000, 2))
    expected = honest.expected_if_calibrated["ece"]
    assert expected.low <= honest.ece <= expected.high
    assert boastful.ece > boastful.expected_if_calibrated["ece"].high


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"notion": "class-wise", "replicates": 1}, "replicates must be at least 2; got 1"),
        ({"notion": "one-class"}, "class_index belongs to the notion 'one-class'"),
        ({"class_index": 1}, "class_index belongs to the notion 'one-class'"),
        ({"notion": "one-class", "class_index": 7}, "class"),
        ({"replicates": 1}, "replicates must be at least 2; got 1"),
        ({"level": 1.0}, "level must lie between 0 and 1"),
        ({"bins": 0}, "bins must be a whole number, at least 1"),
    ],
)
def test_what_cannot_be_simulated(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        expected_ece_if_calibrated(overconfident(10, 3), **options)  # type: ignore[arg-type]
