"""Calibrators whose fit goes over parts of rows, and for which rows in memory are a table of one part."""

from __future__ import annotations

from abc import abstractmethod

from calibrant.calibrators.base import Calibrator
from calibrant.engine import Engine
from calibrant.predictions import Predictions, Table


class PartedCalibrator(Calibrator):
    """A method that never needs all rows at once."""

    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        return self._fit_table(Table.whole(predictions, engine))

    @abstractmethod
    def _fit_table(self, table: Table) -> float:
        """Learn, and return the log-loss on the rows after the fit."""
