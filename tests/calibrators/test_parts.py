"""Fits on rows in parts are those on all rows at once; methods that need them at once say so."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import numpy as np
import pytest

from calibrant.calibrators import (
    CALIBRATORS,
    BasisScaling,
    Calibrator,
    DirichletCalibration,
    HistogramBinning,
    IsotonicCalibration,
    MatrixScaling,
    OneVsRest,
    PlattScaling,
    ScalingBinning,
    VennAbers,
    pooled_fits,
)
from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidPredictions
from calibrant.predictions import Predictions, Table, Whole
from tests.drawn_predictions import overconfident, overconfident_probs
from tests.predictions.tables import Stored, in_parts

TAKING: dict[str, Callable[[], Calibrator]] = {
    **{
        name: CALIBRATORS[name]
        for name in (
            "identity",
            "temperature",
            "vector",
            "platt",
            "beta",
            "quadratic",
            "ensemble_temperature",
            "structured_vector",
            "structured_matrix",
            "one_vs_rest",
            "histogram",
            "isotonic",
            "bbq",
            "spline",
            "venn_abers",
            "scaling_binning",
            "top_label_histogram",
        )
    },
    "matrix": lambda: MatrixScaling(strength=0.1),
    "dirichlet": lambda: DirichletCalibration(strength=0.1),
    "platt, smoothed targets": lambda: PlattScaling(targets="smoothed"),
    "histogram, equal-width": lambda: HistogramBinning("equal-width", bins=15),
    "isotonic, top-label": lambda: IsotonicCalibration("top-label"),
    "scaling_binning, one-vs-rest": lambda: ScalingBinning("platt", mode="one-vs-rest"),
    "one_vs_rest of histogram": lambda: OneVsRest(HistogramBinning()),
}
REFUSING: dict[str, Callable[[], Calibrator]] = {
    **{name: CALIBRATORS[name] for name in ("auto", "basis", "dirichlet", "matrix")},
    "venn_abers, 5 folds": lambda: VennAbers(folds=5),
    "one_vs_rest of basis": lambda: OneVsRest(BasisScaling()),
}


def some_weigh_nothing(rows: Predictions) -> Predictions:
    weight = np.random.default_rng(7).gamma(2.0, size=rows.n)
    weight[np.random.default_rng(8).random(rows.n) < 0.1] = 0.0
    weight[:20] = 0.0
    return Predictions.from_logits(rows.scores, rows.labels, sample_weight=weight)


ROWS = {
    "logits": overconfident(6_000, 3),
    "weighted": some_weigh_nothing(overconfident(1_500, 3)),
    "probabilities": overconfident_probs(1_000, 3),
    "two classes": overconfident(1_000, 2),
}
CUTS = {
    6_000: ((4096,), (1, 17, 4_300, 5_000)),
    1_500: ((1_100,), (1, 17, 900, 1_200)),
    1_000: ((700,), (1, 17, 400, 950)),
}
OTHER = {k: overconfident(300, k, seed=9) for k in (2, 3)}


def test_every_calibrator_is_in_one_of_the_groups() -> None:
    methods = {build().method for build in (*TAKING.values(), *REFUSING.values())}
    assert methods == set(CALIBRATORS)
    assert (len({build().method for build in TAKING.values()}), len(TAKING), len(REFUSING)) == (19, 24, 6)


@pytest.mark.parametrize("rows", ROWS.values(), ids=list(ROWS))
@pytest.mark.parametrize("build", TAKING.values(), ids=list(TAKING))
def test_a_fit_does_not_depend_on_the_cuts(build: Callable[[], Calibrator], rows: Predictions) -> None:
    whole = build().fit(rows)
    for part, ends in zip((Whole, Stored), CUTS[rows.n], strict=True):
        fitted = build().fit(in_parts(rows, *ends, part=part))
        for scored in (rows, OTHER[rows.k]):
            np.testing.assert_allclose(
                fitted.transform(scored).probs(), whole.transform(scored).probs(), rtol=1e-8, atol=1e-12
            )
        assert whole.fitted_on_ is not None
        assert fitted.fitted_on_ is not None
        assert fitted.fitted_on_.nll == pytest.approx(whole.fitted_on_.nll, rel=1e-12)
        assert fitted.fitted_on_.content_hash == whole.fitted_on_.content_hash
        assert (fitted.fitted_on_.n, fitted.fitted_on_.k) == (rows.n, rows.k)


@pytest.mark.parametrize("part", [Stored, Whole])
@pytest.mark.parametrize("build", TAKING.values(), ids=list(TAKING))
def test_one_part_gives_the_bits_of_the_rows(
    build: Callable[[], Calibrator], part: type[Stored] | type[Whole]
) -> None:
    rows = ROWS["weighted"].take(np.arange(600))
    assert build().fit(in_parts(rows, part=part)).parameters() == build().fit(rows).parameters()


@pytest.mark.parametrize("build", REFUSING.values(), ids=list(REFUSING))
def test_methods_that_need_all_rows_at_once_say_so(build: Callable[[], Calibrator]) -> None:
    table = in_parts(ROWS["logits"].take(np.arange(60)), 30)
    words = r"(as it is set up|strength of the penalties) needs all rows at once; these come in 2 parts"
    with pytest.raises(IncompatiblePredictions, match=words):
        build().fit(table)


@pytest.mark.parametrize("build", REFUSING.values(), ids=list(REFUSING))
def test_one_part_is_enough_for_them(build: Callable[[], Calibrator]) -> None:
    rows = overconfident(60, 3)
    in_part, whole = (build().fit(each) for each in (in_parts(rows), rows))
    np.testing.assert_array_equal(in_part.transform(rows).probs(), whole.transform(rows).probs())


@pytest.mark.parametrize("name", ["isotonic", "bbq", "spline", "venn_abers"])
def test_more_distinct_scores_than_are_held_are_refused(name: str) -> None:
    rows = ROWS["two classes"]
    with (
        patch.object(pooled_fits, "MOST_VALUES", 800),
        pytest.raises(IncompatiblePredictions, match=f"{name} needs every distinct score at once"),
    ):
        CALIBRATORS[name]().fit(in_parts(rows, 600))


def test_classes_are_gone_through_in_as_many_readings_as_their_scores_need() -> None:
    rows = ROWS["probabilities"]
    with patch.object(pooled_fits, "MOST_VALUES", rows.n):
        one_by_one = IsotonicCalibration().fit(in_parts(rows, 600))
    whole = IsotonicCalibration().fit(rows)
    np.testing.assert_array_equal(one_by_one.transform(rows).probs(), whole.transform(rows).probs())


def test_a_masked_class_is_named_by_its_row_in_the_whole() -> None:
    logits = np.array(ROWS["logits"].scores)
    logits[5_000, 2] = -np.inf
    labels = np.where(np.arange(6_000) == 5_000, 2, ROWS["logits"].labels)
    table = in_parts(Predictions.from_logits(logits, labels), 4_000)
    with pytest.raises(InvalidPredictions, match="true class 2 is -inf at row 5000"):
        CALIBRATORS["temperature"]().fit(table)
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 5000: this method mixes"):
        CALIBRATORS["vector"]().fit(table)


def test_parts_that_differ_are_refused() -> None:
    first, second = overconfident(20, 3), overconfident_probs(20, 3)
    with pytest.raises(
        IncompatiblePredictions, match=r"part 2 has 3 classes of probs .* before have 3 .* logits"
    ):
        CALIBRATORS["temperature"]().fit(Table([Whole(first), Whole(second)], 3))


def test_rows_without_weight_and_tables_without_parts() -> None:
    nothing = Predictions.from_logits([[1.0, 0.0]] * 2, [0, 1], sample_weight=[0.0, 1.0]).take([0])
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        CALIBRATORS["temperature"]().fit(Table([Whole(nothing), Whole(nothing)], 2))
    with pytest.raises(EmptyPredictions, match="no parts"):
        CALIBRATORS["temperature"]().fit(Table([], 2))
    some = overconfident(20, 2)
    fitted = CALIBRATORS["temperature"]().fit(Table([Whole(nothing), Whole(some)], 2))
    alone = CALIBRATORS["temperature"]().fit(some)
    assert fitted.parameters()["temperature"] == pytest.approx(alone.parameters()["temperature"], rel=1e-9)
