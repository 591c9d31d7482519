"""The pass over rows of soft labels: with all share on one class, the numbers of the pass over labels."""

from typing import Any

import numpy as np
import pytest

from calibrant.engine import LocalEngine
from calibrant.metrics import Rows
from tests.drawn_predictions import FLOAT_TYPES, overconfident, overconfident_probs
from tests.soft_label_rows import annotated, one_hot

pytestmark = pytest.mark.usefixtures("_both_ways")


@pytest.mark.parametrize("build", [overconfident, overconfident_probs])
@pytest.mark.parametrize("dtype", FLOAT_TYPES)
@pytest.mark.parametrize("k", [2, 5, 100])
def test_one_class_with_all_the_share(build: Any, dtype: Any, k: int) -> None:
    rows = build(300, k)
    rows = rows.with_scores(rows.scores.astype(dtype), rows.kind)
    hard, soft = Rows(rows).summary, Rows(one_hot(rows)).summary
    for name in ("correct", "prediction", "floored"):
        np.testing.assert_array_equal(getattr(soft, name), getattr(hard, name), err_msg=name)
    for name in ("confidence", "nll", "brier"):
        np.testing.assert_allclose(getattr(soft, name), getattr(hard, name), 1e-12, 1e-15, err_msg=name)
    assert soft.correct.dtype == np.float64


def test_any_number_of_threads_gives_the_same_bits() -> None:
    rows = annotated(20_000, 4)
    one, four = (Rows(rows, LocalEngine(threads)).summary for threads in (1, 4))
    for name in ("confidence", "correct", "nll", "brier"):
        np.testing.assert_array_equal(getattr(one, name), getattr(four, name))


def test_results_are_read_only() -> None:
    summary = Rows(annotated(10, 3)).summary
    for array in (summary.correct, summary.nll, summary.floored):
        assert not array.flags.writeable
