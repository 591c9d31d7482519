"""`compare`: methods fitted on validation rows and scored on test rows, sorted by log-loss.

It never scores a method on the rows it was fitted on; with one set of rows it cross-validates.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.paired import Difference, paired_differences
from calibrant.analysis.table import plain_table
from calibrant.calibrators import CALIBRATORS, calibrator
from calibrant.calibrators.folds import FOLDS, fold_of
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.metrics import METRICS, Rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.predictions import Predictions

SCHEMA = "calibrant.comparison/1"
REFERENCES = ("identity", "temperature")
_METRICS = ("nll", "brier", "ece", "classwise_ece", "accuracy")


@dataclass(frozen=True, slots=True)
class MethodScore:
    """How one method did on rows it was not fitted on.

    Attributes
    ----------
    method : str
        Its name in the registry.
    nll, brier, ece, classwise_ece, accuracy : float
        Of the calibrated rows.
    versus : dict of str to Difference
        Paired difference of log-loss to each reference.
    fit_seconds : float
        Time of the fit (of all folds' fits).
    parameters : int
        Numbers that the fit was free to choose.
    """

    method: str
    nll: float
    brier: float
    ece: float
    classwise_ece: float
    accuracy: float
    versus: dict[str, Difference]
    fit_seconds: float
    parameters: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        names = ("method", *_METRICS, "fit_seconds", "parameters")
        return {
            **{name: getattr(self, name) for name in names},
            "versus": {name: difference.to_json() for name, difference in self.versus.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """Methods side by side.

    Attributes
    ----------
    n, k : int
        Rows scored, and classes.
    procedure : str
        How fitting and scoring rows were kept apart.
    scores : tuple of MethodScore
        Least log-loss first.
    refused : dict of str to str
        Methods that could not be fitted on these rows, and why.
    """

    n: int
    k: int
    procedure: str
    scores: tuple[MethodScore, ...]
    refused: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "n": self.n,
            "k": self.k,
            "procedure": self.procedure,
            "scores": [score.to_json() for score in self.scores],
            "refused": self.refused,
        }

    def __str__(self) -> str:
        header = ["", "log-loss", "against temperature (95%)", "Brier", "ECE", "class-wise", "accuracy"]
        rows = [
            [
                score.method,
                f"{score.nll:.4f}",
                _against_temperature(score),
                *(f"{value:.4f}" for value in (score.brier, score.ece, score.classwise_ece, score.accuracy)),
                f"{score.parameters:,}",
                f"{score.fit_seconds:.3f}",
            ]
            for score in self.scores
        ]
        lines = [
            f"{self.n:,} rows, {self.k} classes; {self.procedure}",
            plain_table([*header, "parameters", "fit, s"], rows),
            *(f"{method} refused: {reason}" for method, reason in self.refused.items()),
        ]
        return "\n".join(lines)


def compare(
    validation: Predictions,
    test: Predictions | None = None,
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
    validation : Predictions
        Rows to fit on. Without `test`, rows that five folds divide into fitting and scoring rows.
    test : Predictions, optional
        Rows to score on.
    methods : sequence of str, optional
        Names of calibrators; by default all. The references are always among them.
    references : sequence of str
        Methods to which paired differences are given.
    seed : int
        Of the bootstrap.
    engine : Engine
        What runs the sums.
    progress : callable
        Told the name of each method before it is fitted.

    Raises
    ------
    InvalidArgument
        The test rows are the validation rows, or have other classes; a method does not exist.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> logits = generator.normal(size=(400, 3))
    >>> labels = (logits + generator.gumbel(size=(400, 3))).argmax(axis=1)
    >>> rows = Predictions.from_logits(3 * logits, labels)
    >>> compare(rows, methods=["temperature"]).scores[0].method
    'temperature'
    """
    names = list(dict.fromkeys((*references, *(CALIBRATORS if methods is None else methods))))
    for name in names:
        calibrator(name)
    for rows in (validation, test):
        if rows is not None:
            refuse_soft_labels(Rows(rows), "a comparison of calibrators")
    if test is None:
        scored, procedure = validation, f"{FOLDS}-fold cross-validation"
        splits = _folds(validation)
    else:
        _check_apart(validation, test)
        scored, procedure = test, f"fitted on {validation.n:,} other rows"
        splits = [(validation, test, np.arange(test.n))]
    fitted: dict[str, tuple[Predictions, float, int]] = {}
    refused: dict[str, str] = {}
    for name in names:
        progress(name)
        try:
            fitted[name] = _out_of_sample(name, splits, scored, engine)
        except (FitFailed, InvalidArgument, InvalidPredictions) as error:
            if name in references:
                raise
            refused[name] = str(error)
    return Comparison(
        scored.n, scored.k, procedure, _scores(fitted, scored, references, seed, engine), refused
    )


def _against_temperature(score: MethodScore) -> str:
    difference = None if score.method == "temperature" else score.versus.get("temperature")
    return "" if difference is None else str(difference)


def _scores(
    fitted: dict[str, tuple[Predictions, float, int]],
    scored: Predictions,
    references: Sequence[str],
    seed: int,
    engine: Engine,
) -> tuple[MethodScore, ...]:
    rows = {name: Rows(calibrated, engine) for name, (calibrated, _, _) in fitted.items()}
    losses: dict[str, Floats] = {name: row.summary.nll for name, row in rows.items()}
    weight = np.ones(0) if scored.sample_weight is None else scored.sample_weight
    differences = {
        reference: paired_differences(losses, reference, weight, seed=seed) for reference in references
    }
    scores = [
        MethodScore(
            method=name,
            **{metric: METRICS[metric](rows[name]).value for metric in _METRICS},
            versus={reference: differences[reference][name] for reference in references},
            fit_seconds=seconds,
            parameters=parameters,
        )
        for name, (_, seconds, parameters) in fitted.items()
    ]
    return tuple(sorted(scores, key=lambda score: score.nll))


def _folds(rows: Predictions) -> list[tuple[Predictions, Predictions, np.ndarray]]:
    fold = fold_of(rows, FOLDS)
    if len(np.unique(fold)) < FOLDS:
        raise InvalidArgument(f"cross-validation needs at least {FOLDS} distinct rows.")
    held_out = [np.flatnonzero(fold == number) for number in range(FOLDS)]
    return [(rows.take(np.setdiff1d(np.arange(rows.n), out)), rows.take(out), out) for out in held_out]


def _out_of_sample(
    name: str,
    splits: list[tuple[Predictions, Predictions, np.ndarray]],
    scored: Predictions,
    engine: Engine,
) -> tuple[Predictions, float, int]:
    probs = np.empty((scored.n, scored.k))
    seconds, method = 0.0, calibrator(name)
    for fit_rows, score_rows, position in splits:
        method = calibrator(name)
        start = time.perf_counter()
        method.fit(fit_rows, engine=engine)
        seconds += time.perf_counter() - start
        probs[position] = method.transform(score_rows).probs()
    return scored.with_scores(probs, "probs"), seconds, method.free_parameters


def _check_apart(validation: Predictions, test: Predictions) -> None:
    if validation.content_hash == test.content_hash:
        raise InvalidArgument(
            "validation and test hold the same rows: a method scored on the rows it was fitted on looks "
            "better than it is. Give other test rows, or one set of rows alone to be cross-validated."
        )
    if validation.k != test.k:
        raise IncompatiblePredictions(f"validation has {validation.k} classes and test has {test.k}.")
