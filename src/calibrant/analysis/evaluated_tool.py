"""The calibration errors of an evaluation as another tool's bins give them."""

from __future__ import annotations

from calibrant.analysis.evaluated_errors import EvaluatedErrors
from calibrant.analysis.expected import ExpectedIfCalibrated, expected_as
from calibrant.metrics.convention import Notion
from calibrant.metrics.foreign_ece import own_class, stamped
from calibrant.metrics.foreign_table import ForeignTable, foreign_table
from calibrant.metrics.foreign_tools import Tool
from calibrant.metrics.foreign_view import foreign_view
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Rows


def errors_as(rows: Rows, k: int | None, tool: Tool, *, bins: int | None, seed: int) -> EvaluatedErrors:
    """Measure ECE, MCE and RMSCE over a tool's bins, and for two classes the ECE of class 1 if it has one.

    Parameters
    ----------
    rows : Rows
        Rows to measure; their weights do not count.
    k : int or None
        Classes; None where only the top label is known.
    tool : Tool
        Whose bins, and whose choice of what is measured.
    bins : int, optional
        Number of bins; by default the tool's own.
    seed : int
        Of the simulation.

    Raises
    ------
    InvalidArgument
        A number of bins below 1, or none where the tool has no default.
    EmptyPredictions
        The tool leaves all rows out.
    """
    own = own_class(tool, rows)
    table = _table(rows, tool, own, bins)
    measured: dict[str, Measurement] = {
        "ece": stamped(table, own),
        "mce": stamped(table, own, "mce", "max"),
        "rmsce": stamped(table, own, "rmsce", "l2"),
    }
    expected: dict[str, ExpectedIfCalibrated] = {"ece": expected_as(table, seed=seed)}
    if k == 2 and "one-class" in tool.notions:
        positive = _table(rows, tool, 1, bins)
        measured["ece_positive"] = stamped(positive, 1, "ece_positive")
        expected["ece_positive"] = expected_as(positive, seed=seed)
    return EvaluatedErrors(measured, {}, expected)


def _table(rows: Rows, tool: Tool, class_index: int | None, bins: int | None) -> ForeignTable:
    notion: Notion = "top-label" if class_index is None else "one-class"
    return foreign_table(foreign_view(rows, class_index, "file"), tool, notion, bins)
