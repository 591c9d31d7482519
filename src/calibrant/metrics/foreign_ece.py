"""The ECE as another tool computes it, stamped with that tool's convention, to reproduce published numbers.

Nothing of the tool is installed or called: its bins are rebuilt here.
"""

from __future__ import annotations

from calibrant.metrics.calibration_error import ece
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Norm, Notion
from calibrant.metrics.foreign_table import ForeignTable, foreign_table
from calibrant.metrics.foreign_tools import Tool, tool_named
from calibrant.metrics.foreign_view import ForeignView, Precision, foreign_view
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.predictions import TopLabelPredictions

OURS = "calibrant"
"""The name of the default convention among those of the tools."""


def ece_as(
    predictions: Measurable,
    tool: str,
    bins: int | None = None,
    *,
    class_index: int | None = None,
    precision: Precision = "file",
) -> Measurement:
    """Return the ECE that another tool would print for these predictions, a fraction.

    Parameters
    ----------
    predictions : Predictions or TopLabelPredictions
        Rows to measure. Tools other than "calibrant" know no weights and do not normalise.
    tool : str
        "calibrant", or one of `TOOLS`: guo, torchmetrics, netcal, uncertainty-calibration,
        uncertainty-calibration-em, tensorflow-probability, mapie, calzone, relplot, scikit-learn,
        scikit-learn-quantile, numpy.
    bins : int, optional
        Number of bins; by default the tool's own.
    class_index : int, optional
        Measure this class's probability against its frequency. By default what the tool measures by
        itself: the top label, or class 1 of two for netcal and scikit-learn.
    precision : {"file", "float32", "float64"}
        Float type of the probabilities that the tool is given; "file" is that of the scores.

    Raises
    ------
    InvalidArgument
        No such tool or class, a number of bins below 1 or none where the tool has no default, or one class
        for a tool that measures only the top label.
    EmptyPredictions
        The tool leaves all rows out.

    Notes
    -----
    Σ (n_b/n)|acc_b - conf_b| over the tool's bins, n counting the rows in them.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.1, 0.2, 0.35, 0.95, 1.0], [0, 1, 0, 1, 0])
    >>> [round(ece_as(rows, tool, 10, class_index=1).value, 2) for tool in ("calibrant", "torchmetrics")]
    [0.44, 0.46]
    """
    rows = as_rows(predictions)
    if tool == OURS:
        wanted = DEFAULT_BINS if bins is None else bins
        return ece(rows, notion=_notion(class_index), class_index=class_index, bins=wanted)
    chosen = tool_named(tool)
    if class_index is None:
        class_index = own_class(chosen, rows)
    return measure_as(foreign_view(rows, class_index, precision), chosen, bins, class_index)


def own_class(tool: Tool, rows: Rows) -> int | None:
    """Return the class that a tool measures when it is not told: 1 or, for the top label, None."""
    if isinstance(rows.source, TopLabelPredictions) or rows.source.k > 2:
        return None
    return 1 if tool.two_classes == "one-class" else None


def measure_as(
    view: ForeignView, tool: Tool, bins: int | None = None, class_index: int | None = None
) -> Measurement:
    """Return a tool's ECE of rows that it sees so; arguments and errors as in `ece_as`."""
    return stamped(foreign_table(view, tool, _notion(class_index), bins), class_index)


def stamped(
    table: ForeignTable, class_index: int | None, name: str = "ece", norm: Norm = "l1"
) -> Measurement:
    """Return an error of a tool's bins with its convention."""
    convention = Convention(
        definition=table.definition(norm),
        n=table.n,
        notion=_notion(class_index),
        class_index=class_index,
        scheme=table.tool.scheme,
        bins=table.bins,
        edges=table.tool.edges,
        norm=norm,
        debiased=False,
    )
    return Measurement(name, table.error(norm), convention)


def _notion(class_index: int | None) -> Notion:
    return "top-label" if class_index is None else "one-class"
