"""The checks by name, by what they need: any file, sound rows, sound rows to fit on, or two files.

Each is of files with the scores of all classes, of files with the top label alone, or of both.
"""

from __future__ import annotations

from collections.abc import Callable

from calibrant.analysis.checks.accuracy import accuracy_at_chance, accuracy_near_one
from calibrant.analysis.checks.class_balance import class_balance
from calibrant.analysis.checks.classes import missing_classes, rare_classes
from calibrant.analysis.checks.confidence_drift import confidence_drift
from calibrant.analysis.checks.confidence_form import (
    confidence_form,
    confidence_range,
    finite_confidence,
)
from calibrant.analysis.checks.confidence_saturation import confidence_saturation
from calibrant.analysis.checks.constant import constant_prediction, constant_scores
from calibrant.analysis.checks.drift import drift
from calibrant.analysis.checks.duplicate_ids import duplicate_ids
from calibrant.analysis.checks.duplicates import duplicates
from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.label_shift import label_shift
from calibrant.analysis.checks.labels import label_form, label_range
from calibrant.analysis.checks.lengths import companions, lengths
from calibrant.analysis.checks.nonfinite import finite_scores, possible_label
from calibrant.analysis.checks.outcomes import outcomes_agree, outcomes_form
from calibrant.analysis.checks.overlap import overlap
from calibrant.analysis.checks.probability_rows import probability_range, row_sums
from calibrant.analysis.checks.relabelled import relabelled
from calibrant.analysis.checks.same_classes import same_classes
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.sample_size import rows_for_bins, rows_for_parameters
from calibrant.analysis.checks.saturation import saturation
from calibrant.analysis.checks.score_kind import (
    log_probs_as_logits,
    log_probs_as_probs,
    logits_as_probs,
    probs_as_logits,
)
from calibrant.analysis.checks.scores_form import scores_form
from calibrant.analysis.checks.softmax_twice import softmax_twice
from calibrant.analysis.checks.subject import Subject
from calibrant.analysis.checks.top_label_subject import TopLabelSubject
from calibrant.analysis.checks.uninformative_confidence import uninformative_confidence

CHECKS: dict[str, Callable[[Subject], Finding | None]] = {
    "scores_form": scores_form,
    "label_form": label_form,
    "label_range": label_range,
    "lengths": lengths,
    "companions": companions,
    "duplicate_ids": duplicate_ids,
    "finite_scores": finite_scores,
    "possible_label": possible_label,
    "logits_as_probs": logits_as_probs,
    "log_probs_as_probs": log_probs_as_probs,
    "log_probs_as_logits": log_probs_as_logits,
    "probs_as_logits": probs_as_logits,
    "probability_range": probability_range,
    "row_sums": row_sums,
    "saturation": saturation,
}
"""Checks of any file with the scores of all classes."""

ROW_CHECKS: dict[str, Callable[[Sample], Finding | None]] = {
    "duplicates": duplicates,
    "softmax_twice": softmax_twice,
    "accuracy_near_one": accuracy_near_one,
    "accuracy_at_chance": accuracy_at_chance,
    "relabelled": relabelled,
    "constant_scores": constant_scores,
    "constant_prediction": constant_prediction,
    "missing_classes": missing_classes,
    "rare_classes": rare_classes,
    "class_balance": class_balance,
    "drift": drift,
    "rows_for_bins": rows_for_bins,
}
"""Checks of its sound rows."""

FITTING_CHECKS: dict[str, Callable[[Sample], Finding | None]] = {
    "rows_for_parameters": rows_for_parameters,
}
"""Checks of sound rows that a calibrator is fitted on: the fitting file, or the only one."""

PAIR_CHECKS: dict[str, Callable[[Sample, Sample], Finding | None]] = {
    "same_classes": same_classes,
    "overlap": overlap,
    "label_shift": label_shift,
}
"""Checks of the scoring file's rows against the fitting file's."""

TOP_LABEL_CHECKS: dict[str, Callable[[TopLabelSubject], Finding | None]] = {
    "confidence_form": confidence_form,
    "finite_confidence": finite_confidence,
    "confidence_range": confidence_range,
    "confidence_saturation": confidence_saturation,
    "outcomes_form": outcomes_form,
    "outcomes_agree": outcomes_agree,
    "companions": companions,
    "duplicate_ids": duplicate_ids,
}
"""Checks of any file with the top label alone."""

TOP_LABEL_ROW_CHECKS: dict[str, Callable[[Sample], Finding | None]] = {
    "uninformative_confidence": uninformative_confidence,
    "confidence_drift": confidence_drift,
    **{
        name: ROW_CHECKS[name]
        for name in (
            "duplicates",
            "accuracy_near_one",
            "relabelled",
            "constant_scores",
            "constant_prediction",
            "rare_classes",
            "rows_for_bins",
        )
    },
}
"""Checks of its sound rows."""

OF_CLASSES = frozenset({"relabelled", "constant_prediction", "rare_classes", "label_shift"})
"""Checks that need predicted and true classes, not only which rows are right."""

OF_ALL_SCORES = tuple(
    name
    for name in (*CHECKS, *ROW_CHECKS, *FITTING_CHECKS)
    if name not in TOP_LABEL_CHECKS and name not in TOP_LABEL_ROW_CHECKS
)
"""Checks that say nothing of a file with the top label alone."""
