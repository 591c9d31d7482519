"""Identifiers that stand for more than one row."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.subject import Subject
from calibrant.analysis.checks.top_label_subject import TopLabelSubject


def duplicate_ids(subject: Subject | TopLabelSubject) -> Finding | None:
    """Find rows whose identifier an earlier row has, whatever their scores."""
    if subject.raw.ids is None:
        return None
    ids = np.asarray(subject.raw.ids)
    if ids.ndim != 1 or ids.dtype.kind not in "iuSU":
        return None
    first = np.unique(ids, return_index=True)[1]
    if len(first) == len(ids):
        return None
    repeated = np.ones(len(ids), np.bool_)
    repeated[first] = False
    example = int(np.argmax(repeated))
    return Finding(
        "duplicate_ids",
        "warning",
        f"identifiers stand for more than one row, such as {ids[example]}.",
        "Drop rows that are there twice. If an identifier names a patient, a video or another source of "
        "several rows, these are not independent, and every interval is too narrow: store it as `groups`.",
        len(ids) - len(first),
        example,
    )
