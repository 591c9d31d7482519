"""The test of calibration: its size, its power, and its p-value against rows drawn one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibrant.analysis import calibration_test
from calibrant.errors import InvalidArgument
from calibrant.metrics import cumulative_test, ece, ece_l2_squared_debiased
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.known_errors import overconfident_by

STATISTICS = ("l2-debiased", "ece", "kuiper", "ks")


@pytest.mark.parametrize("statistic", STATISTICS)
def test_calibrated_rows_are_rarely_rejected_and_others_are(statistic: Any) -> None:
    honest = [
        calibration_test(overconfident_by(0.0, 400, seed), statistic=statistic, replicates=199).p_value
        for seed in range(300)
    ]
    rejected = sum(p is not None and p <= 0.05 for p in honest)
    assert 3 <= rejected <= 27
    boastful = calibration_test(overconfident_by(0.1, 2000, 0), statistic=statistic).p_value
    assert boastful is not None
    assert boastful <= 0.002


@pytest.mark.parametrize("statistic", ["l2-debiased", "ece"])
def test_the_p_value_is_that_of_rows_drawn_one_by_one(statistic: Any) -> None:
    rows = overconfident_by(0.02, 600, 3)
    confidence = rows.probs().max(axis=1)
    generator = np.random.default_rng(0)
    measure = ece if statistic == "ece" else ece_l2_squared_debiased
    drawn = [
        measure(Predictions.from_probs(confidence, (generator.random(600) < confidence).astype(int))).value
        for _ in range(800)
    ]
    found = calibration_test(rows, statistic=statistic, replicates=5000)
    assert found.statistic == pytest.approx(measure(rows).value, abs=1e-12)
    assert found.p_value == pytest.approx(np.mean(np.array(drawn) >= measure(rows).value), abs=0.06)


def test_the_ones_free_of_bins_are_those_of_the_metrics() -> None:
    rows = overconfident(500, 3)
    assert calibration_test(rows, statistic="kuiper") == cumulative_test(rows, form="range")
    one = {"notion": "one-class", "class_index": 2}
    assert calibration_test(rows, statistic="ks", **one) == cumulative_test(rows, **one)  # type: ignore[arg-type]


def test_certain_rows_cannot_look_wrong_by_chance() -> None:
    right = Predictions.from_probs([[1.0, 0.0]] * 30, [0] * 30)
    assert calibration_test(right).p_value == 1.0
    wrong = Predictions.from_probs([[1.0, 0.0]] * 30, [0] * 29 + [1])
    assert calibration_test(wrong, statistic="ece").p_value == pytest.approx(1 / 1001)


def test_the_seed_decides_and_weights_are_rows() -> None:
    rows = overconfident_by(0.02, 500, 0)
    assert calibration_test(rows, seed=1) == calibration_test(rows, seed=1)
    doubled = Predictions.from_probs(rows.scores, rows.labels, sample_weight=np.full(500, 2.0))
    repeated = rows.take(np.repeat(np.arange(500), 2))
    one, other = calibration_test(doubled), calibration_test(repeated)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9)
    assert one.p_value == pytest.approx(other.p_value, abs=0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statistic": "brier"}, "statistic must be 'l2-debiased', 'ece', 'kuiper' or 'ks'; got 'brier'"),
        ({"notion": "class-wise", "statistic": "ks"}, "ask for one class at a time"),
        ({"notion": "class-wise", "replicates": 1}, "replicates must be at least 2"),
        ({"replicates": 1}, "replicates must be at least 2"),
        ({"bins": 0}, "bins must be a whole number"),
    ],
)
def test_what_cannot_be_tested(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        calibration_test(overconfident(30, 3), **options)
