"""One key a row of any table that scikit-learn accepts, the same for equal rows.

Keys decide to which fold a row goes; they identify nobody's data and guard against nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def row_keys(X: Any) -> NDArray[np.uint64]:
    """Return a hash of every row's values, whatever its place.

    Parameters
    ----------
    X : array, sparse matrix, data frame or list, n rows
        Numbers are compared as float64, with -0.0 as 0.0; other values by what `repr` shows.

    Returns
    -------
    uint64 array, (n,)

    Examples
    --------
    >>> keys = row_keys([[1.0, 2.0], [2.0, 1.0], [1, 2]])
    >>> bool(keys[0] == keys[2]), bool(keys[0] == keys[1])
    (True, False)
    """
    return np.fromiter((_key(row) for row in _rows(X)), np.uint64)


def _key(row: bytes) -> int:
    return int.from_bytes(blake2b(row, digest_size=8).digest(), "little")


def _rows(X: Any) -> Iterator[bytes]:
    if sparse.issparse(X):
        return _sparse_rows(X)
    table = np.asarray(X)
    if table.dtype.kind in "biuf":
        numbers = np.ascontiguousarray(table, dtype=np.float64) + 0.0
        return (row.tobytes() for row in numbers)
    return (repr(row).encode() for row in table.tolist())


def _sparse_rows(X: Any) -> Iterator[bytes]:
    table = X.tocsr(copy=True).astype(np.float64)
    table.sum_duplicates()
    table.eliminate_zeros()
    for start, stop in zip(table.indptr[:-1], table.indptr[1:], strict=True):
        yield table.indices[start:stop].astype(np.int64).tobytes() + table.data[start:stop].tobytes()
