"""What is made of parts: once and kept where they are in memory, anew at every pass elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.engine import Engine
from calibrant.errors import EmptyPredictions
from calibrant.predictions import Derived, Predictions, Table, Whole
from tests.drawn_predictions import overconfident
from tests.predictions.tables import Posting, Stored, in_parts

ROWS = overconfident(90, 3)
MADE: list[int] = []


def halves(rows: Predictions, engine: Engine) -> np.ndarray:
    MADE.append(rows.n)
    return rows.scores / 2


def squares(scores: np.ndarray, engine: Engine) -> np.ndarray:
    return scores**2


def summed(scores: np.ndarray, engine: Engine) -> np.ndarray:
    return scores.sum(axis=0)


def swapped(rows: Predictions, engine: Engine) -> Predictions:
    return rows.with_scores(rows.scores[:, ::-1], "logits")


@pytest.mark.parametrize(("part", "made"), [(Whole, [30, 60]), (Stored, [30, 60] * 3)])
def test_what_is_made_is_kept_in_memory_alone(part: type[Whole] | type[Stored], made: list[int]) -> None:
    MADE.clear()
    derived = in_parts(ROWS, 30, part=part).derived(halves).derived(squares)
    for _ in range(3):
        np.testing.assert_allclose(derived.total(summed), (ROWS.scores**2).sum(axis=0) / 4)
    assert made == MADE
    assert derived.in_memory == (part is Whole)


@pytest.mark.parametrize("part", [Whole, Stored])
def test_rows_that_were_made_of_others_are_a_table(part: type[Whole] | type[Stored]) -> None:
    table = Table.of(in_parts(ROWS, 30, part=part).derived(swapped), 3)
    assert table.facts().fingerprint.hexdigest() == swapped(ROWS, Posting(1)).content_hash
    assert [isinstance(one, Whole) for one in table.parts] == [part is Whole] * 2


def test_nothing_is_made_of_no_parts() -> None:
    with pytest.raises(EmptyPredictions, match="no parts"):
        Derived((), Posting(1), in_memory=True).derived(squares)
