"""What is given to an exported file, checked against what it says that it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import InvalidArgument
from calibrant.exported.facts import ModelFacts, Takes
from calibrant.pictures.picture import Pixels

DTYPES: dict[Takes, type[np.generic]] = {"pixels": np.uint8, "logits": np.float32, "features": np.float32}


def sound_inputs(inputs: NDArray[Any], facts: ModelFacts, path: Path) -> NDArray[Any]:
    """Return inputs row after row in memory, as the type that the file takes.

    Raises
    ------
    InvalidArgument
        There is no row, the shape or the type is another, or a row of logits is no row of logits.
    """
    given, dtype, row = np.asarray(inputs), DTYPES[facts.takes], facts.row_shape
    # A number in 0..1 or beyond 255 would silently become another pixel.
    right = given.dtype == dtype if facts.takes == "pixels" else given.dtype.kind in "fiub"
    if not right or given.shape[1:] != row or len(given) == 0:
        raise InvalidArgument(
            f"{path} takes {facts.takes}, {dtype.__name__} (n, {', '.join(map(str, row))}), one row or more; "
            f"got {given.dtype} of the shape {given.shape}."
        )
    with np.errstate(over="ignore"):
        given = np.ascontiguousarray(given, dtype=dtype)
    # -inf is a logit too: of a class that cannot be.
    if facts.takes == "logits" and not (finite := np.isfinite(given.max(axis=1))).all():
        raise not_finite(int(np.argmin(finite)), path)
    return given


def sound_images(pixels: Pixels, size: int, path: Path) -> Pixels:
    """Return images, uint8 (n, 1 or 3, size, size).

    Raises
    ------
    InvalidArgument
        They are others.
    """
    given = np.asarray(pixels)
    if given.dtype != np.uint8 or given.ndim != 4 or given.shape[1] not in (1, 3) or 0 in given.shape:
        raise InvalidArgument(
            f"{path} takes images, uint8 (n, 1 or 3, {size}, {size}), 0 to 255, one or more; "
            f"got {given.dtype} of the shape {given.shape}."
        )
    return given


def not_finite(row: int, path: Path) -> InvalidArgument:
    """Return the error for a row of numbers that the file makes no probabilities of."""
    return InvalidArgument(
        f"{path} makes no probabilities of row {row} (from 0): it holds NaN, an infinity, or a number beyond "
        "float32. Leave such rows out."
    )
