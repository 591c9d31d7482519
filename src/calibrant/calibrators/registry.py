"""The calibrators by name: the same names in Python, on the command line and in stored files."""

from __future__ import annotations

from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.identity import Identity
from calibrant.calibrators.temperature import TemperatureScaling
from calibrant.errors import InvalidArgument

CALIBRATORS: dict[str, type[Calibrator]] = {
    "identity": Identity,
    "temperature": TemperatureScaling,
}


def calibrator(name: str) -> Calibrator:
    """Build the calibrator with this name, unfitted and with its defaults.

    Raises
    ------
    InvalidArgument
        There is none of that name.

    Examples
    --------
    >>> calibrator("temperature").method
    'temperature'
    """
    if name not in CALIBRATORS:
        raise InvalidArgument(
            f"there is no calibrator {name!r}; choose from {', '.join(sorted(CALIBRATORS))}."
        )
    return CALIBRATORS[name]()
