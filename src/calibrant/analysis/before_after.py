"""The same rows before and after calibration, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calibrant.analysis.evaluate import evaluate
from calibrant.analysis.evaluation import TITLES, Evaluation
from calibrant.analysis.table import as_text
from calibrant.calibrators import Calibrator
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.predictions import Predictions, SoftLabelPredictions, Table

SCHEMA = "calibrant.before-after/1"


@dataclass(frozen=True)
class BeforeAfter:
    """Two evaluations of the same rows.

    Attributes
    ----------
    before, after : Evaluation
        Of the scores as they came, and of the calibrated ones.
    """

    before: Evaluation
    after: Evaluation

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {"schema": SCHEMA, "before": self.before.to_json(), "after": self.after.to_json()}

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        header = ["", "before", "after", "if calibrated: before", "after"]
        rows = []
        for name, title in TITLES.items():
            before, after = getattr(self.before, name), getattr(self.after, name)
            if before is not None:
                expected = [_expected(evaluation, name) for evaluation in (self.before, self.after)]
                rows.append([title, f"{before:.4f}", f"{after:.4f}", *expected])
        return [self.before.rows_in_words, Grid(header, rows)]


def before_after(
    predictions: Predictions | SoftLabelPredictions | Table,
    calibrator: Calibrator,
    *,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
) -> BeforeAfter:
    """Evaluate rows, whole or in parts, as they are and as a fitted calibrator leaves them."""
    calibrated: Predictions | SoftLabelPredictions | Table
    if isinstance(predictions, Table):
        calibrated = predictions.changed(calibrator.transform)
    else:
        calibrated = calibrator.transform(predictions)
    return BeforeAfter(
        evaluate(predictions, seed=seed, engine=engine), evaluate(calibrated, seed=seed, engine=engine)
    )


def _expected(evaluation: Evaluation, name: str) -> str:
    expected = evaluation.expected_if_calibrated.get(name)
    return "" if expected is None else f"{expected.mean:.4f} ({expected.low:.4f} to {expected.high:.4f})"
