"""`conventions`: what well-known tools would call the ECE of the same rows, and why each differs.

One tool's number alone, to reproduce a published one, is `ece_as`.
"""

from __future__ import annotations

import numpy as np

from calibrant._typing import Integers
from calibrant._version import __version__
from calibrant.analysis.convention_table import Conventions
from calibrant.analysis.tool_result import ToolResult
from calibrant.errors import EmptyPredictions
from calibrant.metrics.bins import equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.foreign_bins import exact_upper_closed
from calibrant.metrics.foreign_ece import OURS, ece_as, measure_as, own_class
from calibrant.metrics.foreign_table import as_seen, bin_as
from calibrant.metrics.foreign_tools import TOOLS, Tool
from calibrant.metrics.foreign_view import ForeignView, Precision, foreign_view
from calibrant.metrics.metric import Measurement
from calibrant.metrics.one_class import one_class
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.predictions import TopLabelPredictions

OUR_REASON = "bins (lo, hi] at exactly j/m, the first closed at 0, every row in one"


def conventions(
    predictions: Measurable,
    bins: int = DEFAULT_BINS,
    *,
    class_index: int | None = None,
    precision: Precision = "file",
) -> Conventions:
    """Return the ECE of these rows under the conventions of well-known tools.

    Parameters
    ----------
    predictions : Predictions or TopLabelPredictions
        Rows to measure.
    bins : int
        Number of bins to compare all tools at, beside each tool's own.
    class_index : int, optional
        Class whose probability is measured too; by default class 1 where there are two.
    precision : {"file", "float32", "float64"}
        Float type of the probabilities that the tools are given; "file" is that of the scores.

    Raises
    ------
    InvalidArgument
        No such class or precision, or bins below 1.

    Notes
    -----
    The behaviour of each tool was measured with the version beside it. A tool that leaves all rows out has no
    value.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.1, 0.2, 0.35, 0.95, 1.0], [0, 1, 0, 1, 0])
    >>> for found in conventions(rows, 10).results[-3:]:
    ...     print(found.tool, round(found.value_at_bins, 3), found.rows_moved)
    scikit-learn 0.44 0
    scikit-learn-quantile 0.46 None
    numpy 0.44 2
    """
    equal_width_edges(bins)
    rows = as_rows(predictions)
    k = None if isinstance(rows.source, TopLabelPredictions) else rows.source.k
    if class_index is None and k == 2:
        class_index = 1
    results = _results(rows, None, bins, precision)
    if class_index is not None:
        results += _results(rows, class_index, bins, precision)
    return Conventions(
        n=rows.n,
        k=k,
        bins=int(bins),
        precision=foreign_view(rows, None, precision).values.dtype.name,
        weighted=rows.source.sample_weight is not None,
        results=tuple(results),
    )


def _results(rows: Rows, class_index: int | None, bins: int, precision: Precision) -> list[ToolResult]:
    view = foreign_view(rows, class_index, precision)
    if class_index is None:
        values = rows.summary.confidence
        tools = [tool for tool in TOOLS.values() if own_class(tool, rows) is None]
    else:
        values, _ = one_class(rows, class_index)
        tools = [tool for tool in TOOLS.values() if "one-class" in tool.notions]
    ours = _ours(rows, class_index, bins)
    index = exact_upper_closed(values, bins)
    return [ours, *(_theirs(view, tool, bins, ours, index) for tool in tools)]


def _ours(rows: Rows, class_index: int | None, bins: int) -> ToolResult:
    own = ece_as(rows, OURS, class_index=class_index)
    at_bins = ece_as(rows, OURS, bins, class_index=class_index)
    return ToolResult(
        tool=OURS,
        function="calibrant.metrics.ece",
        version=__version__,
        notion="top-label" if class_index is None else "one-class",
        class_index=class_index,
        default_bins=DEFAULT_BINS,
        value=own.value,
        value_at_bins=at_bins.value,
        difference=0.0,
        difference_at_bins=0.0,
        rows_moved=0,
        why=OUR_REASON,
        convention=at_bins.convention,
    )


def _theirs(view: ForeignView, tool: Tool, bins: int, ours: ToolResult, index: Integers) -> ToolResult:
    own = None if tool.bins is None else _measured(view, tool, tool.bins, ours.class_index)
    at_bins = _measured(view, tool, bins, ours.class_index)
    theirs = bin_as(as_seen(view, tool, ours.notion), tool, bins)
    return ToolResult(
        tool=tool.name,
        function=tool.function,
        version=tool.version,
        notion=ours.notion,
        class_index=ours.class_index,
        default_bins=tool.bins,
        value=None if own is None else own.value,
        value_at_bins=None if at_bins is None else at_bins.value,
        difference=_minus(own, ours.value),
        difference_at_bins=_minus(at_bins, ours.value_at_bins),
        rows_moved=int(np.count_nonzero(theirs != index)) if tool.scheme == "equal-width" else None,
        why=tool.why,
        convention=None if at_bins is None else at_bins.convention,
    )


def _measured(view: ForeignView, tool: Tool, bins: int, class_index: int | None) -> Measurement | None:
    try:
        return measure_as(view, tool, bins, class_index)
    except EmptyPredictions:
        return None


def _minus(measured: Measurement | None, ours: float | None) -> float | None:
    return None if measured is None or ours is None else measured.value - ours
