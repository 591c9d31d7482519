"""Weight, mean and spread of one value a row: a state that merges without losing digits."""

from __future__ import annotations

from dataclasses import dataclass

from calibrant._typing import Floats


@dataclass(frozen=True, slots=True)
class Moments:
    """What an interval of a mean needs.

    Attributes
    ----------
    weight : float
        Summed weight W; a weight of w counts as w rows.
    mean : float
        Weighted mean.
    squares : float
        Σ w (value - mean)².
    """

    weight: float = 0.0
    mean: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Floats, weight: Floats) -> Moments:
        """Return the moments of values (n,) with weights (n,), empty for 1."""
        if weight.size == 0:
            mean = float(values.sum()) / len(values) if len(values) else 0.0
            return cls(float(len(values)), mean, float(((values - mean) ** 2).sum()))
        total = float(weight.sum())
        if total == 0:
            return cls()
        mean = float(weight @ values) / total
        return cls(total, mean, float(weight @ (values - mean) ** 2))

    def merge(self, other: Moments) -> Moments:
        """Return the moments of both sets of rows (Chan, Golub & LeVeque 1983, eq. 2.1)."""
        total = self.weight + other.weight
        if self.weight == 0 or other.weight == 0:
            return other if self.weight == 0 else self
        apart = other.mean - self.mean
        return Moments(
            total,
            self.mean + apart * (other.weight / total),
            self.squares + other.squares + apart**2 * (self.weight * other.weight / total),
        )
