"""Labels drawn from probabilities: their frequencies, their cells, and the numbers they come from."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.kernels.few_rows import gap_sums_of_few
from calibrant.kernels.label_draws import draw_labels, gap_sums, uniform_at
from calibrant.kernels.layout import for_kernels
from calibrant.metrics.bins import equal_width_edges

EDGES = equal_width_edges(10)
SEED = np.uint64(7)
PROBS = np.array([[0.1, 0.6, 0.3], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.25, 0.5]])


def drawn(scores: np.ndarray, sets: int, *, logits: bool = False, beta: float = 1.0) -> np.ndarray:
    """Cells of labels drawn for all rows."""
    cells = np.full((sets, len(scores)), -1, np.int32)
    draw_labels(0, len(scores), for_kernels(scores), logits, beta, EDGES, SEED, 0, 0, len(scores), cells)
    return cells


def test_the_numbers_are_those_of_splitmix64() -> None:
    # The first outputs of the reference implementation with state 1234567, as multiples of 2^-53.
    outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    found = [uniform_at(np.uint64(1234567), position) for position in range(3)]
    assert found == [(output >> 11) * 2.0**-53 for output in outputs]


@pytest.mark.parametrize("form", ["probs", "logits", "float16 logits", "hot logits"])
def test_labels_are_as_frequent_as_their_probabilities(form: str) -> None:
    with np.errstate(divide="ignore"):
        logits = np.log(PROBS)
    if form == "probs":
        cells = drawn(PROBS, 40_000)
    elif form == "hot logits":
        cells = drawn(2 * logits, 40_000, logits=True, beta=0.5)
    else:
        cells = drawn(logits.astype(np.float16 if "16" in form else np.float64), 40_000, logits=True)
    for row, probs in enumerate(PROBS):
        frequency = np.bincount(cells[:, row] // 10, minlength=3) / 40_000
        assert frequency == pytest.approx(probs, abs=0.01)
        assert (frequency[probs == 0] == 0).all()


def test_a_label_comes_with_the_bin_of_its_probability() -> None:
    cells = drawn(PROBS, 200)
    bins = np.ceil(PROBS * 10).astype(int) - 1
    for row in range(len(PROBS)):
        label, found = np.divmod(cells[:, row], 10)
        assert (found == bins[row, label]).all()


def test_no_cut_of_rows_or_sets_changes_a_label() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(size=(50, 4))
    whole = drawn(scores, 30, logits=True)
    parts = np.full((30, 50), -1, np.int32)
    for first, last in ((0, 11), (11, 30)):
        for start, stop in ((0, 20), (20, 50)):
            sets = parts[first:last]
            draw_labels(start, stop, scores, True, 1.0, EDGES, SEED, first, 0, 50, sets)
    assert (whole == parts).all()
    tail = np.full((30, 20), -1, np.int32)
    draw_labels(0, 20, scores[30:], True, 1.0, EDGES, SEED, 0, 30, 50, tail)
    assert (whole[:, 30:] == tail).all()


def test_sets_and_rows_are_independent() -> None:
    cells = drawn(np.full((400, 2), 0.5), 400) // 10
    assert abs(np.corrcoef(cells)[np.triu_indices(400, 1)]).max() < 0.3
    assert abs(np.corrcoef(cells.T)[np.triu_indices(400, 1)]).max() < 0.3


def test_the_sums_of_the_gaps() -> None:
    generator = np.random.default_rng(2)
    gaps, factor = generator.normal(size=(3, 10)), generator.uniform(0.5, 2, 10)
    added = generator.uniform(0, 0.2, 10)
    out = np.zeros(3)
    gap_sums(0, 4, PROBS, False, 1.0, EDGES, gaps.ravel(), factor, added, out)
    bins = np.maximum(np.ceil(PROBS * 10).astype(int) - 1, 0)
    gap = gaps[np.arange(3), bins]
    likely = PROBS * factor[bins] + added[bins]
    likely /= likely.sum(axis=1, keepdims=True)
    variance = (likely * gap**2).sum(axis=1) - (likely * gap).sum(axis=1) ** 2
    squares = (gap**2).sum(axis=1)
    assert out == pytest.approx([variance.sum(), squares.sum(), (squares**2).sum()])
    np.testing.assert_allclose(gap_sums_of_few(PROBS, EDGES, gaps, factor, added), out, rtol=1e-12)
