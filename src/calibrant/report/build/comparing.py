"""Methods fitted on the validation rows and scored on the test rows, and why the report shows one of them.

The scores are to be looked at. What the report shows as "after" is never chosen by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calibrant.analysis import Comparison, MethodScore, compare
from calibrant.analysis.intervals import LEVEL
from calibrant.calibrators import CALIBRATORS
from calibrant.engine import Engine
from calibrant.predictions import Predictions, Table
from calibrant.report.build.method_choice import left_out, methods_to_compare
from calibrant.report.build.method_titles import METHOD_TITLES, method_title
from calibrant.report.build.repaired import Repaired
from calibrant.report.model import Interval, MethodRow, Methods, Refused
from calibrant.report.verdict import Better

_REFERENCE = "temperature"


def compared(
    validation: Predictions | Table,
    test: Predictions | Table,
    repair: Repaired,
    *,
    asked: Sequence[str] | None,
    seed: int,
    engine: Engine,
    progress: Callable[[str], None],
) -> tuple[Methods, Better | None]:
    """Return the comparison, and the best method that beats the report's own beyond chance, if one does."""
    own = repair.calibrator.method
    fitting_rows = validation.facts().fingerprint.n if isinstance(validation, Table) else validation.n
    names = methods_to_compare(fitting_rows, validation.k, asked)
    references = [_REFERENCE]
    if own in CALIBRATORS and own != _REFERENCE and repair.of_validation:
        references.append(own)
    found = compare(
        validation,
        test,
        methods=("identity", *names),
        references=references,
        seed=seed,
        engine=engine,
        progress=lambda method: progress(f"fitting {METHOD_TITLES.get(method, method)}"),
    )
    refused = {**found.refused, **left_out([score.method for score in found.scores], asked)}
    methods = Methods(
        procedure=found.procedure,
        rows=tuple(_row(score) for score in found.scores),
        refused=tuple(Refused(method=name, reason=refused[name]) for name in refused),
        chosen=own,
        why=_why(repair),
    )
    return methods, _better(found, own) if repair.of_validation else None


def _row(score: MethodScore) -> MethodRow:
    difference = None if score.method == _REFERENCE else score.versus[_REFERENCE]
    return MethodRow(
        method=score.method,
        nll=score.nll,
        brier=score.brier,
        ece=score.ece,
        classwise_ece=score.classwise_ece,
        accuracy=score.accuracy,
        difference=None if difference is None else difference.mean,
        interval=None
        if difference is None
        else Interval(low=difference.low, high=difference.high, level=LEVEL),
        parameters=score.parameters,
    )


def _better(found: Comparison, own: str) -> Better | None:
    """Return the method of least log-loss whose paired difference to the report's own is below 0."""
    for score in found.scores:
        difference = score.versus.get(own)
        if difference is not None and difference.high < 0:
            return Better(method_title(score.method), difference)
    return None


def _why(repair: Repaired) -> str:
    title = method_title(repair.calibrator.method)
    if repair.given:
        rows = " on the validation rows" if repair.of_validation else ""
        record = repair.calibrator.fitted_on_
        if record is not None and not rows:
            rows = f" on {record.n:,} rows"
        return f"{title} is the calibrator that was given, fitted before{rows}."
    return (
        f"{title} was fitted on the validation rows without a look at the test rows. To take the method with "
        "the least log-loss of this table would be to choose on test rows, whose numbers would then flatter "
        "it; `calibrant fit --method auto` chooses by cross-validation on validation rows."
    )
