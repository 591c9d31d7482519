"""Calibrators of fits that were made elsewhere, as on a device by `calibrant.array_api`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from calibrant.calibrators.base import Calibrator, FitRecord
from calibrant.calibrators.stored import restored

UNSEEN_ROWS = "unknown"
"""Stands for the fingerprint of rows that never came to this process."""


class Fit(Protocol):
    """A method's name, what its stored calibrator keeps, and what it was fitted on."""

    @property
    def method(self) -> str:
        """The name in the registry."""
        ...

    @property
    def n(self) -> int:
        """Rows."""
        ...

    @property
    def k(self) -> int:
        """Classes."""
        ...

    @property
    def nll(self) -> float:
        """Log-loss on those rows after the fit, nats a row."""
        ...

    def parameters(self) -> Mapping[str, Any]:
        """Return what was learned, as JSON values."""
        ...


def from_fit(fit: Fit) -> Calibrator:
    """Return the calibrator that transforms and is saved as if it had been fitted here, on logits.

    It does not know its rows again: their fingerprint was never taken.

    Raises
    ------
    InvalidArgument
        There is no such method.
    UnreadableFile
        A parameter that cannot be.
    """
    calibrator = restored(fit.method, fit.parameters())
    calibrator.fitted_on_ = FitRecord(fit.n, fit.k, None, UNSEEN_ROWS, fit.nll, "logits")
    return calibrator
