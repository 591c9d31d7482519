"""Functions of one score, given by knots and values: what binning and isotonic fits learn.

A curve is a table; whether it is read as steps or as straight lines is the calibrator's choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.errors import UnreadableFile


@dataclass(frozen=True, eq=False)
class Curve:
    """Values of a function at ascending knots.

    Attributes
    ----------
    knots, values : float64 array, (m,)
        m ≥ 1.
    """

    knots: Floats
    values: Floats


def step(curve: Curve, scores: Floats) -> Floats:
    """Read a curve as steps: value j on (knot j-1, knot j], the first and last without end.

    Examples
    --------
    >>> step(Curve(np.array([0.5, 1.0]), np.array([0.2, 0.8])), np.array([0.0, 0.5, 0.6])).tolist()
    [0.2, 0.2, 0.8]
    """
    return curve.values[np.searchsorted(curve.knots[:-1], scores, side="left")]


def linear(curve: Curve, scores: Floats) -> Floats:
    """Read a curve as straight lines between knots, constant beyond the first and last.

    Examples
    --------
    >>> linear(Curve(np.array([0.0, 1.0]), np.array([0.2, 0.8])), np.array([-1.0, 0.5])).tolist()
    [0.2, 0.5]
    """
    # Ascending scores are read several times as fast: each lies between the knots of the one before.
    order = np.argsort(scores)
    values = np.empty(len(scores))
    values[order] = np.interp(scores[order], curve.knots, curve.values)
    return values


def merged_steps(curve: Curve) -> Curve:
    """Return the same steps with equal neighbours made one."""
    last = np.append(np.diff(curve.values) != 0, True)
    return Curve(curve.knots[last], curve.values[last])


def encode_curves(curves: Sequence[Curve]) -> dict[str, Any]:
    """Return curves as JSON values that `decode_curves` turns back bit for bit."""
    return {
        "sizes": [len(curve.knots) for curve in curves],
        "knots": document.encode_array(np.concatenate([curve.knots for curve in curves])),
        "values": document.encode_array(np.concatenate([curve.values for curve in curves])),
    }


def decode_curves(
    parameters: Mapping[str, Any], key: str, *, lowest: float = 0.0, highest: float = 1.0, least: int = 1
) -> tuple[Curve, ...]:
    """Return the curves that `encode_curves` left at `key`.

    Raises
    ------
    UnreadableFile
        Something is missing, a curve has fewer than `least` knots, knots do not ascend, or a value lies
        outside `lowest`..`highest`.
    """
    stored = parameters.get(key)
    sizes = stored.get("sizes") if isinstance(stored, Mapping) else None
    if (
        not isinstance(stored, Mapping)
        or not isinstance(sizes, list)
        or not sizes
        or not all(type(size) is int and size >= least for size in sizes)
    ):
        raise UnreadableFile(f"{key!r} must have 'sizes', whole numbers of at least {least}.")
    length = sum(sizes)
    knots = document.decode_array(stored, "knots", shape=(length,))
    values = document.decode_array(stored, "values", shape=(length,))
    if not ((values >= lowest) & (values <= highest)).all():
        raise UnreadableFile(f"the values of {key!r} must lie in {lowest:g}..{highest:g}.")
    ends = np.cumsum(sizes)[:-1]
    pieces = zip(np.split(knots, ends), np.split(values, ends), strict=True)
    curves = tuple(Curve(piece, value) for piece, value in pieces)
    if not all((np.diff(curve.knots) > 0).all() for curve in curves):
        raise UnreadableFile(f"the knots of each curve of {key!r} must ascend.")
    return curves
