"""`temper`: logits divided by a temperature, on their device."""

from __future__ import annotations

import math
from typing import Any

from calibrant.array_api.checks import check_logits
from calibrant.array_api.library import Library
from calibrant.errors import InvalidArgument


def check_temperature(temperature: float) -> float:
    """Return a temperature as a float, or raise `InvalidArgument`."""
    value = float(temperature)
    if not (math.isfinite(value) and value > 1e-300):
        raise InvalidArgument(f"temperature must be finite and above 0; got {temperature!r}.")
    return value


def temper(logits: Any, temperature: float) -> Any:
    """Return logits / T, (n, k): float64 for float64 logits, else float32.

    No predicted class changes: a class that rounding would let draw level with the predicted one before it
    is set one float lower. A row that would overflow comes with its greatest logit moved to 0, which
    leaves its probabilities as they are. The gradients of PyTorch end here.

    Raises
    ------
    InvalidPredictions
        As `evaluate`, for the logits.
    InvalidArgument
        A temperature that is not finite and above 0.

    Examples
    --------
    >>> import numpy as np
    >>> temper(np.array([[2.0, 0.0]]), 2.0).tolist()
    [[1.0, 0.0]]
    """
    divisor = check_temperature(temperature)
    scores = check_logits(logits)
    xp = scores.library.xp
    returned = xp.float64 if scores.scores.dtype == xp.float64 else xp.float32
    least = float(xp.finfo(returned).min)

    def divided(block: Any) -> Any:
        scaled = block / divisor
        beyond = xp.any((xp.abs(scaled) > -least) & (block > -math.inf), axis=1, keepdims=True)
        lowered = xp.clip((block - xp.max(block, axis=1, keepdims=True)) / divisor, min=least)
        lowered = xp.where(block > -math.inf, lowered, -math.inf)
        narrowed = xp.astype(xp.where(beyond, lowered, scaled), returned)
        return _without_new_ties(scores.library, narrowed, xp.argmax(block, axis=1))

    return scores.map(divided)


def _without_new_ties(library: Library, scaled: Any, top: Any) -> Any:
    """Lower classes before `top` (b,) that came to equal it, by one float."""
    xp = library.xp
    peak = xp.max(scaled, axis=1, keepdims=True)
    classes = xp.arange(scaled.shape[1], dtype=top.dtype, device=library.device)
    level = (scaled == peak) & (classes[None, :] < top[:, None])
    return xp.where(level, xp.nextafter(scaled, xp.full_like(scaled, -math.inf)), scaled)
