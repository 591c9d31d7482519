"""The calibrator that changes nothing."""

from calibrant.calibrators import calibrator
from calibrant.metrics import nll
from tests.drawn_predictions import overconfident


def test_it_returns_the_rows_themselves() -> None:
    rows = overconfident(20, 3)
    assert calibrator("identity").transform(rows) is rows


def test_its_loss_is_that_of_the_rows() -> None:
    rows = overconfident(20, 3)
    record = calibrator("identity").fit(rows).fitted_on_
    assert record is not None
    assert record.nll == nll(rows).value
