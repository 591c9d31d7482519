"""The drawing functions: each returns the axes it was given, or those of a new figure."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import calibrant.plots
from calibrant.analysis import (
    ReliabilityTable,
    compare,
    consistency_band,
    conventions,
    expected_cost,
    subgroups,
    sweep,
)
from calibrant.errors import InvalidArgument
from calibrant.metrics import (
    corp_decomposition,
    corp_reliability,
    cumulative_curve,
    risk_coverage_curve,
    smooth_reliability,
)
from calibrant.plots import draw_conventions, draw_methods, draw_risk_coverage, draw_subgroups
from calibrant.predictions import Predictions
from tests.plots.figures import visible_text

DRAW = [name for name in calibrant.plots.__all__ if name.startswith("draw_")]


@pytest.fixture(scope="module")
def results(
    over_confident: Predictions,
    table: ReliabilityTable,
    cat_table: ReliabilityTable,
    records: Sequence[Mapping[str, Any]],
) -> dict[str, tuple[Any, ...]]:
    """What each function draws."""
    few = over_confident.take(np.arange(400))
    return {
        "draw_before_after": (table, table),
        "draw_class": (cat_table,),
        "draw_consistency": (consistency_band(few),),
        "draw_conventions": (conventions(few),),
        "draw_corp_reliability": (corp_reliability(few),),
        "draw_cumulative": (cumulative_curve(few),),
        "draw_decomposition": (corp_decomposition(few),),
        "draw_expected_cost": (expected_cost(few),),
        "draw_histogram": (table,),
        "draw_methods": (compare(few, methods=["platt"]),),
        "draw_reliability": (table,),
        "draw_risk_coverage": (risk_coverage_curve(few),),
        "draw_smooth_reliability": (smooth_reliability(few),),
        "draw_subgroups": (subgroups(few, by="predicted"),),
        "draw_sweep": (sweep(few, [0.5, 1.0, 2.0]),),
        "draw_training": (records,),
    }


def test_all_are_tried(results: dict[str, tuple[Any, ...]]) -> None:
    assert sorted(results) == DRAW
    assert len(DRAW) == 16


@pytest.mark.parametrize("name", DRAW)
def test_axes_go_in_and_come_out(results: dict[str, tuple[Any, ...]], name: str) -> None:
    draw = getattr(calibrant.plots, name)
    assert inspect.signature(draw).parameters["ax"].default is None
    ax = Figure().subplots()
    assert draw(*results[name], ax) is ax
    fresh = draw(*results[name])
    assert fresh is not ax
    assert visible_text(fresh.figure)


def test_the_curve_of_risk_is_drawn_as_it_is(results: dict[str, tuple[Any, ...]]) -> None:
    (curve,) = results["draw_risk_coverage"]
    drawn = draw_risk_coverage(curve, after=curve).lines
    assert len(drawn) == 3
    for line in drawn[1:]:
        np.testing.assert_array_equal(line.get_xdata(), curve.coverage)
        np.testing.assert_array_equal(line.get_ydata(), curve.risk)


def test_a_method_far_out_is_an_arrow_with_its_number(over_confident: Predictions) -> None:
    found = compare(over_confident, methods=["platt"])
    (identity,) = [score for score in found.scores if score.method == "identity"]
    assert f"{identity.versus['temperature'].mean:+.3f}" in visible_text(draw_methods(found).figure)


def test_an_unknown_reference_is_refused(results: dict[str, tuple[Any, ...]]) -> None:
    with pytest.raises(InvalidArgument, match="no differences to 'platt'"):
        draw_methods(*results["draw_methods"], reference="platt")


def test_the_farthest_groups_are_drawn_and_their_names_are_no_formulas(over_confident: Predictions) -> None:
    names = np.array([f"${place}^2$" for place in range(40)])[np.arange(over_confident.n) % 40]
    found = subgroups(replace(over_confident, groups=names), "confidence_gap")
    words = visible_text(draw_subgroups(found, most=5).figure)
    assert words.count("(50)") == 5
    assert "5 farthest groups" in words
    assert r"\$" in words


def test_a_class_that_no_tool_measured_is_refused(results: dict[str, tuple[Any, ...]]) -> None:
    with pytest.raises(InvalidArgument, match="no tool measured class 7"):
        draw_conventions(*results["draw_conventions"], class_index=7)
