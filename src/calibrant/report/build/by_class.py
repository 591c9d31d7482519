"""Every class against the rest, the worst first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from calibrant.report.build.class_sums import ClassSums
from calibrant.report.model import ClassRow

DRAWN = 12
"""So many of the worst classes have diagrams."""

MOST_CLASSES = 1_000
"""So many of the worst classes are listed."""


def class_rows(
    before: ClassSums, after: ClassSums | None, name_of: Callable[[int], str]
) -> tuple[ClassRow, ...]:
    """Return a row a class, the largest one-class ECE first, of the worst 1,000 alone where there are more.

    Parameters
    ----------
    before, after : ClassSums
        Of the probabilities as they came and of the calibrated ones.
    name_of : callable
        From the number of a class to its name.
    """
    errors = before.ece, None if after is None else after.ece
    worst_first = np.argsort(-(errors[0] if errors[1] is None else errors[1]), kind="stable").tolist()
    weight, probability, frequency = (before.state.sums[:, :, column].sum(axis=1) for column in (1, 2, 3))
    return tuple(
        ClassRow(
            name=name_of(index),
            n=int(before.rows[index]),
            frequency=min(float(frequency[index] / weight[index]), 1.0),
            mean_probability=float(probability[index] / weight[index]),
            recall=min(float(before.recalled[index] / frequency[index]), 1.0)
            if frequency[index] > 0
            else None,
            ece_before=float(errors[0][index]),
            ece_after=None if errors[1] is None else float(errors[1][index]),
            before=before.diagram(index) if place < DRAWN else None,
            after=after.diagram(index) if after is not None and place < DRAWN else None,
        )
        for place, index in enumerate(worst_first[:MOST_CLASSES])
    )
