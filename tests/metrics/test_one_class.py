"""One class against the rest."""

import numpy as np
import pytest
from hypothesis import given

from calibrant.errors import InvalidArgument
from calibrant.metrics import Rows
from calibrant.metrics.one_class import one_class
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import logit_predictions, overconfident, prob_predictions


@given(logit_predictions(masks=True) | prob_predictions())
def test_every_class_of_any_rows(rows: Predictions) -> None:
    for index in range(rows.k):
        values, correct = one_class(Rows(rows), index)
        np.testing.assert_allclose(values, oracle.probs_of(rows)[:, index], rtol=1e-13, atol=1e-300)
        assert ((values >= 0) & (values <= 1)).all()
        assert correct.tolist() == (rows.labels == index).tolist()


def test_more_rows_than_one_block() -> None:
    rows = overconfident(9000, 3)
    assert one_class(Rows(rows), 2)[0] == pytest.approx(rows.probs()[:, 2], rel=1e-14)


@pytest.mark.parametrize("index", [-1, 3, 100])
def test_a_class_that_does_not_exist(index: int) -> None:
    with pytest.raises(InvalidArgument, match=rf"class_index must lie in 0\.\.2 \(3 classes\); got {index}"):
        one_class(Rows(overconfident(5, 3)), index)


def test_huge_logits_make_no_warning() -> None:
    assert one_class(Rows(Predictions.from_logits([[1e308, -1e308]], [0])), 1)[0].tolist() == [0]
