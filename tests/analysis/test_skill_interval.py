"""The interval of a skill: that it covers, and that it is the one of the metric."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibrant.analysis import skill_interval
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import brier_skill, nll_skill
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident

SKILLS = {"brier": brier_skill, "nll": nll_skill}


@pytest.mark.parametrize("score", SKILLS)
def test_it_covers_the_skill_of_many_rows(score: Any) -> None:
    truth = SKILLS[score](overconfident(400_000, 3, seed=999)).value
    found = [skill_interval(overconfident(400, 3, seed=seed), score=score) for seed in range(300)]
    covered = sum(each is not None and each.low <= truth <= each.high for each in found)
    assert 0.91 * 300 <= covered <= 0.985 * 300


@pytest.mark.parametrize("score", SKILLS)
def test_the_deviation_is_that_of_the_jackknife(score: Any) -> None:
    rows = overconfident(200, 3)
    left_out = [SKILLS[score](rows.take(np.delete(np.arange(200), i))).value for i in range(200)]
    deviation = np.sqrt(199 / 200 * ((left_out - np.mean(left_out)) ** 2).sum())
    found = skill_interval(rows, score=score)
    assert found is not None
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * deviation, rel=0.02)
    assert (found.high + found.low) / 2 == pytest.approx(SKILLS[score](rows).value)


@pytest.mark.parametrize("score", SKILLS)
def test_whole_weights_are_repeated_rows(score: Any) -> None:
    rows = overconfident(90, 3)
    times = np.arange(90) % 3
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times.astype(float))
    one = skill_interval(weighted, score=score)
    other = skill_interval(rows.take(np.repeat(np.arange(90), times)), score=score)
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-10)


def test_perfect_rows() -> None:
    found = skill_interval(Predictions.from_probs([[1.0, 0.0], [0.0, 1.0]] * 10, [0, 1] * 10))
    assert found is not None
    assert (found.low, found.high) == (1.0, 1.0)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(InvalidArgument, match="score must be 'brier' or 'nll'; got 'ece'"):
        skill_interval(overconfident(10, 3), score="ece")  # type: ignore[arg-type]
    with pytest.raises(EmptyPredictions, match="skill against the base rate is undefined"):
        skill_interval(Predictions.from_probs([0.9, 0.8], [1, 1]))
