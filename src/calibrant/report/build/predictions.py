"""`predictions_report`: the report of one set of predictions, filled part by part.

Every part calls what `analysis`, `metrics` and `calibrators` have; this only puts them in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calibrant.calibrators import Calibrator
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.predictions import AnyPredictions, Predictions, TopLabelPredictions
from calibrant.report.build.advising import Situation
from calibrant.report.build.by_class import class_rows
from calibrant.report.build.by_group import group_rows
from calibrant.report.build.class_sums import ClassSums
from calibrant.report.build.comparing import compared
from calibrant.report.build.deciding import deferral, positive_decisions
from calibrant.report.build.diagrams import panels
from calibrant.report.build.findings import findings
from calibrant.report.build.judging import judged
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.build.metric_rows import metric_rows
from calibrant.report.build.origin import Content, Origin, provenance
from calibrant.report.build.repaired import Repaired, calibrated, check_apart, repaired, temperature_of
from calibrant.report.build.sliding import slider
from calibrant.report.build.testing import detectable, tests_of
from calibrant.report.build.told import NO_SLIDER, notes
from calibrant.report.model import ClassRow, Methods, PredictionsReport, RunFacts
from calibrant.report.verdict import Better


def predictions_report(
    test: AnyPredictions,
    *,
    validation: AnyPredictions | None = None,
    calibrator: Calibrator | None = None,
    title: str = "Predictions",
    methods: Sequence[str] | None = None,
    seed: int = 0,
    origin: Origin = Origin(),  # noqa: B008
    run: RunFacts | None = None,
    engine: Engine = DEFAULT_ENGINE,
    progress: Callable[[str], None] = lambda step: None,
) -> PredictionsReport:
    """Measure predictions as they are and as a calibrator leaves them, and return everything as a report.

    Parameters
    ----------
    test : Predictions, SoftLabelPredictions or TopLabelPredictions
        Rows to describe.
    validation : of the same kind, optional
        Rows to fit on: temperature scaling, unless a calibrator is given, and the methods that are compared.
    calibrator : Calibrator, optional
        Fitted.
    title : str
        Name of the predictions.
    methods : sequence of str, optional
        Calibrators to compare on validation rows: none for an empty one; by default all, or on many scores
        those whose fit is quick.
    seed : int
        Of bootstraps and simulations.
    origin : Origin
        Files and command.
    run : RunFacts, optional
        What is known of the run that made the predictions.
    engine : Engine
        What runs the sums.
    progress : callable
        Told each step before it is made.

    Raises
    ------
    InvalidArgument
        The validation rows are the test rows; a method does not exist.
    IncompatiblePredictions
        Rows of different kinds or classes, or a calibrator of others.
    FitFailed
        No temperature fits the validation rows.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> predictions_report(rows).verdict.headline
    'These probabilities are over-confident by 20.0 points (95 % interval 11.0 to 29.0).'
    """
    if validation is not None:
        check_apart(test, validation)
    elif methods:
        raise InvalidArgument("methods are compared on validation rows, and there are none: give them too.")
    progress("calibrating")
    repair = repaired(test, validation, calibrator, engine)
    rows = _measured(test, repair, seed=seed, engine=engine)
    found, better = _methods(test, validation, repair, methods, seed, engine, progress)
    progress("examining the rows")
    examined = findings(test, validation)
    progress("measuring")
    sliding = None
    if not isinstance(test, TopLabelPredictions):
        sliding = slider(test, temperature_of(repair, validation, engine), engine)
    return PredictionsReport(
        title=title,
        n=test.n,
        k=None if isinstance(test, TopLabelPredictions) else test.k,
        method=None if repair is None else repair.calibrator.method,
        calibrator=None if repair is None else repair.calibrator.describe(),
        verdict=judged(Situation(origin, test, rows, repair, rows.loss_difference(seed), better, examined)),
        panels=panels(rows, seed=seed),
        slider=sliding,
        no_slider="" if sliding is not None else NO_SLIDER,
        metrics=metric_rows(rows),
        tests=tests_of(rows, seed=seed),
        detectable=detectable(rows.before),
        methods=found,
        classes=_classes(rows),
        groups=group_rows(rows, seed=seed),
        deferral=deferral(rows),
        positive=positive_decisions(rows),
        run=run,
        findings=examined,
        provenance=provenance(
            origin,
            _content(test),
            None if validation is None else _content(validation),
            seed=seed,
            notes=notes(test, validation, repair),
        ),
    )


def _measured(test: AnyPredictions, repair: Repaired | None, *, seed: int, engine: Engine) -> BeforeAfter:
    before = Measured.of(test, seed=seed, engine=engine)
    if repair is None:
        return BeforeAfter(before, None)
    after = calibrated(test, repair.calibrator)
    return BeforeAfter(before, Measured.of(after, seed=seed, engine=engine))


def _classes(rows: BeforeAfter) -> tuple[ClassRow, ...]:
    """Return the table of classes, which is empty where the top label is all that is known."""
    if not rows.before.has_all_classes:
        return ()
    after = None if rows.after is None else ClassSums.of(rows.after.rows)
    return class_rows(ClassSums.of(rows.before.rows), after, rows.before.rows.predictions.class_name)


def _content(rows: AnyPredictions) -> Content:
    return Content(rows.n, rows.content_hash)


def _methods(
    test: AnyPredictions,
    validation: AnyPredictions | None,
    repair: Repaired | None,
    methods: Sequence[str] | None,
    seed: int,
    engine: Engine,
    progress: Callable[[str], None],
) -> tuple[Methods | None, Better | None]:
    """Return the comparison of methods, which needs validation and test rows with one label each."""
    asked = methods is None or len(methods) > 0
    if not (asked and isinstance(test, Predictions) and isinstance(validation, Predictions) and repair):
        return None, None
    return compared(validation, test, repair, asked=methods, seed=seed, engine=engine, progress=progress)
