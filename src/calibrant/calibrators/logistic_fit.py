"""What a logistic regression a class has learned, and its stored form.

How it is fitted and applied is the business of `logistic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.errors import UnreadableFile
from calibrant.printable import shown


@dataclass(frozen=True, eq=False, slots=True)
class LogisticFit:
    """The coefficients of every problem.

    Attributes
    ----------
    coefficients : float64 array, (problems, m)
        Slopes, then the intercept.
    unbounded : tuple of int
        Classes whose log-loss has no finite optimum.
    """

    coefficients: Floats
    unbounded: tuple[int, ...]

    def encode(self) -> dict[str, Any]:
        """Return JSON values that `decode` takes back."""
        return {"coefficients": document.encode_array(self.coefficients), "unbounded": list(self.unbounded)}

    @classmethod
    def decode(cls, parameters: Mapping[str, Any], *, slopes: int) -> LogisticFit:
        """Return what `encode` left.

        Raises
        ------
        UnreadableFile
            Something is missing or out of range.
        """
        coefficients = document.decode_array(parameters, "coefficients", shape=(None, slopes + 1))
        if len(coefficients) in (0, 2):
            raise UnreadableFile("'coefficients' must have one row for two classes, else one for each.")
        labels = range(max(2, len(coefficients)))
        unbounded = parameters.get("unbounded")
        if not isinstance(unbounded, list) or not all(type(c) is int and c in labels for c in unbounded):
            raise UnreadableFile(
                f"'unbounded' must be a list of classes below {len(labels)}; got {shown(repr(unbounded))}."
            )
        return cls(coefficients, tuple(unbounded))

    def note(self) -> str:
        """Return what a description adds where classes are absent or separable."""
        if not self.unbounded:
            return ""
        which = "the only problem" if len(self.coefficients) == 1 else f"{len(self.unbounded)} classes"
        return f"; only the ridge keeps {which} finite (absent or separable)"
