"""Bins of a reliability table of rows in parts: edges first, which equal mass has to look for, then sums."""

from __future__ import annotations

from functools import partial

import numpy as np

from calibrant._typing import Floats, Outcomes
from calibrant.engine import Engine
from calibrant.errors import EmptyPredictions
from calibrant.metrics.bins import BinState, bin_by_edges, bin_values, equal_width_edges
from calibrant.metrics.convention import Scheme
from calibrant.metrics.one_class import one_class
from calibrant.metrics.quantiles import equal_mass_ends, look_at
from calibrant.metrics.rows import Rows
from calibrant.metrics.views import View
from calibrant.predictions import Predictions, Table

NO_WEIGHT = "all rows weigh 0: there is nothing to bin."


def binned_parts(table: Table, class_index: int | None, scheme: Scheme, bins: int) -> tuple[Floats, BinState]:
    """Return the edges of the bins, and the sums in them, of the top label or of one class.

    Raises
    ------
    EmptyPredictions
        All rows weigh 0, and the bins are of equal mass.
    """
    edges = equal_width_edges(bins)
    if scheme == "equal-width":
        return edges, table.merged(partial(_in_equal_width, class_index=class_index, edges=edges))
    views = table.derived(partial(_viewed, class_index=class_index))
    look = look_at(views, _column, 1)
    if not look.weight.any():
        raise EmptyPredictions(NO_WEIGHT)
    (ends,) = equal_mass_ends(views, _column, look, [bins])
    edges = np.concatenate(([0.0], ends))
    return edges, views.merged(partial(_in_equal_mass, edges=edges))


def view_of(rows: Rows, class_index: int | None) -> tuple[Floats, Outcomes]:
    """Return the probability and the outcome of each row."""
    if class_index is None:
        return rows.summary.confidence, rows.summary.correct
    return one_class(rows, class_index)


def _in_equal_width(rows: Predictions, engine: Engine, *, class_index: int | None, edges: Floats) -> BinState:
    part = Rows(rows, engine)
    return bin_values(part, *view_of(part, class_index), edges)


def _viewed(rows: Predictions, engine: Engine, *, class_index: int | None) -> View:
    part = Rows(rows, engine)
    return View(*view_of(part, class_index), part.weight)


def _column(view: View, index: int) -> tuple[Floats, Floats]:
    return view.values, view.weight


def _in_equal_mass(view: View, engine: Engine, *, edges: Floats) -> BinState:
    return bin_by_edges(view.values, view.correct, view.weight, edges)
