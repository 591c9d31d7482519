"""The report of several nets side by side."""

from __future__ import annotations

from typing import Literal

from calibrant.report.model.base import Model
from calibrant.report.model.predictions import PredictionsReport
from calibrant.report.model.provenance import Provenance


class ComparisonReport(Model):
    """Several reports under one headline.

    Attributes
    ----------
    kind : "comparison"
        Tells the reports apart.
    title : str
        Names of what is compared.
    headline : str
        What the comparison says, with numbers.
    members : tuple of PredictionsReport
        In the order given.
    provenance : Provenance
        How it was computed.
    """

    kind: Literal["comparison"] = "comparison"
    title: str
    headline: str
    members: tuple[PredictionsReport, ...]
    provenance: Provenance
