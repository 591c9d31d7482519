"""`compare`: methods fitted on validation rows and scored on test rows, sorted by log-loss.

It never scores a method on the rows it was fitted on; with one set of rows it cross-validates.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.compare_parts import compare_parts
from calibrant.analysis.comparison import MEASURED, SAME_ROWS, Comparison, MethodScore
from calibrant.analysis.paired import Difference, Pairs, paired_interval
from calibrant.calibrators import CALIBRATORS, AutoCalibrator, calibrator
from calibrant.calibrators.folds import FOLDS, fold_of
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.metrics import Rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.predictions import Predictions, Table
from calibrant.printable import listed

REFERENCES = ("identity", "temperature")
MOST_TWICE = 2_000_000
"""Validation scores (rows × classes) up to which the automatic choice is compared unasked."""

_FITS_AGAIN = "it fits again what is in the table, which takes long on so many rows. Name it to have it."
_WHAT = "a comparison of calibrators"


def compare(
    validation: Predictions | Table,
    test: Predictions | Table | None = None,
    *,
    methods: Sequence[str] | None = None,
    references: Sequence[str] = REFERENCES,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
    progress: Callable[[str], None] = lambda method: None,
) -> Comparison:
    """Fit each method on validation rows and score it on test rows; without test rows, cross-validate.

    Parameters
    ----------
    validation : Predictions or Table
        Rows to fit on. Without `test`, rows that five folds divide into fitting and scoring rows. In several
        parts they are for the methods whose fit takes such rows; others are listed as refused.
    test : Predictions or Table, optional
        Rows to score on. In parts each is read once for all methods, and the paired differences have normal
        intervals from their moments, which merge, in place of the bootstrap's.
    methods : sequence of str, optional
        Names of calibrators; by default all, but for the automatic choice on more than 2,000,000 scores. The
        references are always among them.
    references : sequence of str
        Methods to which paired differences are given.
    seed : int
        Of the bootstrap.
    engine : Engine
        What runs the sums; a table has its own.
    progress : callable
        Told the name of each method before it is fitted.

    Raises
    ------
    InvalidArgument
        The test rows are the validation rows; a method does not exist; a negative seed.
    IncompatiblePredictions
        The test rows have other classes, or probabilities where the others have logits and a method needs
        them; soft labels; rows in parts and no test rows, since cross-validation
        needs all rows at once.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> logits = generator.normal(size=(400, 3))
    >>> labels = (logits + generator.gumbel(size=(400, 3))).argmax(axis=1)
    >>> rows = Predictions.from_logits(3 * logits, labels)
    >>> compare(rows, methods=["temperature"]).scores[0].method
    'temperature'
    """
    if seed < 0:
        raise InvalidArgument(f"seed must be at least 0; got {seed!r}.")
    names = list(dict.fromkeys((*references, *(CALIBRATORS if methods is None else methods))))
    for name in names:
        calibrator(name)
    if isinstance(validation, Table) or isinstance(test, Table):
        if test is None:
            raise IncompatiblePredictions(
                "cross-validation needs all rows at once; these come in parts. Give other rows to score on, "
                "or read these whole."
            )
        fitting, scoring = _in_parts(validation, engine), _in_parts(test, engine)
        return compare_parts(fitting, scoring, names, references, progress)
    for rows in (validation,) if test is None else (validation, test):
        refuse_soft_labels(Rows(rows), _WHAT)
    if test is None:
        scored, procedure = validation, f"{FOLDS}-fold cross-validation"
        splits = _folds(validation)
    else:
        _check_apart(validation, test)
        scored, procedure = test, f"fitted on {validation.n:,} other rows"
        splits = [(validation, test, np.arange(test.n))]
    pairs = Pairs(references, scored.sample_weight, scored.n, seed=seed)
    fitted: dict[str, _Scored] = {}
    refused: dict[str, str] = {}
    auto = AutoCalibrator.method
    if methods is None and auto not in references and validation.n * validation.k > MOST_TWICE:
        names.remove(auto)
        refused[auto] = _FITS_AGAIN
    for name in names:
        progress(name)
        try:
            fitted[name], losses = _out_of_sample(name, splits, scored, engine)
            pairs.add(name, losses)
        except (FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions) as error:
            if name in references:
                raise
            refused[name] = str(error)
    scores = _scores(fitted, pairs.differences())
    return Comparison(scored.n, scored.k, procedure, paired_interval(scored.n), scores, refused)


@dataclass(frozen=True, eq=False, slots=True)
class _Scored:
    """What is kept of a method: neither its probabilities nor its losses row by row."""

    values: dict[str, float]
    fit_seconds: float
    parameters: int


def _scores(
    fitted: dict[str, _Scored], differences: dict[str, dict[str, Difference]]
) -> tuple[MethodScore, ...]:
    scores = [
        MethodScore(
            method=name,
            **method.values,
            versus={reference: found[name] for reference, found in differences.items()},
            fit_seconds=method.fit_seconds,
            parameters=method.parameters,
        )
        for name, method in fitted.items()
    ]
    return tuple(sorted(scores, key=lambda score: score.nll))


def _folds(rows: Predictions) -> list[tuple[Predictions, Predictions, np.ndarray]]:
    fold = fold_of(rows, FOLDS)
    if len(np.unique(fold)) < FOLDS:
        raise InvalidArgument(f"cross-validation needs at least {FOLDS} distinct rows.")
    held_out = [fold == number for number in range(FOLDS)]
    return [
        (rows.take(np.flatnonzero(~out)), rows.take(np.flatnonzero(out)), np.flatnonzero(out))
        for out in held_out
    ]


def _out_of_sample(
    name: str,
    splits: list[tuple[Predictions, Predictions, np.ndarray]],
    scored: Predictions,
    engine: Engine,
) -> tuple[_Scored, Floats]:
    probs = np.empty((scored.n, scored.k))
    seconds, method = 0.0, calibrator(name)
    for fit_rows, score_rows, position in splits:
        method = calibrator(name)
        start = time.perf_counter()
        method.fit(fit_rows, engine=engine)
        seconds += time.perf_counter() - start
        probs[position] = method.transform(score_rows).probs()
    rows = Rows(scored.with_scores(probs, "probs"), engine)
    values = {metric.name: metric(rows).value for metric in MEASURED}
    return _Scored(values, seconds, method.free_parameters), rows.summary.nll


def _in_parts(rows: Predictions | Table, engine: Engine) -> Table:
    if isinstance(rows, Table):
        return rows
    refuse_soft_labels(Rows(rows), _WHAT)
    return Table.whole(rows, engine)


def _check_apart(validation: Predictions, test: Predictions) -> None:
    if validation.content_hash == test.content_hash:
        raise InvalidArgument(SAME_ROWS)
    if validation.k != test.k:
        raise IncompatiblePredictions(f"validation has {validation.k} classes and test has {test.k}.")
    names = (validation.classes, test.classes)
    if None not in names and names[0] != names[1]:
        raise IncompatiblePredictions(
            f"validation has the classes {listed(names[0] or (), 5)}, in that order; "
            f"test has {listed(names[1] or (), 5)}."
        )
