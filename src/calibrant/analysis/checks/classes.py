"""Classes without rows, and classes with few."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample

_FEW_ROWS = 10
_EXPECTED = 20.0
_NAMED = 5


def missing_classes(sample: Sample) -> Finding | None:
    """Find classes that no row has; it is a warning where the scores expect at least 20 rows of them.

    A class for which the probabilities sum to 20 is absent by chance with probability e⁻²⁰.
    """
    missing = np.flatnonzero(sample.label_counts == 0)
    if missing.size == 0:
        return None
    expected = sample.class_sums.probs[missing]
    worst = int(np.argmax(expected))
    listed = _named(sample, missing.tolist())
    surprising = expected[worst] >= _EXPECTED
    promised = (
        f", though the scores promise {expected[worst]:,.0f} rows of "
        f"{sample.class_name(int(missing[worst]))} (a warning from {_EXPECTED:.0f})"
        if surprising
        else ""
    )
    return Finding(
        "missing_classes",
        "warning" if surprising else "note",
        f"{missing.size:,} of {sample.k:,} classes have no row{promised}: {listed}.",
        "Look whether rows were filtered or labels renumbered."
        if surprising
        else "Nothing class by class can be fitted or measured for them.",
    )


def rare_classes(sample: Sample) -> Finding | None:
    """Find classes with fewer than ten rows, but at least one."""
    rare = np.flatnonzero((sample.label_counts > 0) & (sample.label_counts < _FEW_ROWS))
    if rare.size == 0:
        return None
    return Finding(
        "rare_classes",
        "note",
        f"{rare.size:,} of {sample.k:,} classes have fewer than {_FEW_ROWS} rows: "
        f"{_named(sample, rare.tolist())}.",
        "Read class-wise numbers with care, and prefer methods that do not fit every class by itself.",
    )


def _named(sample: Sample, indices: list[int]) -> str:
    names = ", ".join(sample.class_name(index).removeprefix("class ") for index in indices[:_NAMED])
    return names if len(indices) <= _NAMED else f"{names}, …"
