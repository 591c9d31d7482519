"""`compare` on rows in parts: methods whose fit takes parts, scored by sums that merge.

Each part of the test rows is read once, for all methods.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from calibrant.analysis.comparison import MEASURED, SAME_ROWS, Comparison, MethodScore
from calibrant.analysis.intervals import interval_of_moments
from calibrant.analysis.moments import Moments
from calibrant.analysis.paired import Difference
from calibrant.calibrators import Calibrator, calibrator
from calibrant.engine import Engine
from calibrant.errors import FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.metrics import Rows
from calibrant.predictions import Predictions, Table
from calibrant.predictions.table import Facts

NOT_TRIED = "the fit needs all rows at once; these come in parts. Read the validation rows whole to have it."


@dataclass(frozen=True, eq=False, slots=True)
class MethodSums:
    """What is left of rows that a fitted method calibrated.

    Attributes
    ----------
    states : mapping of str to State
        By metric.
    gaps : mapping of str to Moments
        By reference: of a row's log-loss minus that under the reference.
    """

    states: Mapping[str, Any]
    gaps: Mapping[str, Moments]

    def merge(self, other: MethodSums) -> MethodSums:
        """Return the sums of both sets of rows."""
        return MethodSums(
            {name: state.merge(other.states[name]) for name, state in self.states.items()},
            {name: each.merge(other.gaps[name]) for name, each in self.gaps.items()},
        )


def compare_parts(
    validation: Table,
    test: Table,
    names: Sequence[str],
    references: Sequence[str],
    progress: Callable[[str], None],
) -> Comparison:
    """Fit the methods of these names, which exist, and score them; parameters and errors as `compare`."""
    fitting, scoring = _check_apart(validation, test)
    fitted: dict[str, Calibrator] = {}
    seconds: dict[str, float] = {}
    refused: dict[str, str] = {}
    for name in names:
        method = calibrator(name)
        if len(validation.parts) > 1 and not method.takes_parts and name not in references:
            refused[name] = NOT_TRIED
            continue
        progress(name)
        start = time.perf_counter()
        try:
            method.fit(validation).check_kind(scoring.kind)
            fitted[name] = method
        except (FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions) as error:
            if name in references:
                raise
            refused[name] = str(error)
        seconds[name] = time.perf_counter() - start
    sums = reduce(_merged, test.each(partial(_scored, methods=fitted, references=tuple(references))))
    scores = [
        MethodScore(
            method=name,
            **{metric.name: metric.finalise(sums[name].states[metric.name]).value for metric in MEASURED},
            versus={reference: _difference(gaps) for reference, gaps in sums[name].gaps.items()},
            fit_seconds=seconds[name],
            parameters=method.free_parameters,
        )
        for name, method in fitted.items()
    ]
    return Comparison(
        n=scoring.fingerprint.n,
        k=test.k,
        procedure=f"fitted on {fitting.fingerprint.n:,} other rows",
        interval="normal",
        scores=tuple(sorted(scores, key=lambda score: score.nll)),
        refused=refused,
    )


def _check_apart(validation: Table, test: Table) -> tuple[Facts, Facts]:
    """Return the facts of the rows to fit on, and to score, after a look at all."""
    if validation.k != test.k:
        raise IncompatiblePredictions(f"validation has {validation.k} classes and test has {test.k}.")
    fitting, scoring = validation.facts(), test.facts()
    if fitting.fingerprint == scoring.fingerprint:
        raise InvalidArgument(SAME_ROWS)
    return fitting, scoring


def _scored(
    rows: Predictions, engine: Engine, *, methods: Mapping[str, Calibrator], references: tuple[str, ...]
) -> dict[str, MethodSums]:
    states, losses = {}, {}
    weight = Rows(rows, engine).weight
    for name, method in methods.items():
        calibrated = Rows(method.transform(rows), engine)
        states[name] = {metric.name: metric.accumulate(calibrated) for metric in MEASURED}
        losses[name] = calibrated.summary.nll
    return {
        name: MethodSums(
            states[name],
            {reference: Moments.of(losses[name] - losses[reference], weight) for reference in references},
        )
        for name in methods
    }


def _merged(one: dict[str, MethodSums], other: dict[str, MethodSums]) -> dict[str, MethodSums]:
    return {name: sums.merge(other[name]) for name, sums in one.items()}


def _difference(gaps: Moments) -> Difference:
    interval = interval_of_moments(gaps)
    if interval is None:
        return Difference(gaps.mean, gaps.mean, gaps.mean)
    return Difference(gaps.mean, interval.low, interval.high)
