"""The content hash says whether two sets of predictions are the same rows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.kernels.hashing import column_keys, row_hashes
from calibrant.predictions import Predictions
from calibrant.predictions.hashing import Fingerprint
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs

PINNED_LOGITS = "30266cfc5988e2ce32f1b5907cbf6d8fe052cd82d793ceac80b4fe7a8bd527e7"
PINNED_PROBS = "e400225a2faf838f1043da4fd821cfe37908aaeab0bd11f23b6df4171ee25039"


@given(logit_predictions(masks=True), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows: Predictions, random: Any) -> None:
    order = list(range(rows.n))
    random.shuffle(order)
    assert rows.take(order).content_hash == rows.content_hash


@given(logit_predictions(masks=True), st.data())
def test_fingerprints_of_parts_merge_to_that_of_the_whole(rows: Predictions, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, rows.n))
    whole, first, second = (
        Fingerprint.of(rows.scores[part], rows.kind, rows.labels[part])
        for part in (np.s_[:], np.s_[:cut], np.s_[cut:])
    )
    assert first.merge(second) == second.merge(first) == whole
    assert whole.hexdigest() == rows.content_hash


@given(logit_predictions(masks=True))
def test_exact_copies_in_wider_types_agree(rows: Predictions) -> None:
    wide = Predictions.from_logits(rows.scores.astype(np.float64), rows.labels)
    assert wide.content_hash == rows.content_hash


@given(logit_predictions(masks=True), st.data())
def test_any_other_score_or_label_is_seen(rows: Predictions, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, rows.n - 1)), data.draw(st.integers(0, rows.k - 1))
    scores = rows.scores.copy()
    scores[row, column] = np.nextafter(
        np.maximum(scores[row, column], np.finfo(scores.dtype).min), np.array(2000, scores.dtype)
    )
    labels = rows.labels.copy()
    labels[row] = (labels[row] + 1) % rows.k
    assert Predictions.from_logits(scores, rows.labels).content_hash != rows.content_hash
    assert Predictions.from_logits(rows.scores, labels).content_hash != rows.content_hash


def test_minus_zero_is_zero() -> None:
    assert (
        Predictions.from_logits([[0.0, 1.0]], [0]).content_hash
        == Predictions.from_logits([[-0.0, 1.0]], [0]).content_hash
    )


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        ([[2.0, 1.0], [3.0, 4.0]], [0, 1]),
        ([[1.0, 2.0], [4.0, 3.0]], [0, 1]),
        ([[1.0, 4.0], [3.0, 2.0]], [0, 1]),
        ([[-1.0, -2.0], [3.0, 4.0]], [0, 1]),
        ([[1.0, 2.0], [3.0, 4.0]], [1, 0]),
        ([[1.0, 2.0]], [0]),
        ([[1.0, 2.0], [3.0, 4.0], [3.0, 4.0]], [0, 1, 1]),
    ],
    ids=[
        "columns swapped",
        "columns swapped below",
        "across rows",
        "two signs",
        "labels",
        "fewer",
        "a row twice",
    ],
)
def test_other_rows_have_another_hash(scores: Any, labels: Any) -> None:
    reference = Predictions.from_logits([[1.0, 2.0], [3.0, 4.0]], [0, 1])
    assert Predictions.from_logits(scores, labels).content_hash != reference.content_hash


def test_logits_are_not_probabilities() -> None:
    assert (
        Predictions.from_logits([[0.25, 0.75]], [0]).content_hash
        != Predictions.from_probs([[0.25, 0.75]], [0]).content_hash
    )


def test_single_changes_never_collide() -> None:
    """A change of one score in its last bits moves the hash of its row, for 10,000 changes."""
    generator = np.random.default_rng(0)
    base = generator.normal(size=(1, 10)).astype(np.float32)
    scores = np.repeat(base, 10_000, axis=0)
    for bit in range(10):
        block = slice(1000 * bit, 1000 * (bit + 1))
        scores[block, bit] = base[0, bit] + np.arange(1, 1001) * np.spacing(base[0, bit])
    hashes = np.empty(10_000, np.uint64)
    row_hashes(0, 10_000, scores, np.zeros(10_000, np.int64), column_keys(10), hashes)
    assert len(np.unique(hashes)) == 10_000


def test_the_hash_is_the_same_today_and_tomorrow() -> None:
    """Stored files carry it, so that its value is part of the format."""
    assert Predictions.from_logits([[1.0, 2.0], [3.0, 4.0]], [0, 1]).content_hash == PINNED_LOGITS
    assert Predictions.from_probs([[0.25, 0.75]], [1]).content_hash == PINNED_PROBS


def test_many_threads_make_no_difference() -> None:
    rows = overconfident(30_000, 10)
    assert rows.content_hash == rows.take(np.arange(rows.n)[::-1]).content_hash
    assert overconfident_probs(100, 3).content_hash == overconfident_probs(100, 3).content_hash
