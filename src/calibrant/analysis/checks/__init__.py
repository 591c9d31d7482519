"""What `doctor` looks for: one small pure function a check, each returning a finding or nothing.

Checks never raise on bad rows and never print; `doctor` runs them and gathers what they return.
"""

from calibrant.analysis.checks.finding import Finding, Severity
from calibrant.analysis.checks.registry import (
    CHECKS,
    FITTING_CHECKS,
    OF_ALL_SCORES,
    OF_CLASSES,
    PAIR_CHECKS,
    ROW_CHECKS,
    TOP_LABEL_CHECKS,
    TOP_LABEL_ROW_CHECKS,
)
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.subject import Subject
from calibrant.analysis.checks.top_label_subject import TopLabelSubject

__all__ = [
    "CHECKS",
    "FITTING_CHECKS",
    "OF_ALL_SCORES",
    "OF_CLASSES",
    "PAIR_CHECKS",
    "ROW_CHECKS",
    "TOP_LABEL_CHECKS",
    "TOP_LABEL_ROW_CHECKS",
    "Finding",
    "Sample",
    "Severity",
    "Subject",
    "TopLabelSubject",
]
