"""The temperatures of the slider, and bin sums and metrics at each of them, from one sweep."""

from __future__ import annotations

import math

from calibrant.analysis import sweep
from calibrant.engine import Engine
from calibrant.metrics.bins import equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.predictions import Predictions, SoftLabelPredictions, Table
from calibrant.report.model import Mark, Slider

MARKED = (0.5, 1.5, 2.0, 2.5)
"""Temperatures that are on every slider besides 1 and the fitted one."""

_WIDTH = 4.0
_STEPS = 116


def slider(rows: Predictions | SoftLabelPredictions | Table, fitted: float | None, engine: Engine) -> Slider:
    """Measure the rows at about 120 temperatures.

    Parameters
    ----------
    rows : Predictions, SoftLabelPredictions or Table
        The test rows, as they came.
    fitted : float or None
        The temperature of validation rows, where it is known.
    engine : Engine
        What runs the sums.
    """
    grid = temperatures(fitted)
    found, edges = sweep(rows, grid, engine=engine), equal_width_edges(DEFAULT_BINS).tolist()
    _, weight, confidence, correct = (
        tuple(tuple(row) for row in found.bins[:, :, column].tolist()) for column in range(4)
    )
    return Slider(
        temperatures=grid,
        marks=marks(grid, fitted),
        lower=tuple(edges[:-1]),
        upper=tuple(edges[1:]),
        weight=weight,
        confidence=confidence,
        correct=correct,
        accuracy=found.accuracy,
        **{name: tuple(getattr(found, name).tolist()) for name in ("ece", "mce", "nll", "brier")},
    )


def temperatures(fitted: float | None) -> tuple[float, ...]:
    """Return ascending temperatures, evenly spaced in their logarithm, with 1, the fitted and the marked.

    They reach from a quarter of the lower of 1 and the fitted one to four times the higher. The steps divide
    octaves, so that most exponentials of a sweep are squares of others.

    Examples
    --------
    >>> grid = temperatures(2.3)
    >>> len(grid), grid[0], 2.3 in grid, 1.0 in grid
    (119, 0.25, True, True)
    """
    known = (1.0,) if fitted is None else (1.0, fitted)
    low, high = math.log2(min(known) / _WIDTH), math.log2(_WIDTH * max(known))
    steps = max(2, round(_STEPS / (high - low)))
    octave = [2.0 ** (step / steps) for step in range(steps)]
    first, last = math.floor(low * steps + 1e-9), math.ceil(high * steps - 1e-9)
    spaced = [math.ldexp(octave[step % steps], step // steps) for step in range(first, last + 1)]
    return tuple(sorted({*spaced, *known, *MARKED}))


def marks(grid: tuple[float, ...], fitted: float | None) -> tuple[Mark, ...]:
    """Return the places of the temperatures that have a name."""
    names: dict[float, list[str]] = {1.0: ["as it is"]}
    if fitted is not None:
        names.setdefault(fitted, []).append("fitted")
    for temperature in MARKED:
        names.setdefault(temperature, []).append(f"{temperature:g}")
    return tuple(
        Mark(index=grid.index(temperature), label=", ".join(names[temperature]))
        for temperature in sorted(names)
    )
