"""What the loss that a network is trained with does to calibration, before and after a temperature."""

from __future__ import annotations

from matplotlib.figure import Figure

from calibrant.plots.dots import Dots, DotsPanel, dots_figure
from calibrant.plots.style import BLUE, VERMILLION
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.endings.factor import estimate
from calibrant.studies.endings.scores import SCORES, measure_scores

_PANELS = {"ece": "ECE", "nll": "Log-loss (nats)", "brier": "Brier score"}


def _draw(finished: Finished) -> Figure:
    rows = finished.table.rows
    names = tuple(row.point.series for row in rows)
    panels = [
        DotsPanel(
            quantity,
            (
                Dots("as trained", BLUE, "x", tuple(estimate(row.results[key]) for row in rows)),
                Dots("at T", VERMILLION, "o", tuple(estimate(row.results[f"{key}_after"]) for row in rows)),
            ),
        )
        for key, quantity in _PANELS.items()
    ]
    return dots_figure(names, panels)


LOSSES = Ending(measure=measure_scores, columns=SCORES, draw=_draw)
