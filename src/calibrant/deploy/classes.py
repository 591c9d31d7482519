"""Whether a calibrator was fitted on the classes that it is now to be used with."""

from __future__ import annotations

from typing import Literal

from calibrant.calibrators.base import FitRecord
from calibrant.errors import IncompatiblePredictions

ComparedClasses = Literal["names", "number", "nothing"]
"""What of the classes both sides said, so that it could be compared."""


def compare_classes(
    record: FitRecord | None, classes: tuple[str, ...] | None, k: int, *, calibrator: str, other: str
) -> ComparedClasses:
    """Compare the classes of a calibrator with those of its inputs, as far as both say them.

    Parameters
    ----------
    record : FitRecord or None
        What the calibrator says of its fit.
    classes : tuple of str, optional
        Names of the classes of the inputs.
    k : int
        Number of the classes of the inputs.
    calibrator, other : str
        What errors call the two.

    Raises
    ------
    IncompatiblePredictions
        They are others, or in another order.
    """
    if record is None:
        return "nothing"
    if record.k != k:
        raise IncompatiblePredictions(f"{calibrator} was fitted on {record.k} classes, and {other} has {k}.")
    if record.classes is None or classes is None:
        return "number"
    for index, (fitted, own) in enumerate(zip(record.classes, classes, strict=True)):
        if fitted != own:
            raise IncompatiblePredictions(
                f"{calibrator} was fitted on other classes than those of {other}, or in another order: "
                f"class {index} is {fitted!r} there and {own!r} in {other}. Fit it on predictions with these."
            )
    return "names"
