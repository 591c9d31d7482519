"""How often the scores are read: once for the row summary, once where class-wise bins leave it too."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from calibrant.analysis.evaluate import evaluate
from calibrant.analysis.sweep import sweep
from calibrant.engine import LocalEngine
from calibrant.metrics import Rows, brier, ece, nll
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident, overconfident_probs

K = 7
pytestmark = pytest.mark.usefixtures("_compiled_loops")


@dataclass
class CountingEngine:
    """The local engine, which notes the passes over all K scores of each row."""

    inner: LocalEngine = field(default_factory=lambda: LocalEngine(2))
    passes: int = 0

    def for_rows(self, work: Any, rows: int, columns: int) -> None:
        self.passes += columns == K
        self.inner.for_rows(work, rows, columns)

    def sum_rows(self, sums: Any, rows: int, columns: int, width: int) -> Any:
        self.passes += columns == K
        return self.inner.sum_rows(sums, rows, columns, width)

    def over_parts(self, work: Any, parts: Any) -> Any:
        return (work(part.read(), self) for part in parts)


@pytest.mark.parametrize(("weighted", "passes"), [(True, 1), (False, 3)])
def test_all_metrics_of_evaluate_come_from_one_reading(weighted: bool, passes: int) -> None:
    # Without weights, labels of all classes are drawn too, and the interval of their error is found.
    engine = CountingEngine()
    evaluate(overconfident(500, K, weighted=weighted), engine=engine)
    assert engine.passes == passes


def test_a_sweep_reads_the_scores_once_for_all_temperatures() -> None:
    engine = CountingEngine()
    sweep(overconfident(500, K), [0.5, 1.0, 1.7, 2.0], engine=engine)
    assert engine.passes == 1


def test_class_bins_are_kept_and_leave_the_summary() -> None:
    engine = CountingEngine()
    rows = Rows(overconfident(500, K), engine)
    ece(rows, notion="class-wise")
    nll(rows)
    brier(rows)
    ece(rows)
    ece(rows, notion="class-wise")
    assert engine.passes == 1
    ece(rows, notion="class-wise", bins=14)
    assert engine.passes == 2


def test_a_summary_that_is_there_stays() -> None:
    rows = Rows(overconfident(500, K))
    summary = rows.summary
    bin_classes(rows, equal_width_edges(15))
    assert rows.summary is summary


@pytest.mark.parametrize("k", [2, K, 40, 1000])
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_either_pass_leaves_the_same_summary(draw: Any, k: int) -> None:
    predictions: Predictions = draw(300, k)
    alone, beside_bins = Rows(predictions), Rows(predictions)
    bin_classes(beside_bins, equal_width_edges(15))
    np.testing.assert_array_equal(beside_bins.summary.prediction, alone.summary.prediction)
    np.testing.assert_array_equal(beside_bins.summary.correct, alone.summary.correct)
    for name in ("confidence", "nll", "brier"):
        found, wanted = (getattr(each.summary, name) for each in (beside_bins, alone))
        np.testing.assert_allclose(found, wanted, rtol=1e-14, atol=1e-15)
        assert not found.flags.writeable


def test_kept_bins_are_read_only() -> None:
    assert not bin_classes(Rows(overconfident(50, K)), equal_width_edges(15)).sums.flags.writeable
