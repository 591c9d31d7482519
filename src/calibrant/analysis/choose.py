"""`choose`: the calibrator that cross-validation prefers, and why in one sentence.

The choice itself is the calibrator `auto`'s; this explains it with paired intervals. It opens no test rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant.analysis.paired import Difference, paired_differences
from calibrant.analysis.table import as_text
from calibrant.calibrators import AutoCalibrator, Calibrator
from calibrant.calibrators.auto import FEWEST_ROWS
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.predictions import Predictions

SCHEMA = "calibrant.choice/1"
REFERENCE = "temperature"


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """How one candidate did on rows that its fits did not see.

    Attributes
    ----------
    method : str
        Its name in the registry.
    nll : float
        Cross-validated log-loss, nats a row.
    accuracy : float
        Cross-validated accuracy.
    difference, stderr : float
        Log-loss minus the least of all candidates', and the standard error of this paired difference.
    versus : Difference or None
        Paired difference of log-loss to temperature scaling; None where that was no candidate.
    """

    method: str
    nll: float
    accuracy: float
    difference: float
    stderr: float
    versus: Difference | None

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        names = ("method", "nll", "accuracy", "difference", "stderr")
        versus = None if self.versus is None else self.versus.to_json()
        return {**{name: getattr(self, name) for name in names}, f"versus_{REFERENCE}": versus}


@dataclass(frozen=True)
class Choice:
    """A fitted calibrator and how it was chosen.

    Attributes
    ----------
    calibrator : AutoCalibrator
        Fitted on all rows.
    method : str
        What it chose.
    reason : str
        Why, in one sentence.
    candidates : tuple of CandidateResult
        The simplest first; empty where there were too few rows to cross-validate.
    refused : dict of str to str
        Candidates that could not be fitted on these rows, and why.
    """

    calibrator: AutoCalibrator
    method: str
    reason: str
    candidates: tuple[CandidateResult, ...]
    refused: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "method": self.method,
            "reason": self.reason,
            "candidates": [candidate.to_json() for candidate in self.candidates],
            "refused": self.refused,
        }

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        blocks: list[Block] = [self.reason]
        if self.candidates:
            rows = [
                [
                    ("* " if one.method == self.method else "  ") + one.method,
                    f"{one.nll:.4f}",
                    f"{one.difference:.4f} ± {one.stderr:.4f}" if one.difference else "least",
                    "" if one.versus is None or one.method == REFERENCE else str(one.versus),
                    f"{one.accuracy:.4f}",
                ]
                for one in self.candidates
            ]
            header = [
                "  cross-validated",
                "log-loss",
                "above the least",
                "against temperature (95%)",
                "accuracy",
            ]
            blocks += ["", Grid(header, rows)]
        blocks += [f"{method} refused: {reason}" for method, reason in self.refused.items()]
        return blocks


def choose(
    validation: Predictions,
    *,
    candidates: Sequence[Calibrator] | None = None,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
) -> Choice:
    """Fit the calibrator `auto` on validation rows and explain what it chose.

    Parameters
    ----------
    validation : Predictions
        Rows that the classifier was not trained on. Five folds divide them; test rows are not needed.
    candidates : sequence of Calibrator, optional
        As `AutoCalibrator` takes them.
    seed : int
        Of the bootstrap behind the intervals.
    engine : Engine
        What runs the sums.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> logits = generator.normal(size=(400, 3))
    >>> labels = (logits + generator.gumbel(size=(400, 3))).argmax(axis=1)
    >>> choose(Predictions.from_logits(3 * logits, labels)).method
    'temperature'
    """
    fitted = AutoCalibrator(candidates).fit(validation, engine=engine)
    results = _results(fitted, seed)
    return Choice(
        fitted, fitted.chosen_.method, _reason(fitted, results, validation.n), results, fitted.refused_
    )


def _results(fitted: AutoCalibrator, seed: int) -> tuple[CandidateResult, ...]:
    held_out, weight = fitted.held_out_, fitted.held_out_weight_
    if weight is None:
        return ()
    versus: dict[str, Difference] = {}
    if REFERENCE in held_out:
        losses = {method: rows.losses for method, rows in held_out.items()}
        versus = paired_differences(losses, REFERENCE, weight, seed=seed)
    return tuple(
        CandidateResult(
            one.name,
            one.nll,
            float(np.average(held_out[one.name].correct, weights=weight)),
            one.difference,
            one.stderr,
            versus.get(one.name),
        )
        for one in fitted.candidates_
    )


def _reason(fitted: AutoCalibrator, results: Sequence[CandidateResult], n: int) -> str:
    chosen = _title(fitted.chosen_)
    if not results:
        return (
            f"{chosen}: {n:,} row{'s are' if n > 1 else ' is'} too few to cross-validate "
            f"({FEWEST_ROWS} distinct ones are needed)."
        )
    by_method = {result.method: result for result in results}
    result = by_method[fitted.chosen_.method]
    least = min(results, key=lambda one: one.difference)
    parts = []
    if result.versus is not None and result.method != REFERENCE:
        mean, low, high = result.versus.mean, result.versus.low, result.versus.high
        parts.append(
            f"{mean:+.4f} nats a row against temperature scaling (95% interval {low:+.4f} to {high:+.4f})"
        )
    else:
        parts.append(f"{result.nll:.4f} nats a row")
    if least is result:
        parts.append("the least cross-validated log-loss")
    else:
        other = least.method.replace("_", " ")
        merit = "an average that leans to the simpler" if result.method == "basis" else "simpler"
        parts.append(
            f"within one standard error of the least, {other} (lower by {result.difference:.4f} ± "
            f"{result.stderr:.4f}), and {merit}"
        )
    return f"{chosen}: {', '.join(parts)}; {_accuracy(result, by_method.get('identity'))}."


def _accuracy(result: CandidateResult, identity: CandidateResult | None) -> str:
    if identity is None:
        return f"accuracy {result.accuracy:.2%}"
    if result.accuracy == identity.accuracy:
        return "accuracy unchanged"
    return f"accuracy {identity.accuracy:.2%} before, {result.accuracy:.2%} after"


def _title(calibrator: Calibrator) -> str:
    return calibrator.describe().partition(":")[0]
