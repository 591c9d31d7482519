"""The report of one set of predictions, alone or with a calibrator, and of the run that made them."""

from __future__ import annotations

from typing import Literal

from calibrant.report.model.base import Model
from calibrant.report.model.decisions import Deferral, PositiveDecisions
from calibrant.report.model.diagram import Panel
from calibrant.report.model.measured import Metric
from calibrant.report.model.methods import Methods
from calibrant.report.model.parts_of_rows import ClassRow, Groups
from calibrant.report.model.provenance import Finding, Provenance
from calibrant.report.model.run import RunFacts
from calibrant.report.model.slider import Slider
from calibrant.report.model.testing import CalibrationTest, Detectable
from calibrant.report.model.verdict import Verdict


class PredictionsReport(Model):
    """What calibration is like, before and after, in the order in which a reader asks.

    Attributes
    ----------
    kind : "predictions"
        Tells the reports apart.
    title : str
        Name of the predictions or the run.
    n : int
        Test rows.
    k : int or None
        Classes; None of top-label files.
    method : str or None
        Name of the calibrator behind "after"; None without one.
    calibrator : str or None
        What it learned, in words.
    verdict : Verdict
        In one sentence, and what to do.
    panels : tuple of Panel
        The top label first; of two classes also the positive one.
    slider : Slider or None
        Only where there are logits or probabilities of all classes.
    no_slider : str
        Why there is none; empty where there is one.
    metrics : tuple of Metric
        The table.
    tests : tuple of CalibrationTest
        Before, and after where there is a calibrator.
    detectable : Detectable or None
        At this n.
    methods : Methods or None
        Only with validation rows.
    classes : tuple of ClassRow
        The worst first, at most 1,000 of them; empty of top-label files.
    groups : Groups or None
        Only where rows have groups.
    deferral : Deferral
        Risk, coverage and cost.
    positive : PositiveDecisions or None
        Of two classes.
    run : RunFacts or None
        Of a run.
    findings : tuple of Finding
        Of `doctor`.
    provenance : Provenance
        How it was computed.
    """

    kind: Literal["predictions"] = "predictions"
    title: str
    n: int
    k: int | None
    method: str | None
    calibrator: str | None
    verdict: Verdict
    panels: tuple[Panel, ...]
    slider: Slider | None
    no_slider: str
    metrics: tuple[Metric, ...]
    tests: tuple[CalibrationTest, ...]
    detectable: Detectable | None
    methods: Methods | None
    classes: tuple[ClassRow, ...]
    groups: Groups | None
    deferral: Deferral
    positive: PositiveDecisions | None
    run: RunFacts | None
    findings: tuple[Finding, ...]
    provenance: Provenance
