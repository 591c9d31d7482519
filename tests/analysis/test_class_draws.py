"""What perfect calibration of all classes looks like by chance, against labels drawn with NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibrant.analysis import class_draws, drawn_errors, evaluate, expected_ece_if_calibrated
from calibrant.analysis.class_draws import affordable_sets, draw_classes
from calibrant.analysis.drawn_errors import ClassDraws, squared_of
from calibrant.engine import LocalEngine
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.metrics import Rows, ece
from calibrant.metrics.bins import BinState, bin_classes, equal_width_edges
from calibrant.predictions import Predictions, Table, Whole
from tests.drawn_predictions import overconfident, overconfident_probs
from tests.real_predictions import expected, predictions_of
from tests.top_label_rows import outcomes_of

EDGES = equal_width_edges(15)


def draws(rows: Predictions, replicates: int = 50, seed: int = 0, **options: Any) -> ClassDraws:
    seen = Rows(rows, **options)
    return draw_classes(seen, bin_classes(seen, EDGES), replicates, seed)


@pytest.mark.parametrize("make", [overconfident, overconfident_probs])
@pytest.mark.parametrize("k", [2, 5])
def test_as_when_labels_are_drawn_with_numpy(make: Any, k: int) -> None:
    rows = make(250, k)
    probs = rows.probs()
    generator = np.random.default_rng(1)
    plain, squared = [], []
    for _ in range(400):
        labels = (probs.cumsum(axis=1) < generator.random((250, 1))).sum(axis=1).clip(0, k - 1)
        relabelled = Rows(Predictions.from_probs(probs, labels))
        plain.append(ece(relabelled, notion="class-wise").value)
        squared.append(squared_of(bin_classes(relabelled, EDGES)))
    found = draws(rows, 4000)
    for simulated, wanted in ((found.ece, plain), (found.squared, squared)):
        chance = np.std(wanted) / np.sqrt(400)
        assert simulated.mean() == pytest.approx(np.mean(wanted), abs=4.5 * chance)
        assert simulated.std() == pytest.approx(np.std(wanted), rel=0.2)


def test_two_classes_are_one_class() -> None:
    rows = overconfident(800, 2)
    both = expected_ece_if_calibrated(rows, notion="class-wise", replicates=4000)
    one = expected_ece_if_calibrated(rows, notion="one-class", class_index=1, replicates=4000)
    assert both.mean == pytest.approx(one.mean, rel=0.03)
    assert both.high == pytest.approx(one.high, rel=0.06)


def test_engines_and_portions_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = overconfident(20_000, 4)
    one, three = (draws(rows, 12, engine=LocalEngine(threads)) for threads in (1, 3))
    monkeypatch.setattr(class_draws, "_LABELS_AT_ONCE", 1)
    portions = draws(rows, 12)
    assert (one.ece == three.ece).all()
    assert (one.ece == portions.ece).all()
    assert (one.squared == portions.squared).all()


def test_of_very_many_rows_some_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = overconfident(12_000, 3)
    wanted = draws(rows, 400)
    monkeypatch.setattr(class_draws, "MOST_ROWS", 3000)
    found = draws(rows, 400)
    for name in ("ece", "squared"):
        some, every = getattr(found, name), getattr(wanted, name)
        assert (some != every).any()
        assert some.mean() == pytest.approx(every.mean(), abs=4.5 * np.hypot(some.std(), every.std()) / 20)
        assert some.std() == pytest.approx(every.std(), rel=0.2)


def test_of_very_many_rows_in_parts_the_same_ones_get_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_draws, "MOST_ROWS", 3000)
    rows = overconfident(8000, 3)
    parts = [rows.take(np.arange(start, stop)) for start, stop in ((0, 5000), (5000, 5001), (5001, 8000))]
    whole, cut = evaluate(rows), evaluate(Table([Whole(part) for part in parts], 3))
    assert cut.expected_if_calibrated["classwise_ece"].mean == pytest.approx(
        whole.expected_if_calibrated["classwise_ece"].mean, rel=1e-12
    )
    assert cut.classwise_l2_debiased == pytest.approx(whole.classwise_l2_debiased, rel=1e-12)


@pytest.mark.parametrize("n", [1, 300])
def test_many_cells_are_looked_at_only_where_labels_fall(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = overconfident(n, 20)
    wanted = draws(rows)
    looked_at: list[int] = []
    errors = drawn_errors._errors
    monkeypatch.setattr(drawn_errors, "_CELLS", 50 * 20 * 15 - 1)
    monkeypatch.setattr(
        drawn_errors, "_errors", lambda *sums: looked_at.append(sums[1].size) or errors(*sums)
    )
    found = draws(rows)
    assert found.ece == pytest.approx(wanted.ece, rel=1e-12)
    assert found.squared == pytest.approx(wanted.squared, rel=1e-11, abs=1e-15)
    assert looked_at.pop(0) == 300
    assert max(looked_at) <= n


def test_many_cells_in_parts_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_errors, "_CELLS", 0)
    monkeypatch.setattr(class_draws, "MOST_ROWS", 300)
    rows = overconfident(800, 3)
    parts = [rows.take(np.arange(start, stop)) for start, stop in ((0, 500), (500, 501), (501, 800))]
    whole, cut = evaluate(rows), evaluate(Table([Whole(part) for part in parts], 3))
    assert cut.expected_if_calibrated["classwise_ece"].mean == pytest.approx(
        whole.expected_if_calibrated["classwise_ece"].mean, rel=1e-12
    )
    assert cut.classwise_l2_debiased == pytest.approx(whole.classwise_l2_debiased, rel=1e-12)


def test_a_set_for_each_of_a_million_classes_is_too_many_cells() -> None:
    state = BinState(1, np.broadcast_to(0.0, (1_000_000, 15, 4)))
    assert drawn_errors.are_many_cells(1000, state)
    assert not drawn_errors.are_many_cells(1000, BinState(1, state.sums[:1000]))


def test_another_temperature_draws_from_its_probabilities() -> None:
    rows = overconfident(200, 3)
    halved = Predictions.from_logits(rows.scores / 2, rows.labels)
    assert (draws(rows, temperature=2.0).ece == draws(halved).ece).all()


def test_labels_play_no_part_and_the_seed_decides() -> None:
    rows = overconfident(100, 3)
    other = Predictions.from_logits(rows.scores, (rows.labels + 1) % 3)
    assert (draws(rows).ece == draws(other).ece).all()
    assert (draws(rows, seed=1).ece != draws(rows, seed=2).ece).any()


def test_certain_rows_have_no_noise() -> None:
    rows = Predictions.from_probs([[1.0, 0.0, 0.0]] * 20, [0] * 20)
    assert not draws(rows).ece.any()


def test_many_rows_get_fewer_sets() -> None:
    assert [affordable_sets(n) for n in (1, 10_000, 50_000, 10**7)] == [1000, 1000, 200, 50]


@pytest.mark.data
def test_the_class_wise_error_of_a_real_net_is_more_than_chance() -> None:
    found = expected_ece_if_calibrated(predictions_of("c100-densenet121-brier", "test"), notion="class-wise")
    measured = expected()["c100-densenet121-brier"]["classwise_ece"]
    assert measured is not None
    assert 0.001 < found.low < found.mean < found.high < measured


@pytest.mark.parametrize(
    ("rows", "replicates", "message"),
    [
        (overconfident(10, 3), 1, "replicates must be at least 2; got 1"),
        (overconfident(10, 3, weighted=True), 10, "these rows have weights"),
    ],
)
def test_what_cannot_be_drawn(rows: Predictions, replicates: int, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        draws(rows, replicates)


def test_the_top_label_alone_has_no_classes() -> None:
    with pytest.raises(IncompatiblePredictions):
        expected_ece_if_calibrated(outcomes_of(overconfident(10, 3)), notion="class-wise")  # type: ignore[arg-type]
