"""The fingerprint of a set of predictions.

It answers "are these the same rows?"; it is no defence against someone who wants a collision.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

from calibrant._typing import Integers, Kind, Scores
from calibrant.engine import DEFAULT_ENGINE
from calibrant.kernels.hashing import column_keys, row_hashes
from calibrant.kernels.layout import for_kernels

OtherKind = Literal["top-label", "soft logits", "soft probs"]
"""Rows whose columns are not the scores alone."""


def content_hash(scores: Scores, kind: Kind | OtherKind, labels: Integers) -> str:
    """Return a SHA-256 over the sorted hashes of the rows, so that row order does not matter.

    A row's hash covers its scores as float64 (so float32 and its exact float64 copy agree) and its label.
    """
    n, k = scores.shape
    hashes = np.empty(n, np.uint64)
    arguments = (for_kernels(scores), labels, column_keys(k), hashes)
    DEFAULT_ENGINE.for_rows(lambda start, stop: row_hashes(start, stop, *arguments), n, k)
    hashes.sort()
    digest = hashlib.sha256(f"calibrant rows 1 {kind} {n} {k}\n".encode())
    digest.update(hashes.astype("<u8", copy=False).tobytes())
    return digest.hexdigest()
