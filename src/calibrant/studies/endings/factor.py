"""Error and ECE against a setting of the network or of its training (Guo et al. 2017, Figure 2)."""

from __future__ import annotations

from matplotlib.figure import Figure

from calibrant.plots.error_bars import Estimate
from calibrant.plots.factor import FactorSeries, factor_figure
from calibrant.recipes.results import Spread
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.endings.scores import SCORES, measure_scores
from calibrant.studies.table import Row, plain


def _draw(finished: Finished) -> Figure:
    vary = finished.study.vary
    assert vary is not None
    series = [_series(name, rows) for name, rows in finished.series().items()]
    return factor_figure(series, setting=vary.title, axis=vary.axis)


def _series(name: str, rows: list[Row]) -> FactorSeries:
    return FactorSeries(
        name=name,
        values=tuple(_number(row) for row in rows),
        labels=tuple(plain(row.point.value) for row in rows),
        error=tuple(estimate(row.results["error"]) for row in rows),
        ece=tuple(estimate(row.results["ece"]) for row in rows),
        ece_after=tuple(estimate(row.results["ece_after"]) for row in rows),
        ece_if_calibrated=tuple(row.results["ece_if_calibrated"].mean for row in rows),
    )


def _number(row: Row) -> float | None:
    value = row.point.value
    return float(value) if isinstance(value, int | float) else None


def estimate(spread: Spread) -> Estimate:
    """Return what an error bar shows of results over seeds."""
    return Estimate(spread.mean, spread.spread or 0.0)


FACTOR = Ending(measure=measure_scores, columns=SCORES, draw=_draw)
