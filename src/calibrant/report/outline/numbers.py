"""Numbers as tables of a report have them; what is not known is an empty cell."""

from __future__ import annotations

from calibrant.report.model import Expected, Interval

_LEAST = 1e-16


def number(value: float | None) -> str:
    """Return a fraction or nats with four decimals."""
    return "" if value is None else f"{value:.4f}"


def between(ends: Interval | Expected | None) -> str:
    """Return "low to high"."""
    return "" if ends is None else f"{ends.low:.4f} to {ends.high:.4f}"


def share(value: float | None) -> str:
    """Return a fraction in per cent."""
    return "" if value is None else f"{100 * value:.1f} %"


def signed(value: float | None) -> str:
    """Return a difference with its sign."""
    return "" if value is None else f"{value:+.4f}"


def chance(p_value: float | None) -> str:
    """Return a p-value; below 1e-16 the digits say nothing."""
    if p_value is None:
        return ""
    return f"{p_value:.2g}" if p_value >= _LEAST else f"< {_LEAST:g}"
