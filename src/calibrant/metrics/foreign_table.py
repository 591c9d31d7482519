"""The bins of another tool, the gap of each and the rows that weigh it: what its errors are joined from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats, Integers, Scores
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics.bins import equal_width_edges
from calibrant.metrics.convention import Norm, Notion
from calibrant.metrics.foreign_bins import LEFT_OUT
from calibrant.metrics.foreign_tools import Tool
from calibrant.metrics.foreign_view import ForeignView
from calibrant.metrics.gaps import describe


@dataclass(frozen=True, eq=False, slots=True)
class ForeignTable:
    """The rows that a tool counts, n of them, in its m bins.

    Attributes
    ----------
    tool : Tool
        Whose bins.
    bins : int
        Number of bins that it was asked for.
    values : float32 or float64 array, (n,)
        The probability of each row, as the tool sees it.
    index : int64 array, (n,)
        The bin of each row.
    gaps : float64 array, (m,)
        Mean probability minus accuracy; 0 in an empty bin.
    weights : int64 array, (m,)
        Rows that the gap of each bin counts for.
    """

    tool: Tool
    bins: int
    values: Scores
    index: Integers
    gaps: Floats
    weights: Integers

    @property
    def n(self) -> int:
        """Rows counted."""
        return len(self.values)

    def error(self, norm: Norm) -> float:
        """Return the gaps joined by a norm."""
        sizes = np.abs(self.gaps)
        if norm == "max":
            return float(sizes.max())
        if norm == "l1":
            return float((self.weights * sizes).sum() / self.n)
        return float(np.sqrt((self.weights * sizes**2).sum() / self.n))

    def definition(self, norm: Norm) -> str:
        """Return in words what `error` is."""
        return f"{describe(norm, 'top-label')}, as {self.tool.name} cuts"


def foreign_table(view: ForeignView, tool: Tool, notion: Notion, bins: int | None = None) -> ForeignTable:
    """Return a tool's bins of rows that it sees so.

    Raises
    ------
    InvalidArgument
        The tool does not measure this notion, or there is no number of bins.
    EmptyPredictions
        The tool leaves all rows out.
    """
    if notion not in tool.notions:
        raise InvalidArgument(f"{tool.name} measures only the top label: drop class_index.")
    wanted = tool.bins if bins is None else bins
    if wanted is None:
        raise InvalidArgument(f"{tool.name} has no default number of bins: give bins.")
    seen = as_seen(view, tool, notion)
    index = bin_as(seen, tool, wanted)
    counted = index != LEFT_OUT
    if not counted.any():
        raise EmptyPredictions(f"{tool.name} leaves all rows out: no ECE.")
    rows = ForeignView(seen.values[counted], seen.correct[counted])
    gaps = _gaps(rows, tool, index[counted])
    counts = index if tool.counts is None else tool.counts(seen.values, int(wanted))
    weights = np.bincount(counts[counted], minlength=len(gaps))[: len(gaps)]
    return ForeignTable(tool, int(wanted), rows.values, index[counted], gaps, weights)


def bin_as(view: ForeignView, tool: Tool, bins: int) -> Integers:
    """Return the bin of each row as the tool sees it: a number, or LEFT_OUT."""
    equal_width_edges(bins)
    return tool.cut(view.values, int(bins))


def as_seen(view: ForeignView, tool: Tool, notion: Notion) -> ForeignView:
    """Return the view with its probabilities rounded to float32 where the tool does that first."""
    if notion in tool.single:
        return ForeignView(view.values.astype(np.float32), view.correct)
    return view


def _gaps(view: ForeignView, tool: Tool, index: Integers) -> Floats:
    right = np.bincount(index, view.correct)
    if tool.sums == "exact":
        confidence = np.bincount(index, view.values)
    else:
        confidence = np.zeros(len(right), view.values.dtype)
        np.add.at(confidence, index, view.values)
    return np.asarray((confidence - right) / np.maximum(np.bincount(index), 1))
