"""Labels, weights, groups, identifiers and class names that do not belong to as many rows or classes."""

from __future__ import annotations

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.subject import Subject
from calibrant.analysis.checks.top_label_subject import TopLabelSubject
from calibrant.errors import CalibrantError
from calibrant.predictions import checks


def lengths(subject: Subject) -> Finding | None:
    """Find labels that are not as many as the rows of scores."""
    if subject.scores is None or subject.raw.labels.ndim == 0:
        return None
    rows, labels = len(subject.scores), len(subject.raw.labels)
    if rows == labels:
        return None
    return Finding(
        "lengths",
        "error",
        f"there are {rows:,} rows of scores but {labels:,} labels.",
        "Give one label for each row. Was the last batch dropped, or were two files mixed up?",
    )


def companions(subject: Subject | TopLabelSubject) -> Finding | None:
    """Find class names, weights, groups or identifiers that other commands would refuse."""
    n, named, raw = subject.shape[0], subject.named, subject.raw
    if n is None:
        return None
    faults = []
    for check in (
        lambda: None if named is None else checks.check_classes(raw.classes, named),
        lambda: checks.check_sample_weight(raw.sample_weight, n),
        lambda: checks.check_column(raw.groups, n, "groups"),
        lambda: checks.check_column(raw.ids, n, "ids"),
    ):
        try:
            check()
        except CalibrantError as error:
            faults.append(str(error))
    if not faults:
        return None
    advice = "Mend or leave out what does not belong to these rows and classes."
    return Finding("companions", "error", " ".join(faults), advice)
