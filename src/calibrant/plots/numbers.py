"""How measured numbers are written where a person reads them."""

from __future__ import annotations

import math


def with_error(value: float, stderr: float | None) -> str:
    """Return the value with its standard error, both to the error's second digit; four digits without one.

    Examples
    --------
    >>> with_error(1.82811, 0.0372)
    '1.828 ± 0.037'
    >>> with_error(1.82811, None)
    '1.828'
    """
    if stderr is None or stderr <= 0:
        return f"{value:.4g}"
    decimals = max(0, 1 - math.floor(math.log10(stderr)))
    return f"{value:.{decimals}f} ± {stderr:.{decimals}f}"


def per_cent(share: float, _position: int | None = None) -> str:
    """Return a share in per cent, as a tick of an axis.

    Examples
    --------
    >>> per_cent(0.25)
    '25%'
    """
    return f"{100 * share:g}%"
