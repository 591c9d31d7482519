"""What says which top labels are right: outcomes, predicted and true classes, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.top_label_subject import TopLabelSubject
from calibrant.errors import CalibrantError
from calibrant.predictions import top_label_checks

_INVERTED = 0.9


def outcomes_form(subject: TopLabelSubject) -> Finding | None:
    """Find outcomes and classes that other commands would refuse: by length, type or range."""
    if subject.confidence is None:
        return None
    raw, n = subject.raw, len(subject.confidence)
    known = raw.prediction is not None and raw.labels is not None
    if raw.correct is None and not known:
        return Finding(
            "outcomes_form",
            "error",
            "nothing says which rows are right.",
            "Give `correct`, or `prediction` and `labels`.",
        )
    checks: list[Callable[[], object]] = []
    if (correct := raw.correct) is not None:
        checks.append(lambda: top_label_checks.check_correct(correct, n))
    if (prediction := raw.prediction) is not None and (labels := raw.labels) is not None:
        named = subject.named
        checks.append(lambda: top_label_checks.check_class_numbers(prediction, n, "prediction", named))
        checks.append(lambda: top_label_checks.check_class_numbers(labels, n, "labels", named))
    faults = []
    for check in checks:
        try:
            check()
        except CalibrantError as error:
            faults.append(str(error))
    if not faults:
        return None
    advice = "Mend these columns, or leave out one of them if the other says which rows are right."
    return Finding("outcomes_form", "error", " ".join(faults), advice)


def outcomes_agree(subject: TopLabelSubject) -> Finding | None:
    """Find rows whose outcome is not that of their prediction and label."""
    disagree = subject.disagree
    if disagree is None or not disagree.any():
        return None
    assert subject.correct is not None
    assert subject.prediction is not None
    assert subject.labels is not None
    row, share = int(np.argmax(disagree)), float(disagree.mean())
    inverted = " Is it 1 where the answer is wrong?" if share >= _INVERTED else ""
    return Finding(
        "outcomes_agree",
        "error",
        f"correct says other than prediction and labels in {share:.2%} of the rows: at row {row} it is "
        f"{subject.correct[row]}, the prediction {subject.prediction[row]} and the label "
        f"{subject.labels[row]}.{inverted}",
        "Find out which of them is right, and leave the other out.",
        int(disagree.sum()),
        row,
    )
