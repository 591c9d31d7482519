"""Two files whose classes are not as many, have other names or stand in another order."""

from __future__ import annotations

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample


def same_classes(scored: Sample, fitted: Sample) -> Finding | None:
    """Find class names, or a number of classes, that differ between the files."""
    here, there = scored.classes, fitted.classes
    counted = scored.top_label is None or (here is not None and there is not None)
    if counted and scored.k != fitted.k:
        return Finding(
            "same_classes",
            "error",
            f"there are {scored.k} classes here and {fitted.k} in the fitting file.",
            "Give two files of the same network: nothing fitted on one can be applied to the other.",
        )
    if here is None or there is None or here == there:
        return None
    column = next(index for index in range(scored.k) if here[index] != there[index])
    order = "stand in another order" if set(here) == set(there) else "are others"
    return Finding(
        "same_classes",
        "error",
        f"the classes {order} than in the fitting file: column {column} is {here[column]!r} here and "
        f"{there[column]!r} there.",
        "Bring the columns of both files into the same order of classes.",
    )
