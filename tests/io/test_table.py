"""A file as a table: the numbers of the whole, whatever the cuts, and never more than some rows in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibrant.analysis import before_after, evaluate
from calibrant.calibrators import TemperatureScaling, VectorScaling
from calibrant.errors import IncompatiblePredictions, InvalidPredictions
from calibrant.io import read, table, write
from calibrant.predictions import SoftLabelPredictions, TopLabelPredictions
from tests.drawn_predictions import overconfident
from tests.predictions.tables import Posting

ROWS = overconfident(5_000, 4, weighted=True)


@pytest.fixture(params=[".parquet", ".npy", ".arrow"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    target = tmp_path / f"rows{request.param}"
    write(ROWS, target)
    return target


def test_fits_and_evaluations_are_those_of_the_whole_file(path: Path) -> None:
    whole, parts = read(path), table(path, rows=700, engine=Posting(1))
    assert len(parts.parts) == 8
    one, other = TemperatureScaling().fit(whole), TemperatureScaling().fit(parts)
    assert other.temperature_ == pytest.approx(one.temperature_, rel=1e-9)
    assert one.fitted_on_ is not None
    assert other.fitted_on_ is not None
    assert other.fitted_on_.content_hash == one.fitted_on_.content_hash
    np.testing.assert_allclose(
        VectorScaling().fit(parts).slopes_, VectorScaling().fit(whole).slopes_, rtol=1e-8
    )
    for before, after in (
        (evaluate(parts), evaluate(whole)),
        (before_after(parts, one).after, before_after(whole, one).after),
    ):
        assert before.nll == pytest.approx(after.nll, rel=1e-12)
        assert before.ece == pytest.approx(after.ece, rel=1e-12)


def test_a_part_that_is_wrong_is_named_by_its_row_in_the_file(tmp_path: Path) -> None:
    np.save(
        tmp_path / "wrong.logits.npy",
        np.where(np.arange(8_000)[:, None] == 6_000, np.nan, np.ones((8_000, 3))),
    )
    np.save(tmp_path / "wrong.labels.npy", np.zeros(8_000, np.int64))
    rows = table(tmp_path / "wrong.logits.npy", rows=1_000)
    with pytest.raises(InvalidPredictions, match=r"wrong\.logits\.npy.*row 6000"):
        evaluate(rows)


@pytest.mark.parametrize(
    "rows",
    [
        TopLabelPredictions.from_correct([0.5, 0.75], [True, False]),
        SoftLabelPredictions.from_logits([[1.0, 0.0]], [[1, 2]]),
    ],
    ids=["top label", "annotators"],
)
def test_other_forms_of_rows_are_refused(
    rows: TopLabelPredictions | SoftLabelPredictions, tmp_path: Path
) -> None:
    write(rows, tmp_path / "rows.parquet")
    with pytest.raises(
        IncompatiblePredictions, match="in parts need the scores of all classes and one label"
    ):
        table(tmp_path / "rows.parquet")
