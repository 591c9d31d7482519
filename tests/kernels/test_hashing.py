"""Row hashes: one key a column, equal values in any float type."""

import numpy as np

from calibrant.kernels.hashing import column_keys, row_hashes
from calibrant.kernels.layout import for_kernels


def hashes_of(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    out = np.empty(len(scores), np.uint64)
    row_hashes(0, len(scores), for_kernels(scores), labels, column_keys(scores.shape[1]), out)
    return out


def test_keys_are_odd_and_differ() -> None:
    keys = column_keys(10_000)
    assert (keys & np.uint64(1) == 1).all()
    assert len(np.unique(keys)) == 10_000
    assert (column_keys(10) == keys[:10]).all()


def test_rows_that_differ_hash_apart() -> None:
    digits = np.array(np.meshgrid(*[np.arange(10)] * 4)).reshape(4, -1).T.astype(np.float16)
    assert len(np.unique(hashes_of(digits, np.zeros(10_000, np.int64)))) == 10_000
    same = np.zeros((1000, 2))
    assert len(np.unique(hashes_of(same, np.arange(1000)))) == 1000


def test_signs_flipped_in_pairs_hash_apart() -> None:
    signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * 12)).reshape(12, -1).T
    assert len(np.unique(hashes_of(signs, np.zeros(4096, np.int64)))) == 4096


def test_half_of_the_bits_change_on_average() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(size=(2000, 5))
    changed = scores.copy()
    changed[:, 2] = np.nextafter(changed[:, 2], 10)
    labels = np.zeros(2000, np.int64)
    flipped = np.bitwise_count(hashes_of(scores, labels) ^ hashes_of(changed, labels))
    assert 31 < flipped.mean() < 33
