"""DeLong's interval: its variance by hand, its coverage, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from calibrant.analysis import auroc_interval
from calibrant.errors import EmptyPredictions
from calibrant.metrics import auroc
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def test_the_variance_is_that_of_all_pairs() -> None:
    rows = overconfident(150, 3)
    confidence = rows.probs().max(axis=1)
    right = rows.scores.argmax(axis=1) == rows.labels
    events, others = confidence[right], confidence[~right]
    pairs = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    variance = pairs.mean(axis=1).var(ddof=1) / len(events) + pairs.mean(axis=0).var(ddof=1) / len(others)
    area = pairs.mean()
    found = auroc_interval(rows)
    assert found is not None
    assert area == pytest.approx(auroc(rows).value)
    ends = (logit(found.high) - logit(found.low)) / 2
    assert ends == pytest.approx(1.959964 * np.sqrt(variance) / (area * (1 - area)), rel=1e-6)
    assert found.low < area < found.high


def test_it_covers_the_area_of_many_rows() -> None:
    options = {"notion": "one-class", "class_index": 1}
    truth = auroc(overconfident(400_000, 3, seed=999), **options).value  # type: ignore[arg-type]
    found = [auroc_interval(overconfident(300, 3, seed=seed), **options) for seed in range(300)]  # type: ignore[arg-type]
    covered = sum(each is not None and each.low <= truth <= each.high for each in found)
    assert 0.91 * 300 <= covered <= 0.985 * 300


def test_whole_weights_are_repeated_rows() -> None:
    rows = overconfident(90, 3)
    times = np.arange(90) % 3
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times.astype(float))
    one, other = auroc_interval(weighted), auroc_interval(rows.take(np.repeat(np.arange(90), times)))
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-10)


@pytest.mark.parametrize("labels", [[1, 1, 0, 0], [0, 1, 1, 1]])
def test_perfect_order_or_a_single_row_of_a_kind_has_none(labels: list[int]) -> None:
    assert auroc_interval(Predictions.from_probs([0.9, 0.8, 0.7, 0.6], labels)) is None


def test_all_rows_right() -> None:
    with pytest.raises(EmptyPredictions, match="AUROC is undefined"):
        auroc_interval(Predictions.from_probs([0.9, 0.8], [1, 1]))
