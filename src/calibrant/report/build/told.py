"""What a reader must know beside the numbers: what these rows cannot give, and what flatters a result."""

from __future__ import annotations

from collections.abc import Iterator

from calibrant.analysis.subgroups import MOST_GROUPS
from calibrant.predictions import AnyPredictions, Predictions, SoftLabelPredictions, TopLabelPredictions
from calibrant.report.build.by_group import has_too_many_groups
from calibrant.report.build.repaired import Repaired

NO_SLIDER = (
    "These rows have only the confidence of the top label. Another temperature would change it by the scores "
    "of the other classes, which are not in the file."
)

_TOP_LABEL = (
    "Log-loss, Brier score, class-wise errors, the comparison of methods and the table of classes need the "
    "probabilities of all classes; these rows have only the top label's."
)
_SOFT_LABELS = (
    "These rows have counts of annotators: every value is the expectation over one annotator a row. "
    "Intervals of calibration errors, consistency bands, tests, the comparison of methods and what doctor "
    "finds need one label for each row and are left out."
)
_SOFT_VALIDATION = (
    "Methods are not compared: the validation rows have counts of annotators, and a comparison needs one "
    "label for each row."
)
_NO_VALIDATION = "Methods are compared only where there are validation rows to fit them on."
IN_PARTS = (
    "The rows were read in parts. Subgroups, Kuiper's test, the area under the risk-coverage curve and what "
    "doctor finds need all rows at once and are left out; read the file whole to have them."
)
_TOO_MANY_GROUPS = f"The rows name more than {MOST_GROUPS:,} groups, which are left out."
_OF_TEST_ROWS = (
    "The calibrator was fitted on the test rows themselves, so that every number after it is flattered."
)


def notes(
    test: AnyPredictions, validation: AnyPredictions | None, repair: Repaired | None
) -> tuple[str, ...]:
    """Return the notes, as plain sentences."""
    return tuple(_notes(test, validation, repair))


def of_calibrator(repair: Repaired | None) -> tuple[str, ...]:
    """Return what flatters the calibrator."""
    return (_OF_TEST_ROWS,) if repair is not None and repair.of_test else ()


def _notes(test: AnyPredictions, validation: AnyPredictions | None, repair: Repaired | None) -> Iterator[str]:
    yield from of_calibrator(repair)
    if isinstance(test, TopLabelPredictions):
        yield _TOP_LABEL
    if isinstance(test, SoftLabelPredictions):
        yield _SOFT_LABELS
    if isinstance(test, Predictions):
        if validation is None:
            yield _NO_VALIDATION
        elif isinstance(validation, SoftLabelPredictions):
            yield _SOFT_VALIDATION
        if has_too_many_groups(test):
            yield _TOO_MANY_GROUPS
    elif test.groups is not None:
        yield "Subgroups need the scores of all classes and one label for each row, so they are left out."
    if test.sample_weight is not None:
        yield "Rows have weights: a weight of w counts as w rows."
