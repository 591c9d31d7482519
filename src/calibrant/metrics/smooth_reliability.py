"""The smoothed reliability curve: accuracy as a function of confidence, and how many rows stand behind it.

It goes with SmoothECE and uses its bandwidth, unless another is given. It draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.reflected_gaussian import cosine_coefficients, smoothed
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.smooth import KERNEL, smooth_error
from calibrant.metrics.soft_labels import stamped
from calibrant.metrics.views import views

_NARROWEST = 1e-4
_CELLS_PER_BANDWIDTH = 64
_VISIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class SmoothReliability:
    """A smoothed reliability curve.

    Attributes
    ----------
    grid : float64 array, (g,)
        Confidences, evenly spaced from 0 to 1.
    accuracy : float64 array, (g,)
        Σ_i correct_i K_σ(t, confidence_i) / Σ_i K_σ(t, confidence_i); NaN where almost no row is near.
    density : float64 array, (g,)
        Σ_i K_σ(t, confidence_i)/n, whose integral is 1.
    bandwidth : float
        σ of the Gaussian.
    error : float
        SmoothECE, a fraction.
    convention : Convention
        What it was computed under.
    """

    grid: Floats
    accuracy: Floats
    density: Floats
    bandwidth: float
    error: float
    convention: Convention


def smooth_reliability(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    bandwidth: float | None = None,
    cells: int = 256,
    engine: Engine | None = None,
) -> SmoothReliability:
    """Return the reliability curve smoothed with a Gaussian reflected at 0 and 1.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    notion : {"top-label", "one-class"}
        Whose confidence.
    class_index : int, optional
        The class of "one-class".
    bandwidth : float, optional
        σ, at least 0.0001; by default the SmoothECE, or 0.0001 if that is smaller.
    cells : int
        The curve has cells + 1 points.
    engine : Engine, optional
        What runs the passes over the rows.

    Raises
    ------
    InvalidArgument
        The notion "class-wise", a bandwidth that is too small, or no cells.

    Notes
    -----
    Błasiok & Nakkiran, Smooth ECE, ICLR 2024: the Nadaraya-Watson curve with their kernel.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.7] * 10, [1] * 4 + [0] * 6)
    >>> curve = smooth_reliability(rows)
    >>> round(curve.error, 6), [round(x, 3) for x in curve.accuracy[[0, 128, 256]].tolist()]
    (0.3, [0.4, 0.4, 0.4])
    """
    if notion == "class-wise":
        raise InvalidArgument("a curve needs the notion 'top-label' or 'one-class', not 'class-wise'.")
    if bandwidth is not None and not _NARROWEST <= bandwidth < np.inf:
        raise InvalidArgument(f"bandwidth must be at least {_NARROWEST}; got {bandwidth!r}.")
    if not isinstance(cells, int | np.integer) or isinstance(cells, bool) or cells < 1:
        raise InvalidArgument(f"cells must be a whole number, at least 1; got {cells!r}.")
    rows = as_rows(predictions, engine)
    (view,) = views(rows, notion, class_index, name="a reliability curve")
    tally = view.tally()
    error = smooth_error(tally).value
    width = max(error, _NARROWEST) if bandwidth is None else float(bandwidth)
    step = max(1, int(np.ceil(_CELLS_PER_BANDWIDTH / (width * cells))))
    total = tally.weight.sum()
    density, events = (
        smoothed(cosine_coefficients(tally.values, mass / total, step * cells), width)[::step]
        for mass in (tally.weight, tally.events)
    )
    accuracy = np.full(cells + 1, np.nan)
    np.divide(events, density, out=accuracy, where=density > _VISIBLE)
    kernel = KERNEL if bandwidth is None else f"Gaussian reflected at 0 and 1, bandwidth {width:g}"
    convention = Convention(
        definition="smoothed accuracy against confidence",
        n=rows.n,
        notion=notion,
        class_index=class_index,
        kernel=kernel,
    )
    convention = stamped(convention, rows)
    return SmoothReliability(
        grid=np.arange(cells + 1) / cells,
        accuracy=np.clip(accuracy, 0.0, 1.0),
        density=np.maximum(density, 0.0),
        bandwidth=width,
        error=error,
        convention=convention,
    )
