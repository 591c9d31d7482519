"""What a comparison of methods comes to: a score of each, and paired differences between them.

Fitting and scoring is the business of `compare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calibrant.analysis.paired import Difference, PairedInterval
from calibrant.analysis.table import as_text
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.metric import MergeableMetric
from calibrant.metrics.row_means import accuracy, brier, nll

SCHEMA = "calibrant.comparison/1"
MEASURED: tuple[MergeableMetric[Any], ...] = (
    CalibrationError("classwise_ece", notion="class-wise"),  # first: its pass leaves what the others need
    nll,
    brier,
    CalibrationError("ece"),
    accuracy,
)
_COLUMNS = ("nll", "brier", "ece", "classwise_ece", "accuracy")

SAME_ROWS = (
    "validation and test hold the same rows: a method scored on the rows it was fitted on looks better "
    "than it is. Give other test rows, or one set of rows alone to be cross-validated."
)


@dataclass(frozen=True, slots=True)
class MethodScore:
    """How one method did on rows it was not fitted on.

    Attributes
    ----------
    method : str
        Its name in the registry.
    nll, brier, ece, classwise_ece, accuracy : float
        Of the calibrated rows.
    versus : dict of str to Difference
        Paired difference of log-loss to each reference.
    fit_seconds : float
        Time of the fit (of all folds' fits).
    parameters : int
        Numbers that the fit was free to choose.
    """

    method: str
    nll: float
    brier: float
    ece: float
    classwise_ece: float
    accuracy: float
    versus: dict[str, Difference]
    fit_seconds: float
    parameters: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        names = ("method", *_COLUMNS, "fit_seconds", "parameters")
        return {
            **{name: getattr(self, name) for name in names},
            "versus": {name: difference.to_json() for name, difference in self.versus.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """Methods side by side.

    Attributes
    ----------
    n, k : int
        Rows scored, and classes.
    procedure : str
        How fitting and scoring rows were kept apart.
    interval : {"percentile", "normal"}
        Of the paired differences: percentiles of a bootstrap over rows, or, of more than 100,000 rows, the
        normal interval of `paired_differences`. Of rows in parts, the normal interval mean ± z sqrt(s² / W),
        with s² the variance of a row's difference and W the weight of all: there a weight of w counts as w
        rows.
    scores : tuple of MethodScore
        Least log-loss first.
    refused : dict of str to str
        Methods that could not be fitted on these rows, or were not tried, and why.
    """

    n: int
    k: int
    procedure: str
    interval: PairedInterval
    scores: tuple[MethodScore, ...]
    refused: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "n": self.n,
            "k": self.k,
            "procedure": self.procedure,
            "interval": self.interval,
            "scores": [score.to_json() for score in self.scores],
            "refused": self.refused,
        }

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        against = f"against temperature (95%, {self.interval})"
        header = ["", "log-loss", against, "Brier", "ECE", "class-wise", "accuracy"]
        rows = [
            [
                score.method,
                f"{score.nll:.4f}",
                _against_temperature(score),
                *(f"{value:.4f}" for value in (score.brier, score.ece, score.classwise_ece, score.accuracy)),
                f"{score.parameters:,}",
                f"{score.fit_seconds:.3f}",
            ]
            for score in self.scores
        ]
        return [
            f"{self.n:,} rows, {self.k} classes; {self.procedure}",
            Grid([*header, "parameters", "fit, s"], rows),
            *(f"{', '.join(names)} refused: {reason}" for reason, names in _by_reason(self.refused).items()),
        ]


def _against_temperature(score: MethodScore) -> str:
    difference = None if score.method == "temperature" else score.versus.get("temperature")
    return "" if difference is None else str(difference)


def _by_reason(refused: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for method, reason in refused.items():
        found.setdefault(reason, []).append(method)
    return found
