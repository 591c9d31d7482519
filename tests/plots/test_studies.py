"""The figures that studies end in: what they show, and whether their words stand clear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument
from calibrant.plots.dots import Dots, DotsPanel, dots_figure, draw_dots
from calibrant.plots.error_bars import Estimate, draw_estimates
from calibrant.plots.factor import FactorSeries, factor_figure
from calibrant.plots.overfitting import Curve, EpochCurves, draw_epochs, overfitting_figure
from calibrant.plots.side_by_side import Network, side_by_side_figure
from calibrant.plots.style import BLUE
from tests.plots.figures import assert_text_stands_clear, visible_text


def estimates(*means: float, spread: float = 0.01) -> tuple[Estimate, ...]:
    return tuple(Estimate(mean, spread) for mean in means)


def factor(name: str, values: tuple[float | None, ...], ece: tuple[float, ...]) -> FactorSeries:
    return FactorSeries(
        name,
        values,
        tuple("none" if value is None else f"{value:g}" for value in values),
        estimates(*(0.5 - each for each in ece)),
        estimates(*ece),
        estimates(*(0.02 for _ in ece)),
        tuple(0.015 for _ in ece),
    )


ONE = factor("ResNet", (8.0, 14.0, 20.0), (0.1, 0.15, 0.2))
TWO = factor("ConvNet", (1.0, 2.0, 4.0), (0.3, 0.35, 0.45))


@pytest.mark.parametrize("axis", ["linear", "log", "even"])
def test_error_stands_over_ece_and_nothing_is_cut_off(axis: str) -> None:
    figure = factor_figure([ONE, TWO], setting="depth", axis=axis)  # type: ignore[arg-type]
    assert_text_stands_clear(figure)
    upper, _, lower, _ = figure.axes
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("Error", "ECE")
    assert upper.get_ylim()[0] == lower.get_ylim()[0] == 0
    assert upper.get_ylim()[1] >= 0.4
    assert lower.get_ylim()[1] >= 0.46
    text = visible_text(figure)
    for words in ("ResNet", "ConvNet", "depth", "ECE as trained", "ECE at T", "if calibrated", "14"):
        assert words in text


def room_beyond(ax: Axes, mean: float, *, along: int) -> float:
    """Points between a mark at `mean` and the far end of an axis."""
    far, mark = (ax.transAxes.transform((1, 1)), ax.transData.transform((mean, mean)))
    return float((far[along] - mark[along]) * 72 / ax.figure.dpi)


def test_the_farthest_mark_is_whole() -> None:
    # Far from 0 and close together: the room that is left by default follows their differences.
    high = replace(ONE, error=estimates(0.86, 0.87, 0.88, spread=0.0))
    upper, _ = factor_figure([high], setting="depth").axes
    assert room_beyond(upper, 0.88, along=1) > 3
    panel = DotsPanel("Brier", (Dots(None, BLUE, "o", estimates(0.98, 0.97, spread=0.0)),))
    (ax,) = dots_figure(("one", "other"), [panel]).axes
    assert room_beyond(ax, 0.98, along=0) > 3


def test_the_points_and_bars_are_those_given() -> None:
    figure = factor_figure([ONE], setting="depth", axis="linear")
    line, _, bars = figure.axes[1].containers[0]
    assert list(line.get_xdata()) == [8, 14, 20]
    assert list(line.get_ydata()) == [0.1, 0.15, 0.2]
    assert bars[0].get_segments()[0][:, 1] == pytest.approx([0.09, 0.11])


def test_a_single_seed_has_no_error_bars() -> None:
    ax = Figure().subplots()
    _, caps, bars = draw_estimates([1, 2], estimates(0.1, 0.2, spread=0.0), ax, color=BLUE, marker="o")
    assert (caps, bars) == ((), ())


@pytest.mark.parametrize(("values", "axis"), [((0.0, 1.0), "log"), ((None, 1.0), "linear")])
def test_values_that_an_axis_cannot_place(values: tuple[float | None, ...], axis: str) -> None:
    with pytest.raises(InvalidArgument, match="do not fit an axis"):
        factor_figure([factor("x", values, (0.1, 0.2))], setting="x", axis=axis)  # type: ignore[arg-type]
    assert factor_figure([factor("x", values, (0.1, 0.2))], setting="x").axes


def test_dots_under_each_other_first_at_the_top() -> None:
    names = ("identity", "temperature", "matrix")
    values: tuple[Estimate | None, ...] = (*estimates(0.2, 0.05), None)
    panels = [DotsPanel(f"ECE, {net}", (Dots("after", BLUE, "o", values),)) for net in ("one", "two")]
    figure = dots_figure(names, panels, reference="identity")
    assert_text_stands_clear(figure)
    ax = figure.axes[0]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(names)
    assert list(ax.containers[0][0].get_ydata()) == [0.0, 1.0]
    (reference,) = [line for line in ax.lines if list(line.get_xdata()) == [0.2, 0.2]]
    assert reference.get_linestyle() == ":"


def test_dots_that_do_not_go_with_the_names() -> None:
    panel = DotsPanel("ECE", (Dots(None, BLUE, "o", estimates(0.1)),))
    with pytest.raises(InvalidArgument, match="1 estimates for 2 names"):
        draw_dots(("a", "b"), panel, Figure().subplots())


def epochs(name: str, spread: float = 0.01) -> EpochCurves:
    number = np.arange(1, 13)
    error, nll = 0.6 - 0.03 * number, 2 - 0.2 * number + 0.015 * number**2
    curves = [Curve(values, np.full(12, spread)) for values in (error, nll, 1 + 0.05 * number)]
    return EpochCurves(name, number, *curves, drops=(5, 9))


def test_epochs_with_drops_and_the_lowest_log_loss() -> None:
    figure = overfitting_figure([epochs("ResNet"), epochs("ConvNet")])
    assert_text_stands_clear(figure)
    ax = figure.axes[2]
    places = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1]
    assert places == [4.5, 8.5, 7.0]
    assert {"learning rate drops", "lowest log-loss"} <= set(visible_text(figure).split("\n"))


def test_a_panel_that_does_not_exist() -> None:
    with pytest.raises(InvalidArgument, match="panel must be one of 'error', 'nll', 'temperature'"):
        draw_epochs(epochs("x"), Figure().subplots(), panel="loss")


def test_networks_side_by_side(table: ReliabilityTable) -> None:
    figure = side_by_side_figure([Network(name, table) for name in ("LeNet-5", "ResNet")])
    assert_text_stands_clear(figure)
    means = f"accuracy {table.mean_accuracy:.4f}", f"mean confidence {table.mean_confidence:.4f}"
    for words in ("LeNet-5", "ResNet", *means):
        assert words in visible_text(figure)


def test_nothing_to_draw() -> None:
    for draw in (side_by_side_figure, overfitting_figure):
        with pytest.raises(InvalidArgument, match="there is no network"):
            draw([])  # type: ignore[operator]
    with pytest.raises(InvalidArgument, match="there is nothing"):
        dots_figure((), ())
    with pytest.raises(InvalidArgument, match="there is no series"):
        factor_figure([], setting="depth")
