"""From the name of a method and its parameters to a calibrator.

The names are those of the registry; none is added here.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any

from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.registry import calibrator
from calibrant.errors import InvalidArgument


def build_calibrator(method: str, method_params: Mapping[str, Any] | None) -> Calibrator:
    """Return an unfitted calibrator.

    Parameters
    ----------
    method : str
        Its registered name.
    method_params : mapping, optional
        Arguments of its constructor; the others keep their defaults.

    Raises
    ------
    InvalidArgument
        There is no such method, or it has no such parameter.

    Examples
    --------
    >>> build_calibrator("histogram", {"bins": 10}).bins
    10
    """
    made_by = type(calibrator(method))
    parameters = dict(method_params or {})
    accepted = signature(made_by)
    try:
        accepted.bind(**parameters)
    except TypeError as error:
        names = ", ".join(accepted.parameters) or "no parameters"
        raise InvalidArgument(f"method_params: {error}. The method {method!r} takes {names}.") from error
    return made_by(**parameters)
