"""What a classifier said about rows whose truth is known: the joint of the whole package.

`Predictions` is checked once, where data enter; everything below and above relies on it.
`TopLabelPredictions` is what is left where only the confidence of the answers was kept, and
`SoftLabelPredictions` has the answers of several annotators in place of one label.
"""

from calibrant.predictions.derived import Derived, Held
from calibrant.predictions.joining import joined
from calibrant.predictions.parts import Changed, Kept, Whole, origin
from calibrant.predictions.predictions import Predictions
from calibrant.predictions.raw import RawPredictions
from calibrant.predictions.raw_soft_label import RawSoftLabel
from calibrant.predictions.raw_top_label import RawTopLabel
from calibrant.predictions.scored_rows import ScoredRows
from calibrant.predictions.soft_label import SoftLabelPredictions
from calibrant.predictions.table import Table
from calibrant.predictions.top_label import TopLabelPredictions

AnyPredictions = Predictions | SoftLabelPredictions | TopLabelPredictions
"""Every form that rows of known truth come in."""

__all__ = [
    "AnyPredictions",
    "Changed",
    "Derived",
    "Held",
    "Kept",
    "Predictions",
    "RawPredictions",
    "RawSoftLabel",
    "RawTopLabel",
    "ScoredRows",
    "SoftLabelPredictions",
    "Table",
    "TopLabelPredictions",
    "Whole",
    "joined",
    "origin",
]
