"""Several reliability diagrams in one figure."""

from __future__ import annotations

import pytest

from calibrant.analysis import reliability
from calibrant.calibrators import TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.plots.reliability_grid import Panel, reliability_grid_figure
from tests.drawn_predictions import overconfident


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_panel_each_with_its_title_and_its_ece_and_one_legend(count: int) -> None:
    rows = overconfident(400, 3)
    tables = [reliability(TemperatureScaling(1.0 + t).transform(rows)) for t in range(count)]
    figure = reliability_grid_figure([Panel(f"T = {t}", table) for t, table in enumerate(tables)])
    assert [ax.get_title() for ax in figure.axes] == [f"T = {t}" for t in range(count)]
    for ax, table in zip(figure.axes, tables, strict=True):
        assert ax.get_legend() is None
        assert any(f"ECE {table.ece:.4f}" in text.get_text() for text in ax.texts)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "accuracy",
        "gap to mean confidence",
        "perfect calibration",
        "95% interval",
    ]


def test_nothing_to_draw() -> None:
    with pytest.raises(InvalidArgument, match="at least one table"):
        reliability_grid_figure([])
