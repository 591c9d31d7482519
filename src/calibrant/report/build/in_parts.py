"""`table_report`: the report of rows in parts, which need not fit into memory with all their scores.

Memory does not grow with the rows; what needs all of them at once is left out in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from calibrant.analysis import Difference
from calibrant.analysis.intervals import interval_of_moments
from calibrant.analysis.moments import Moments
from calibrant.calibrators import Calibrator
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import Rows
from calibrant.predictions import Predictions, Table
from calibrant.printable import shown
from calibrant.report.build.advising import Situation
from calibrant.report.build.by_class import class_rows
from calibrant.report.build.comparing import compared
from calibrant.report.build.deciding import acted, decided, deferral_of, positive_of
from calibrant.report.build.judging import judged
from calibrant.report.build.metric_rows import metric_rows
from calibrant.report.build.origin import Content, Origin, provenance
from calibrant.report.build.part_sums import SummedSide, SummedSides
from calibrant.report.build.repaired import Repaired, check_apart, repaired, temperature_of
from calibrant.report.build.sliding import slider
from calibrant.report.build.testing import detectable_in
from calibrant.report.build.told import IN_PARTS, of_calibrator
from calibrant.report.model import CalibrationTest, Methods, Panel, PositiveDecisions, PredictionsReport
from calibrant.report.verdict import Better

Views = list[tuple[str, int | None]]
"""Titles of the top label and, of two classes, of the positive one, with its index."""


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

    Subgroups, Kuiper's test, the area under the risk-coverage curve and the findings of `doctor` need all
    rows at once and are left out. Methods whose fit needs that are listed as refused.
    """
    test = test.kept()
    if validation is not None:
        validation = validation.kept()
        check_apart(test, validation)
    progress("calibrating")
    repair = repaired(test, validation, calibrator, DEFAULT_ENGINE)
    progress("measuring")
    before = SummedSide.of(test, seed)
    after = None if repair is None else SummedSide.of(test.changed(repair.calibrator.transform), seed)
    sides = SummedSides(before, after)
    loss = None if repair is None else _difference(test, repair.calibrator)
    found, better = _methods(test, validation, repair, methods, seed, progress)
    first, content = test.first_part(), _content(test)
    views: Views = [("Top label", None)]
    if test.k == 2:
        views.append((f"Class {shown(first.class_name(1))}", 1))
    return PredictionsReport(
        title=title,
        n=content.rows,
        k=test.k,
        method=None if repair is None else repair.calibrator.method,
        calibrator=None if repair is None else repair.calibrator.describe(),
        verdict=judged(Situation(origin, test, sides, repair, loss, better, ())),
        panels=_panels(sides, views),
        slider=slider(test, temperature_of(repair, validation, DEFAULT_ENGINE), DEFAULT_ENGINE),
        no_slider="",
        metrics=metric_rows(sides),
        tests=_tests(sides, views),
        detectable=detectable_in(before.sums.look.top.bins),
        methods=found,
        classes=class_rows(
            before.sums.classes, None if after is None else after.sums.classes, first.class_name
        ),
        groups=None,
        deferral=deferral_of(
            decided(before.sums.decided), None if after is None else decided(after.sums.decided)
        ),
        positive=_positive(sides, first.class_name(1)),
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


def _panels(sides: SummedSides, views: Views) -> tuple[Panel, ...]:
    return tuple(
        Panel(
            title=title,
            class_index=index,
            before=sides.before.diagram(index),
            after=None if sides.after is None else sides.after.diagram(index),
        )
        for title, index in views
    )


def _tests(sides: SummedSides, views: Views) -> tuple[CalibrationTest, ...]:
    return tuple(
        test
        for title, index in views
        for when, side in sides.named
        for test in side.tested(title, when, index)
    )


def _positive(sides: SummedSides, class_name: str) -> PositiveDecisions | None:
    before, after = sides.before.sums.acted, None if sides.after is None else sides.after.sums.acted
    if before is None:
        return None
    return positive_of(class_name, acted(before), None if after is None else acted(after))


def _difference(test: Table, calibrator: Calibrator) -> Difference | None:
    """Return the paired difference of log-loss with its normal interval; None of one row."""
    moments = test.merged(partial(_differences, calibrator=calibrator))
    interval = interval_of_moments(moments)
    return None if interval is None else Difference(moments.mean, interval.low, interval.high)


def _differences(rows: Predictions, engine: Engine, *, calibrator: Calibrator) -> Moments:
    before, after = Rows(rows, engine), Rows(calibrator.transform(rows), engine)
    return Moments.of(after.summary.nll - before.summary.nll, before.weight)


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
