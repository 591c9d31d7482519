"""How a report writes gaps: in points, which are hundredths, with their interval.

Numbers within sentences have the sign of mathematics, a minus; numbers in tables and in JSON a hyphen.
"""

from __future__ import annotations

from calibrant.report.model import Interval

_VISIBLE = 0.0005


def points(value: float, decimals: int = 1) -> str:
    """Return a fraction in points.

    Examples
    --------
    >>> points(0.0437), points(-0.0437)
    ('4.4', '−4.4')
    """
    return in_sentence(100 * value, decimals)


def in_sentence(value: float, decimals: int) -> str:
    """Return a number with its minus; zero has none.

    Examples
    --------
    >>> in_sentence(-1.25, 1), in_sentence(-0.01, 1)
    ('−1.2', '0.0')
    """
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def points_with_interval(value: float, interval: Interval, *, sign: int = 1) -> str:
    """Return a gap and its interval in points; of a gap that one decimal does not show, with two.

    Parameters
    ----------
    value : float
        A fraction.
    interval : Interval
        Of the value.
    sign : {1, -1}
        -1 to speak of its opposite.

    Examples
    --------
    >>> points_with_interval(-0.0437, Interval(low=-0.048, high=-0.040, level=0.95), sign=-1)
    '4.4 points (95 % interval 4.0 to 4.8)'
    """
    decimals = 1 if abs(value) >= _VISIBLE else 2
    low, high = sorted((sign * interval.low, sign * interval.high))
    ends = f"{points(low, decimals)} to {points(high, decimals)}"
    return f"{points(sign * value, decimals)} points ({100 * interval.level:.0f} % interval {ends})"
