"""What is measured of a run on test images before and after its temperature; several endings show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calibrant.studies.record import Measured
from calibrant.studies.table import Column

if TYPE_CHECKING:
    from calibrant.recipes.runner import Run

SCORES = (
    Column("error", "error"),
    Column("ece", "ECE"),
    Column("ece_after", "ECE at T"),
    Column("ece_if_calibrated", "ECE if calibrated"),
    Column("nll", "log-loss"),
    Column("nll_after", "log-loss at T"),
    Column("brier", ""),
    Column("brier_after", ""),
    Column("confidence", ""),
    Column("temperature", "T", 3),
    Column("seconds", "training, s", 1),
)
"""Of test images; T is fitted on validation images, and left out where the fit stopped at a bound."""


def scores(run: Run) -> dict[str, float]:
    """Return the results of a run, by the names of `SCORES`."""
    before, after = run.comparison.before, run.comparison.after
    results: dict[str, float | None] = {
        "error": 1.0 - before.accuracy,
        "ece": before.ece,
        "ece_after": after.ece,
        "ece_if_calibrated": after.expected_if_calibrated["ece"].mean,
        "nll": before.nll,
        "nll_after": after.nll,
        "brier": before.brier,
        "brier_after": after.brier,
        "confidence": before.mean_confidence,
        "temperature": run.calibrator.temperature_ if run.calibrator.bound_ is None else None,
        "seconds": sum(row.seconds for row in run.history),
    }
    return {name: value for name, value in results.items() if value is not None}


def measure_scores(run: Run) -> Measured:
    """Measure a run that has one row in the table."""
    reason = run.calibrator.bound_reason_
    notes = () if reason is None else (f"{run.name}: no T, because its fit stopped at a bound: {reason}",)
    return Measured({"": scores(run)}, notes)
