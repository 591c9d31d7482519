"""Calibrators whose fit is a solver over sums, so that rows may come in parts."""

from __future__ import annotations

from abc import abstractmethod

from calibrant.calibrators.base import Calibrator
from calibrant.engine import Engine
from calibrant.predictions import Predictions, Table


class SummedCalibrator(Calibrator):
    """A method that asks for nothing but sums over rows."""

    @property
    def sums_over_rows(self) -> bool:
        """Whether the fit takes soft labels, and rows in parts."""
        return True

    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        return self._fit_table(Table.whole(predictions, engine))

    @abstractmethod
    def _fit_table(self, table: Table) -> float:
        """Learn, and return the log-loss on the rows after the fit."""
