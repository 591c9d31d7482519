"""Fits on rows in parts are those on all rows at once; methods that need them at once say so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from calibrant.calibrators import CALIBRATORS, Calibrator, DirichletCalibration, MatrixScaling
from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidPredictions
from calibrant.predictions import Predictions, Table, Whole
from tests.drawn_predictions import overconfident, overconfident_probs
from tests.predictions.tables import in_parts

TAKING: dict[str, Callable[[], Calibrator]] = {
    "identity": CALIBRATORS["identity"],
    "temperature": CALIBRATORS["temperature"],
    "vector": CALIBRATORS["vector"],
    "matrix": lambda: MatrixScaling(strength=0.1),
    "dirichlet": lambda: DirichletCalibration(strength=0.1),
}
REFUSING = sorted({*CALIBRATORS} - {*TAKING} | {"matrix", "dirichlet"})

ROWS = {
    "logits": overconfident(9_000, 3),
    "weighted": overconfident(9_000, 3, weighted=True),
    "probabilities": overconfident_probs(9_000, 3),
}


def test_every_calibrator_is_in_one_of_the_groups() -> None:
    assert {*TAKING, *REFUSING} == set(CALIBRATORS)
    assert (len(TAKING), len(REFUSING)) == (5, 18)


@pytest.mark.parametrize("rows", ROWS.values(), ids=list(ROWS))
@pytest.mark.parametrize("build", TAKING.values(), ids=list(TAKING))
def test_a_fit_does_not_depend_on_the_cuts(build: Callable[[], Calibrator], rows: Predictions) -> None:
    whole = build().fit(rows)
    for ends in ((4096,), (1, 17, 8_000)):
        fitted = build().fit(in_parts(rows, *ends))
        np.testing.assert_allclose(
            fitted.transform(rows).probs(), whole.transform(rows).probs(), rtol=1e-8, atol=1e-12
        )
        assert whole.fitted_on_ is not None
        assert fitted.fitted_on_ is not None
        assert fitted.fitted_on_.nll == pytest.approx(whole.fitted_on_.nll, rel=1e-12)
        assert fitted.fitted_on_.content_hash == whole.fitted_on_.content_hash
        assert (fitted.fitted_on_.n, fitted.fitted_on_.k) == (rows.n, rows.k)


@pytest.mark.parametrize("build", TAKING.values(), ids=list(TAKING))
def test_one_part_gives_the_bits_of_the_rows(build: Callable[[], Calibrator]) -> None:
    rows = ROWS["weighted"]
    assert build().fit(in_parts(rows)).parameters() == build().fit(rows).parameters()


@pytest.mark.parametrize("name", REFUSING)
def test_methods_that_need_all_rows_at_once_say_so(name: str) -> None:
    table = in_parts(ROWS["logits"].take(np.arange(60)), 30)
    words = r"(as it is set up|strength of the penalties) needs all rows at once; these come in 2 parts"
    with pytest.raises(IncompatiblePredictions, match=words):
        CALIBRATORS[name]().fit(table)


@pytest.mark.parametrize("name", REFUSING)
def test_one_part_is_enough_for_them(name: str) -> None:
    rows = overconfident(60, 3)
    in_part, whole = (CALIBRATORS[name]().fit(each) for each in (in_parts(rows), rows))
    np.testing.assert_array_equal(in_part.transform(rows).probs(), whole.transform(rows).probs())


def test_a_masked_class_is_named_by_its_row_in_the_whole() -> None:
    logits = np.array(ROWS["logits"].scores)
    logits[7_000, 2] = -np.inf
    labels = np.where(np.arange(9_000) == 7_000, 2, ROWS["logits"].labels)
    table = in_parts(Predictions.from_logits(logits, labels), 4_000)
    with pytest.raises(InvalidPredictions, match="true class 2 is -inf at row 7000"):
        CALIBRATORS["temperature"]().fit(table)
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 7000: this method mixes"):
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
