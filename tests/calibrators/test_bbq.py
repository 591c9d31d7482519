"""BBQ against its formula written down plainly."""

import math

import numpy as np
import pytest

from calibrant.calibrators import BayesianBinning
from calibrant.errors import InvalidArgument
from calibrant.metrics import nll
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def plain_bbq(p: list[float], y: list[int], counts: range) -> list[float]:
    """Naeini, Cooper & Hauskrecht (2015), with products in place of logarithms; scores without ties."""
    n, order = len(p), sorted(p)
    total, average = 0.0, [0.0] * n
    for bins in counts:
        uppers = [order[-(-j * n // bins) - 1] for j in range(1, bins + 1)]
        at = [next(b for b, upper in enumerate(uppers) if x <= upper) for x in p]
        edges = [0.0, *uppers[:-1], 1.0]
        score, values = 1.0, []
        for b in range(bins):
            rows = at.count(b)
            positive = sum(label for index, label in zip(at, y, strict=True) if index == b)
            centre, pseudo = (edges[b] + edges[b + 1]) / 2, 2 / bins
            yes, no = pseudo * centre, pseudo * (1 - centre)
            score *= math.gamma(pseudo) / math.gamma(rows + pseudo)
            score *= math.gamma(positive + yes) / math.gamma(yes)
            score *= math.gamma(rows - positive + no) / math.gamma(no)
            values.append((positive + yes) / (rows + pseudo))
        total += score
        average = [a + score * values[b] for a, b in zip(average, at, strict=True)]
    return [a / total for a in average]


def test_it_averages_all_numbers_of_bins() -> None:
    generator = np.random.default_rng(0)
    p = generator.permutation(np.linspace(0.05, 0.95, 27))
    y = (generator.random(27) < p).astype(int)
    rows = Predictions.from_probs(p, y)
    # The cube root of 27 is 3: with C = 3 from 1 to 9 bins.
    scores = BayesianBinning(spread=3, smoothing=0).fit(rows).transform(rows).scores[:, 1]
    np.testing.assert_allclose(scores, plain_bbq(p.tolist(), y.tolist(), range(1, 10)), rtol=1e-10)


def test_equal_histograms_count_once() -> None:
    rows = Predictions.from_probs([0.3] * 6 + [0.8] * 6, [0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1])
    assert len(BayesianBinning().fit(rows).curves_.curves[0].knots) <= 2


def test_many_rows_do_not_underflow() -> None:
    rows = overconfident(50_000, 2)
    assert nll(BayesianBinning().fit(rows).transform(rows)).value < nll(rows).value


def test_spread_is_checked() -> None:
    with pytest.raises(InvalidArgument, match="spread"):
        BayesianBinning(0.5)
