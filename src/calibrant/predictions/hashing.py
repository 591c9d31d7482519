"""The fingerprint of a set of predictions, which may come in parts.

It answers "are these the same rows?"; it is no defence against someone who wants a collision.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Integers, Kind, Scores
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.kernels.hashing import column_keys, row_hashes
from calibrant.kernels.layout import for_kernels

OtherKind = Literal["top-label", "soft logits", "soft probs"]
"""Rows whose columns are not the scores alone."""

_KEYS = column_keys(3)
_WORD = 1 << 64


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What rows leave behind, whatever their order: three sums of differently mixed row hashes, modulo 2⁶⁴.

    A row's hash covers its scores as float64 (so float32 and its exact float64 copy agree) and its label.

    Attributes
    ----------
    kind : str
        What the columns are.
    n, k : int
        Rows and columns.
    sums : tuple of int
        Of the hashes.
    """

    kind: Kind | OtherKind
    n: int
    k: int
    sums: tuple[int, ...]

    @classmethod
    def of(
        cls, scores: Scores, kind: Kind | OtherKind, labels: Integers, engine: Engine = DEFAULT_ENGINE
    ) -> Fingerprint:
        """Return the fingerprint of scores (n, k) and labels (n,)."""
        n, k = scores.shape
        hashes = np.empty(n, np.uint64)
        arguments = (for_kernels(scores), labels, column_keys(k), hashes)
        engine.for_rows(lambda start, stop: row_hashes(start, stop, *arguments), n, k)
        return cls(kind, n, k, tuple(int(_mixed(hashes, key).sum(dtype=np.uint64)) for key in _KEYS))

    def merge(self, other: Fingerprint) -> Fingerprint:
        """Return the fingerprint of both sets of rows, of one kind and as many columns."""
        sums = tuple((one + another) % _WORD for one, another in zip(self.sums, other.sums, strict=True))
        return Fingerprint(self.kind, self.n + other.n, self.k, sums)

    def hexdigest(self) -> str:
        """Return a SHA-256 over all of it."""
        words = " ".join(f"{total:016x}" for total in self.sums)
        return hashlib.sha256(
            f"calibrant rows 2 {self.kind} {self.n} {self.k} {words}\n".encode()
        ).hexdigest()


def content_hash(scores: Scores, kind: Kind | OtherKind, labels: Integers) -> str:
    """Return the digest of the fingerprint of scores (n, k) and labels (n,)."""
    return Fingerprint.of(scores, kind, labels).hexdigest()


def _mixed(hashes: NDArray[np.uint64], key: np.uint64) -> NDArray[np.uint64]:
    """Mix the bits once more, differently for each odd key, so that sums over rows tell them apart."""
    mixed = hashes * key
    mixed ^= mixed >> np.uint64(32)
    mixed *= key
    return mixed
