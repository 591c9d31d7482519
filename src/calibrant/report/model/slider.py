"""What a reader sees when he turns the temperature himself: bin sums at many temperatures, no rows."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from calibrant.report.model.base import Model, check_lengths


class Mark(Model):
    """A temperature with a name, one of the slider's.

    Attributes
    ----------
    index : int
        Its place among the temperatures.
    label : str
        Such as "as it is" or "fitted".
    """

    index: int
    label: str


class Slider(Model):
    """Top-label bins and metrics of softmax(z / T) at t ascending temperatures.

    Attributes
    ----------
    temperatures : tuple of float, (t,)
        Ascending, T = 1, the fitted T and the asked ones among them.
    marks : tuple of Mark
        Temperatures worth a mark.
    lower, upper : tuple of float, (m,)
        Ends of the bins.
    weight, confidence, correct : tuple of tuple of float, (t, m)
        Sums over the rows of each bin: weight, weight times confidence, weight of the right rows.
    ece, mce, nll, brier : tuple of float, (t,)
        As Python computes them.
    accuracy : float
        The same at every temperature.
    """

    temperatures: tuple[float, ...]
    marks: tuple[Mark, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    weight: tuple[tuple[float, ...], ...]
    confidence: tuple[tuple[float, ...], ...]
    correct: tuple[tuple[float, ...], ...]
    ece: tuple[float, ...]
    mce: tuple[float, ...]
    nll: tuple[float, ...]
    brier: tuple[float, ...]
    accuracy: float

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        t, sums = len(self.temperatures), (self.weight, self.confidence, self.correct)
        check_lengths(t, (*sums, self.ece, self.mce, self.nll, self.brier), "the temperatures")
        check_lengths(len(self.lower), (self.upper, *(row for table in sums for row in table)), "the bins")
        if not all(0 <= mark.index < t for mark in self.marks):
            raise ValueError(f"marks stand at temperatures 0..{t - 1}")
        return self
