"""The upper Venn-Abers probability at every distinct score, in one sweep over the cumulative sum diagram.

A positive test row is the vector (1, 1); it slides along the diagram while the convex minorant is kept.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def upper_probabilities(weight, positives):
    """Return, for each score, the isotonic value of one more positive row there.

    Vovk, Petej & Fedorova (NeurIPS 2015). The stack holds the corners of the greatest convex minorant from
    the test row on, the nearest on top.
    """
    m = weight.size
    x = np.empty(m + 1)
    y = np.empty(m + 1)
    x[0] = 0.0
    y[0] = 0.0
    for i in range(m):
        x[i + 1] = x[i] + weight[i]
        y[i + 1] = y[i] + positives[i]
    stack_x = np.empty(m + 2)
    stack_y = np.empty(m + 2)
    size = 0
    for i in range(m, -2, -1):
        at_x = x[i] if i >= 0 else -1.0
        at_y = y[i] if i >= 0 else -1.0
        size = _without_corners_above(stack_x, stack_y, size, at_x, at_y)
        stack_x[size] = at_x
        stack_y[size] = at_y
        size += 1
    upper = np.empty(m)
    for i in range(m):
        step_x = stack_x[size - 2] - stack_x[size - 1]
        step_y = stack_y[size - 2] - stack_y[size - 1]
        upper[i] = step_y / step_x
        # The test row now comes after score i: its corner moves, and what lies before it is done with.
        at_x = x[i + 1] - 1.0
        at_y = y[i + 1] - 1.0
        if (at_y - stack_y[size - 1]) * step_x >= step_y * (at_x - stack_x[size - 1]):
            continue
        size = _without_corners_above(stack_x, stack_y, size - 1, at_x, at_y)
        stack_x[size] = at_x
        stack_y[size] = at_y
        size += 1
    return upper


@njit(inline="always")
def _without_corners_above(stack_x, stack_y, size, at_x, at_y):
    """Drop corners on or above the line from a new leftmost point to the corner after them."""
    while size > 1:
        to_x = stack_x[size - 1] - at_x
        to_y = stack_y[size - 1] - at_y
        if to_y * (stack_x[size - 2] - at_x) < (stack_y[size - 2] - at_y) * to_x:
            break
        size -= 1
    return size
