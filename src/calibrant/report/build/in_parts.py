"""`table_report`: the report of rows in parts, which need not fit into memory with all their scores.

Of every row only confidence, outcome and log-loss stay; what needs all scores at once is left out in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.analysis import Difference, evaluate
from calibrant.analysis.intervals import interval_of_moments
from calibrant.analysis.moments import Moments
from calibrant.calibrators import Calibrator
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import Rows
from calibrant.predictions import Predictions, Table, TopLabelPredictions
from calibrant.report.build.advising import Situation
from calibrant.report.build.by_class import class_rows
from calibrant.report.build.class_sums import ClassSums
from calibrant.report.build.comparing import compared
from calibrant.report.build.deciding import deferral
from calibrant.report.build.diagrams import panels
from calibrant.report.build.judging import judged
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.build.metric_rows import metric_rows
from calibrant.report.build.origin import Content, Origin, provenance
from calibrant.report.build.repaired import Repaired, check_apart, repaired, temperature_of
from calibrant.report.build.sliding import slider
from calibrant.report.build.testing import detectable, tests_of
from calibrant.report.build.told import IN_PARTS, of_calibrator
from calibrant.report.model import Methods, PredictionsReport
from calibrant.report.verdict import Better


def table_report(
    test: Table,
    *,
    validation: Table | None = None,
    calibrator: Calibrator | None = None,
    title: str = "Predictions",
    methods: Sequence[str] | None = None,
    seed: int = 0,
    origin: Origin = Origin(),  # noqa: B008
    progress: Callable[[str], None] = lambda step: None,
) -> PredictionsReport:
    """Return the report of rows in parts; `predictions_report` says what the parameters are.

    Subgroups, the view of the positive class and the findings of `doctor` need all rows at once and are left
    out. Methods whose fit needs that are listed as refused.
    """
    test = test.kept()
    if validation is not None:
        validation = validation.kept()
        check_apart(test, validation)
    progress("calibrating")
    repair = repaired(test, validation, calibrator, DEFAULT_ENGINE)
    progress("measuring")
    before = _Side.of(test, seed)
    after = None if repair is None else _Side.of(test.changed(repair.calibrator.transform), seed)
    rows = BeforeAfter(before.measured, None if after is None else after.measured)
    found, better = _methods(test, validation, repair, methods, seed, progress)
    loss = None if after is None else _difference(before.seen, after.seen)
    first, content = test.first_part(), _content(test)
    return PredictionsReport(
        title=title,
        n=content.rows,
        k=test.k,
        method=None if repair is None else repair.calibrator.method,
        calibrator=None if repair is None else repair.calibrator.describe(),
        verdict=judged(Situation(origin, test, rows, repair, loss, better, ())),
        panels=panels(rows, seed=seed),
        slider=slider(test, temperature_of(repair, validation, DEFAULT_ENGINE), DEFAULT_ENGINE),
        no_slider="",
        metrics=metric_rows(rows),
        tests=tests_of(rows, seed=seed),
        detectable=detectable(rows.before),
        methods=found,
        classes=class_rows(
            before.seen.classes, None if after is None else after.seen.classes, first.class_name
        ),
        groups=None,
        deferral=deferral(rows),
        positive=None,
        run=None,
        findings=(),
        provenance=provenance(
            origin,
            content,
            None if validation is None else _content(validation),
            seed=seed,
            notes=(*of_calibrator(repair), IN_PARTS),
        ),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """What stays of rows: a few numbers each, and sums by class."""

    confidence: Floats
    correct: Booleans
    nll: Floats
    weight: Floats
    classes: ClassSums

    def merge(self, other: _Seen) -> _Seen:
        return _Seen(
            np.concatenate([self.confidence, other.confidence]),
            np.concatenate([self.correct, other.correct]),
            np.concatenate([self.nll, other.nll]),
            np.concatenate([self.weight, other.weight]),
            self.classes.merge(other.classes),
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Side:
    """One set of probabilities of the test rows."""

    seen: _Seen
    measured: Measured

    @classmethod
    def of(cls, table: Table, seed: int) -> _Side:
        seen = table.merged(_seen)
        weight = seen.weight if seen.weight.size else None
        labelled = TopLabelPredictions.from_correct(seen.confidence, seen.correct, sample_weight=weight)
        return cls(seen, Measured(Rows(labelled, table.engine), evaluate(table, seed=seed)))


def _seen(rows: Predictions, engine: Engine) -> _Seen:
    here = Rows(rows, engine)
    classes, summary = ClassSums.of(here), here.summary
    return _Seen(summary.confidence, summary.correct.astype(np.bool_), summary.nll, here.weight, classes)


def _difference(before: _Seen, after: _Seen) -> Difference | None:
    """Return the paired difference of log-loss with its normal interval; None of one row."""
    moments = Moments.of(after.nll - before.nll, before.weight)
    interval = interval_of_moments(moments)
    return None if interval is None else Difference(moments.mean, interval.low, interval.high)


def _methods(
    test: Table,
    validation: Table | None,
    repair: Repaired | None,
    methods: Sequence[str] | None,
    seed: int,
    progress: Callable[[str], None],
) -> tuple[Methods | None, Better | None]:
    if validation is None or repair is None or (methods is not None and not methods):
        return None, None
    return compared(
        validation, test, repair, asked=methods, seed=seed, engine=DEFAULT_ENGINE, progress=progress
    )


def _content(table: Table) -> Content:
    fingerprint = table.facts().fingerprint
    return Content(fingerprint.n, fingerprint.hexdigest())
