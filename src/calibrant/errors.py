"""The errors calibrant raises on purpose: one root, one class per kind of mistake.

Their texts say what is wrong, what came and what to do. Programming errors are not among them.
"""

from __future__ import annotations

from typing import Self


class CalibrantError(Exception):
    """Root of every error that calibrant raises on purpose.

    Parameters
    ----------
    text : str
        What is wrong, what came, what to do; with `row`, the number stands in it as ``{row}``.
    row : int, optional
        The row that is wrong, counted from 0.

    Examples
    --------
    >>> error = InvalidPredictions("labels must be 0 or more; got -1 at row {row}.", row=3)
    >>> print(error.counted_from(1000))
    labels must be 0 or more; got -1 at row 1003.
    """

    def __init__(self, text: str = "", *, row: int | None = None) -> None:
        super().__init__(text if row is None else text.replace("{row}", str(row)))
        self.text = text
        self.row = row

    def counted_from(self, first: int) -> Self:
        """Return the error with its row counted from another start: these rows begin at row `first`."""
        return type(self)(self.text, row=None if self.row is None else self.row + first)


class InvalidPredictions(CalibrantError, ValueError):
    """Scores or labels that cannot be predictions: shapes, ranges, NaN, rows that do not sum to 1."""


class EmptyPredictions(InvalidPredictions):
    """There is no row (or no positive weight) to compute from."""


class InvalidArgument(CalibrantError, ValueError):
    """An argument outside what the function accepts."""


class UnreadableFile(CalibrantError, OSError):
    """A file that is missing, truncated, foreign or in a format that is not known."""


class UnwritableFile(CalibrantError, OSError):
    """A file that could not be written; nothing half-written is left behind."""


class NotFitted(CalibrantError):
    """A calibrator was asked to transform before it was fitted."""


class FitFailed(CalibrantError):
    """The data admit no finite fit, and no flagged result would be honest."""


class IncompatiblePredictions(CalibrantError, ValueError):
    """A stored calibrator does not fit these predictions: other classes, other k."""


class InvalidRecipe(CalibrantError, ValueError):
    """A recipe with an unknown key, a value of the wrong type or out of range."""


class InvalidStudy(CalibrantError, ValueError):
    """A study that does not exist, with an unknown key, or without the scale that was asked for."""


class FailedRuns(CalibrantError):
    """Runs of a study that failed; the others went on and are kept."""


class DataUnavailable(CalibrantError):
    """Data or published weights that cannot be had: no such folder, no network, no such class."""


class InvalidRun(CalibrantError):
    """A run directory that belongs to another recipe or holds something foreign."""


class FolderInUse(CalibrantError, OSError):
    """A folder that another process is writing to."""


class ClusterUnavailable(CalibrantError, OSError):
    """A cluster that cannot be reached, has no workers, or loses them faster than they can work."""


class LogFailed(CalibrantError):
    """A tool that a run is logged to does not take the log."""


class ExportFailed(CalibrantError):
    """A network cannot be written for other programs, or what was written says something else."""


class MissingPackage(CalibrantError, ImportError):
    """A package that calibrant works with, but does not bring, is not installed."""


class MissingExtra(CalibrantError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, feature: str, extra: str, package: str) -> None:
        super().__init__(
            f"{feature} needs the package {package!r}, which is not installed. "
            f"Install it with: pip install 'calibrant[{extra}]'"
        )
        self.extra = extra
        self._made_of = (feature, extra, package)

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str, str]]:
        return MissingExtra, self._made_of
