"""Confidence histogram and reliability diagram of networks side by side (Guo et al. 2017, Figure 1)."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.figure import Figure

from calibrant.analysis import reliability
from calibrant.io import read
from calibrant.plots.side_by_side import Network, side_by_side_figure
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.endings.scores import SCORES, measure_scores


def _draw(finished: Finished) -> Figure:
    return side_by_side_figure(list(_networks(finished)))


def _networks(finished: Finished) -> Iterator[Network]:
    for point, runs in finished.points().items():
        # One network can be drawn; how much others of its kind differ is in the table.
        run, folder = runs[0]
        yield Network(f"{point.series}, seed {run.seed}", reliability(read(folder / "test.npz")))


DIAGRAMS = Ending(measure=measure_scores, columns=SCORES, draw=_draw)
