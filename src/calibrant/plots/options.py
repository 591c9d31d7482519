"""What a user may choose about a figure, and the rows after calibration that some figures show beside."""

from __future__ import annotations

from dataclasses import dataclass, fields

from calibrant.analysis.row_groups import By
from calibrant.calibrators import Calibrator, TemperatureScaling
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import DEFAULT_BINS, Scheme
from calibrant.predictions import AnyPredictions, Table, TopLabelPredictions

DEFAULT_TEMPERATURES = tuple(2.0 ** (step / 8) for step in range(-16, 17))
"""From 1/4 to 4, eight to an octave, with 1 among them."""

_WORDS = {
    "class_index": "class",
    "methods": "methods (--methods)",
    "by": "grouping (--by)",
    "metric": "metric (--metric)",
}


@dataclass(frozen=True, eq=False, slots=True)
class PlotOptions:
    """What a user may choose about a figure.

    Attributes
    ----------
    bins : int
        Number of bins.
    scheme : {"equal-width", "equal-mass"}
        How bins are cut.
    class_index : int, optional
        Draw this class's probability; by default the top label's confidence.
    temperatures : tuple of float
        Grid of the kind "sweep"; of "before-after", those drawn as thin lines.
    calibrator : Calibrator, optional
        Fitted; what it makes of the rows is drawn beside them.
    validation : Predictions or Table, optional
        Rows to fit a temperature on, in place of a calibrator; of the kind "methods", to fit all methods on.
    by : {"groups", "class", "predicted"}
        What makes a group.
    metric : str
        What the kind "subgroups" measures.
    methods : tuple of str, optional
        Calibrators that the kind "methods" compares; by default all.
    width : float, optional
        Inches; by default the common width.
    """

    bins: int = DEFAULT_BINS
    scheme: Scheme = "equal-width"
    class_index: int | None = None
    temperatures: tuple[float, ...] = DEFAULT_TEMPERATURES
    calibrator: Calibrator | None = None
    validation: AnyPredictions | Table | None = None
    by: By = "groups"
    metric: str = "confidence_gap"
    methods: tuple[str, ...] | None = None
    width: float | None = None

    def given(self) -> list[str]:
        """Return the names of what differs from the default, the width apart."""
        names = [field.name for field in fields(self) if field.name != "width"]
        return [name for name in names if getattr(self, name) != getattr(_DEFAULTS, name)]


_DEFAULTS = PlotOptions()


def in_words(names: list[str]) -> str:
    """Return names of options as a reader knows them, "bins, scheme or class"."""
    words = [_WORDS.get(name, name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def fitted(options: PlotOptions, predictions: AnyPredictions | Table, engine: Engine) -> Calibrator | None:
    """Return the calibrator given, or a temperature fitted on the validation rows given, or None.

    Raises
    ------
    InvalidArgument
        Both are given, or the validation rows are the rows to be drawn.
    """
    if options.calibrator is not None and options.validation is not None:
        raise InvalidArgument("give a calibrator or validation rows to fit a temperature on, not both.")
    if options.validation is None:
        return options.calibrator
    rows = options.validation
    if _fingerprint(rows) == _fingerprint(predictions):
        raise InvalidArgument(
            "the validation rows are the rows to be drawn: a calibrator looks better than it is on the rows "
            "it was fitted on. Give other rows."
        )
    if isinstance(rows, TopLabelPredictions):
        raise InvalidArgument(
            "a temperature needs the scores of all classes; the validation rows have only the confidence of "
            "the top label. Fit a one-dimensional method on them, and give it as a calibrator."
        )
    return TemperatureScaling().fit(rows, engine=engine)


def _fingerprint(rows: AnyPredictions | Table) -> str:
    return rows.facts().fingerprint.hexdigest() if isinstance(rows, Table) else rows.content_hash
