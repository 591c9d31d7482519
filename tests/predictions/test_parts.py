"""Parts are read once where there is room for them, and on every pass where there is none."""

from __future__ import annotations

import gc
import weakref

import pytest

from calibrant.analysis import before_after, evaluate
from calibrant.calibrators import CALIBRATORS, TemperatureScaling
from calibrant.predictions import Changed, Kept, Predictions, Table, Whole, origin
from tests.drawn_predictions import overconfident, overconfident_probs
from tests.predictions.counted import counted

ROWS = overconfident(900, 3)


def means(rows: Predictions, engine: object) -> float:
    return float(rows.scores.mean())


def test_what_is_kept_is_read_once_for_as_long_as_the_table() -> None:
    table, parts = counted(ROWS, 300)
    kept = table.kept()
    assert list(kept.each(means)) == list(kept.each(means)) == list(table.each(means))
    assert [part.reads for part in parts] == [2, 2]
    again = table.kept()
    assert list(again.each(means)) == list(kept.each(means))
    assert [part.reads for part in parts] == [3, 3]


def test_parts_for_which_there_is_no_room_are_read_on_every_pass() -> None:
    table, parts = counted(ROWS, 300, 600)
    kept = table.kept(2 * parts[0].rows.nbytes)
    for _ in range(3):
        assert len(list(kept.each(means))) == 3
    assert [part.reads for part in parts] == [1, 1, 3]


def test_what_is_kept_goes_with_its_table() -> None:
    table, parts = counted(ROWS)
    kept = table.kept()
    list(kept.each(means))
    held = weakref.ref(parts[0].rows)
    parts[0].rows = ROWS
    assert held() is not None
    del kept
    gc.collect()
    assert held() is None


def test_changed_rows_of_parts_that_are_kept_are_kept_too() -> None:
    table, parts = counted(overconfident_probs(900, 3), 300)
    changes: list[int] = []

    def change(rows: Predictions) -> Predictions:
        changes.append(rows.n)
        return rows

    kept = table.kept().changed(change)
    for _ in range(3):
        list(kept.each(means))
    assert changes == [300, 600]
    assert [part.reads for part in parts] == [1, 1]
    list(table.changed(change).each(means))
    list(table.changed(change).each(means))
    assert len(changes) == 6


def test_kept_once_is_kept_as_it_is() -> None:
    table, _ = counted(ROWS, 300)
    kept = table.kept(0)
    assert kept.kept().parts == kept.parts
    whole = Table.whole(ROWS)
    assert whole.kept().parts == whole.parts


def test_logits_that_are_known_to_be_logits_stay_as_they_are() -> None:
    table = Table.whole(ROWS)
    assert table.with_logits() is table
    probs = Table.whole(overconfident_probs(30, 3))
    logits = probs.with_logits()
    assert logits.with_logits() is logits
    assert logits.parts[0].read().kind == "logits"
    assert probs.changed(lambda rows: rows).kind is None


@pytest.mark.parametrize("name", ["temperature", "vector"])
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_a_fit_reads_every_part_once(name: str, draw: type) -> None:
    table, parts = counted(draw(900, 3), 300, 500)
    CALIBRATORS[name]().fit(table)
    assert [part.reads for part in parts] == [1, 1, 1]


def test_an_evaluation_reads_every_part_once() -> None:
    table, parts = counted(ROWS, 300)
    evaluate(table)
    assert [part.reads for part in parts] == [1, 1]


def test_a_fit_and_what_follows_may_share_what_was_read() -> None:
    table, parts = counted(ROWS, 300)
    kept = table.kept()
    before_after(kept, TemperatureScaling().fit(kept))
    assert [part.reads for part in parts] == [1, 1]


def test_where_a_part_comes_from() -> None:
    _, (part,) = counted(ROWS)
    room = Table([part], 3).kept(10).parts[0].room  # type: ignore[attr-defined]
    assert origin(Kept(Changed(Kept(part, room), abs), room)) is part  # type: ignore[arg-type]
    whole = Whole(ROWS)
    assert origin(whole) is whole


def test_the_bytes_of_rows_are_those_of_their_columns() -> None:
    rows = Predictions.from_logits(
        ROWS.scores, ROWS.labels, sample_weight=[1.0] * 900, groups=list(range(900))
    )
    assert ROWS.nbytes == ROWS.scores.nbytes + 8 * 900
    assert rows.nbytes == ROWS.nbytes + 8 * 900 + 8 * 900
