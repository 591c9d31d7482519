"""What `doctor` finds in the rows of a report."""

from __future__ import annotations

from calibrant.analysis import doctor
from calibrant.analysis.checks import Finding as Found
from calibrant.predictions import (
    AnyPredictions,
    Predictions,
    RawPredictions,
    RawTopLabel,
    SoftLabelPredictions,
    TopLabelPredictions,
)
from calibrant.report.model import Finding


def findings(test: AnyPredictions, validation: AnyPredictions | None) -> tuple[Finding, ...]:
    """Return what is found in the test rows, in the validation rows and between them, the worst first.

    Rows with counts of annotators are not examined.
    """
    if isinstance(test, SoftLabelPredictions):
        return ()
    fitted_on = None if isinstance(validation, SoftLabelPredictions | None) else _raw(validation)
    return tuple(_finding(found) for found in doctor(_raw(test), fitted_on).findings)


def _finding(found: Found) -> Finding:
    name = found.name if found.of == "file" else f"{found.name}, validation rows"
    what = found.what
    if found.rows is not None:
        example = "" if found.example is None else f", such as row {found.example:,}"
        what = f"{what} {found.rows:,} row{'' if found.rows == 1 else 's'}{example}."
    return Finding(severity=found.severity, name=name, what=what, advice=found.advice)


def _raw(rows: Predictions | TopLabelPredictions) -> RawPredictions | RawTopLabel:
    if isinstance(rows, TopLabelPredictions):
        return RawTopLabel(
            rows.confidence,
            correct=rows.correct,
            prediction=rows.prediction,
            labels=rows.labels,
            classes=rows.classes,
            sample_weight=rows.sample_weight,
            groups=rows.groups,
            ids=rows.ids,
        )
    return RawPredictions(
        rows.scores,
        rows.kind,
        rows.labels,
        classes=rows.classes,
        sample_weight=rows.sample_weight,
        groups=rows.groups,
        ids=rows.ids,
    )
