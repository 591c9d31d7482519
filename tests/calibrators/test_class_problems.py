"""A fit for each class is made of as many classes as can be fitted in good time."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis.compare import compare
from calibrant.calibrators import CALIBRATORS, calibrator
from calibrant.calibrators.class_problems import MOST_PROBLEMS, problem_classes
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions

OF_EACH_CLASS = (
    "bbq", "beta", "histogram", "isotonic", "one_vs_rest", "platt", "quadratic", "spline",
    "top_label_histogram", "venn_abers",
)  # fmt: skip


def very_wide() -> Predictions:
    generator = np.random.default_rng(0)
    k = MOST_PROBLEMS + 1
    return Predictions.from_logits(generator.normal(size=(10, k)).astype(np.float32), np.arange(10))


def test_two_classes_are_one_problem_and_very_many_are_refused() -> None:
    assert list(problem_classes(2)) == [1]
    assert len(problem_classes(MOST_PROBLEMS)) == MOST_PROBLEMS
    with pytest.raises(InvalidArgument, match=r"10,001 classes would need a fit each.*Use temperature"):
        problem_classes(MOST_PROBLEMS + 1)


@pytest.mark.parametrize("method", OF_EACH_CLASS)
def test_methods_that_fit_each_class_refuse_very_many(method: str) -> None:
    with pytest.raises(InvalidArgument, match="10,001 classes would need a fit each"):
        calibrator(method).fit(very_wide())


def test_methods_with_a_matrix_refuse_before_they_make_it() -> None:
    for method in ("matrix", "dirichlet", "structured_matrix"):
        with pytest.raises(InvalidArgument, match="100,020,001 weights to learn"):
            calibrator(method).fit(very_wide())


def test_a_comparison_leaves_them_out_and_says_why() -> None:
    chosen = ("identity", "temperature", "histogram", "matrix")
    assert set(chosen) <= set(CALIBRATORS)
    compared = compare(very_wide(), methods=chosen, references=("identity",))
    assert {score.method for score in compared.scores} == {"identity", "temperature"}
    assert set(compared.refused) == {"histogram", "matrix"}
