"""Calibrators whose fit is a solver over sums, so that rows may come in parts and labels be soft."""

from __future__ import annotations

from calibrant.calibrators.parted import PartedCalibrator


class SummedCalibrator(PartedCalibrator):
    """A method that minimises one weighted sum over rows."""

    @property
    def sums_over_rows(self) -> bool:
        """Whether the fit takes soft labels."""
        return True
