"""Networks side by side: the confidence histogram of each over its reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument
from calibrant.plots.histogram import draw_histogram
from calibrant.plots.reliability import draw_reliability
from calibrant.plots.style import WIDTH, house_style, new_figure


@dataclass(frozen=True, eq=False)
class Network:
    """What one network says about test rows.

    Attributes
    ----------
    name : str
        Above its column.
    table : ReliabilityTable
        Of the top label.
    """

    name: str
    table: ReliabilityTable


@house_style()
def side_by_side_figure(networks: Sequence[Network]) -> Figure:
    """Return one column for each network: histogram with mean confidence and accuracy, then the diagram."""
    if not networks:
        raise InvalidArgument("there is no network to draw.")
    figure = new_figure(height=7.4, width=WIDTH * len(networks))
    columns = figure.subfigures(1, len(networks), squeeze=False)[0]
    for column, network in zip(columns, networks, strict=True):
        column.suptitle(network.name, fontsize=12)
        histogram, diagram = column.subplots(2, sharex=True, height_ratios=[1, 2.4])
        table = network.table
        draw_histogram(table, histogram, mean_confidence=table.mean_confidence, accuracy=table.mean_accuracy)
        draw_reliability(table, diagram)
        histogram.set_xlabel("")
        column.align_ylabels()
    return figure
