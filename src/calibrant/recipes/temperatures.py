"""The bins of a run's test rows at fixed temperatures and at the fitted one, as tables and as CSV.

They are there to be looked at; no temperature is chosen by them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from calibrant.analysis import ReliabilityTable, reliability
from calibrant.calibrators import TemperatureScaling
from calibrant.predictions import Predictions


@dataclass(frozen=True, eq=False)
class BinsAt:
    """The bins of the top label at one temperature.

    Attributes
    ----------
    temperature : float
        What every logit was divided by.
    title : str
        That temperature in words.
    table : ReliabilityTable
        The bins.
    """

    temperature: float
    title: str
    table: ReliabilityTable


def bins_at_temperatures(
    test: Predictions, fitted: TemperatureScaling, temperatures: Sequence[float]
) -> tuple[BinsAt, ...]:
    """Return the bins at each of the temperatures and at the fitted one; none where there are none."""
    if not temperatures:
        return ()
    return (
        *(BinsAt(t, f"T = {t:g}", reliability(TemperatureScaling(t).transform(test))) for t in temperatures),
        BinsAt(
            fitted.temperature_,
            f"T = {fitted.temperature_:.3f}, fitted",
            reliability(fitted.transform(test)),
        ),
    )


def bins_csv(bins: tuple[BinsAt, ...]) -> str:
    """Return all tables as one CSV with the temperature in the first column; empty bins leave means blank."""
    records = [
        {"temperature": entry.temperature, **record} for entry in bins for record in entry.table.records()
    ]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue()
