"""`plan`: how many rows a wanted precision takes, and how many a calibrator needs to be fitted on.

It promises widths on average, not outcomes: a pilot's own noise goes into the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from calibrant.analysis.intervals import LEVEL, quantile, wilson
from calibrant.analysis.inverted_test import invert
from calibrant.analysis.spread import Spread
from calibrant.analysis.table import as_text
from calibrant.errors import InvalidArgument
from calibrant.html_blocks import Block, Grid, as_html

SCHEMA = "calibrant.plan/1"
EXCESS = 0.001
MOST_ROWS = 10**12
_ROUNDING = Fraction(1, 10**9)
"""Of rows: what decimals such as 0.001 lose in binary is no row of its own."""
_TITLES = {
    "accuracy": "accuracy",
    "nll": "log-loss (nats)",
    "brier": "Brier score (0 to 2)",
    "ece_l2_debiased": "calibration error, debiased L2",
}


@dataclass(frozen=True, slots=True)
class FitNeed:
    """Rows to fit a calibrator on.

    Attributes
    ----------
    method : str or None
        The method, where one was named.
    parameters : int
        Numbers p that its fit is free to choose.
    excess : float
        Log-loss that the fit may lose to chance, nats a row.
    rows : int
        The fewest n with p/(2n) at most that.
    """

    method: str | None
    parameters: int
    excess: float
    rows: int


@dataclass(frozen=True)
class Plan:
    """How many rows give intervals of a wanted half-width.

    Attributes
    ----------
    half_width, level : float
        Half the width of each interval, in the unit of the value, and its nominal coverage.
    source : str
        Where the spread of the rows comes from.
    assumed : dict of str to float or None
        What the numbers follow from: accuracy, deviations of log-loss and Brier score, calibration error.
    rows : dict of str to int or None
        Rows for each value; None where the spread is unknown, or beyond 10^12 rows.
    fit : FitNeed or None
        Rows to fit on, where that was asked for.
    """

    half_width: float
    level: float
    source: str
    assumed: dict[str, float | None]
    rows: dict[str, int | None]
    fit: FitNeed | None

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {"schema": SCHEMA, **asdict(self)}

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        header = ["", "rows"]
        rows = [[_TITLES[name], "unknown" if n is None else f"{n:,}"] for name, n in self.rows.items()]
        blocks: list[Block] = [
            f"for {self.level:.0%} intervals of ±{self.half_width:g}, judged by {self.source}",
            Grid(header, rows),
            f"accuracy {self.assumed['accuracy']:.4f}, calibration error {self.assumed['error']:.4f}",
        ]
        if self.fit is not None:
            name = "" if self.fit.method is None else f"{self.fit.method}, "
            blocks.append(
                f"to fit {name}{self.fit.parameters:,} free parameters, losing {self.fit.excess:g} nats a "
                f"row to chance: {self.fit.rows:,} rows"
            )
        return blocks


def plan(spread: Spread, *, half_width: float, level: float = LEVEL, fit: FitNeed | None = None) -> Plan:
    """Return how many rows give each interval this half-width.

    Parameters
    ----------
    spread : Spread
        How much rows vary: `spread_of` a pilot, or `assumed_spread`.
    half_width : float
        Half the width wanted, in the unit of each value.
    level : float
        Nominal coverage.
    fit : FitNeed, optional
        What `rows_to_fit` found, to stand beside it.

    Notes
    -----
    Accuracy: Wilson's interval. Log-loss and Brier score: normal, (z s / half_width)². Calibration error:
    `l2_error_interval` at the given error, with the noise of every bin falling as 1/n.

    Examples
    --------
    >>> from calibrant.analysis.spread import assumed_spread
    >>> planned = plan(assumed_spread(accuracy=0.8, error=0.05, nll_deviation=1.0), half_width=0.01)
    >>> planned.rows["accuracy"], planned.rows["nll"]
    (6145, 38415)
    """
    if not 0 < half_width < math.inf:
        raise InvalidArgument(f"half_width must be a number above 0; got {half_width!r}.")
    quantile(level)
    rows = {
        "accuracy": _fewest(lambda n: _wilson_half(spread.accuracy, n, level), half_width),
        "nll": _normal_rows(spread.nll_deviation, half_width, level),
        "brier": _normal_rows(spread.brier_deviation, half_width, level),
        "ece_l2_debiased": _fewest(lambda n: _error_half(spread, n, level), half_width),
    }
    assumed = {
        "accuracy": spread.accuracy,
        "nll_deviation": spread.nll_deviation,
        "brier_deviation": spread.brier_deviation,
        "error": spread.error,
    }
    return Plan(half_width, level, spread.source, assumed, rows, fit)


def rows_to_fit(parameters: int, *, excess: float = EXCESS, method: str | None = None) -> FitNeed:
    """Return how many rows to fit on so that chance costs at most `excess` nats a row.

    Raises
    ------
    InvalidArgument
        A negative number of parameters, an excess that is not above 0, or more rows than can be planned.

    Notes
    -----
    A maximum-likelihood fit of p parameters on n rows loses p/(2n) nats a row on new rows, on average and
    for large n, against the best parameters of its own family (Akaike, IEEE Transactions on Automatic
    Control 19, 1974). Penalised fits lose less; it says nothing about what the family itself cannot fit.

    Examples
    --------
    >>> rows_to_fit(1).rows
    500
    """
    if parameters < 0:
        raise InvalidArgument(f"parameters must be a whole number, at least 0; got {parameters!r}.")
    if not 0 < excess < math.inf:
        raise InvalidArgument(f"excess must be a number above 0; got {excess!r}.")
    rows = Fraction(parameters) / (2 * Fraction(excess))
    if rows > MOST_ROWS:
        raise InvalidArgument(
            f"{parameters} parameters that lose at most {excess!r} nats a row need more than "
            f"{MOST_ROWS:,} rows."
        )
    return FitNeed(method, parameters, excess, max(1, math.ceil(rows - _ROUNDING)))


def _normal_rows(deviation: float | None, half_width: float, level: float) -> int | None:
    if deviation is None:
        return None
    root = quantile(level) * deviation / half_width
    return max(2, math.ceil(root**2)) if root <= math.sqrt(MOST_ROWS) else None


def _wilson_half(accuracy: float, rows: int, level: float) -> float:
    low, high = wilson(np.array([accuracy]), np.array([float(rows)]), level)
    return float(high[0] - low[0]) / 2


def _error_half(spread: Spread, rows: int, level: float) -> float:
    model = replace(spread.squared.with_rows(rows / spread.rows), estimate=spread.error**2)
    interval = invert(model, level)
    return (interval.high - interval.low) / 2


def _fewest(half_width_at: Callable[[int], float], wanted: float) -> int | None:
    """Return the fewest rows, two at least, that are enough, by doubling and halving."""
    most = 2
    while half_width_at(most) > wanted:
        most *= 2
        if most > MOST_ROWS:
            return None
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if half_width_at(middle) > wanted else (least, middle)
    return most
