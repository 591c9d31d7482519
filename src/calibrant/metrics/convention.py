"""What a number means: the choices that two tools make differently and never print."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Notion = Literal["top-label", "class-wise", "one-class"]
Scheme = Literal["equal-width", "equal-mass"]
Norm = Literal["l1", "l2", "max"]

DEFAULT_BINS = 15


@dataclass(frozen=True, slots=True)
class Convention:
    """The convention under which a value was computed. Fields that do not apply are None.

    Attributes
    ----------
    definition : str
        The formula in words.
    n : int
        Rows behind the value.
    notion : {"top-label", "class-wise", "one-class"}, optional
        Whose confidence is compared with whose frequency.
    class_index : int, optional
        The class of the notion "one-class".
    scheme : {"equal-width", "equal-mass"}, optional
        How the bins were cut.
    bins : int, optional
        Bins asked for, or found where a metric finds their number.
    edges : str, optional
        Which end of a bin belongs to it.
    norm : {"l1", "l2", "max"}, optional
        How the gaps of the bins were joined.
    debiased : bool, optional
        Whether the bias from finite bins was subtracted.
    uncorrected_bins : int, optional
        Bins of one row, whose bias could not be subtracted.
    threshold : float, optional
        Only probabilities above it were counted.
    kernel : str, optional
        What a metric without bins smoothed with.
    labels : {"soft"}, optional
        Set where the truth is counts of annotators, and the value an expectation over one of them a row.
    """

    definition: str
    n: int
    notion: Notion | None = None
    class_index: int | None = None
    scheme: Scheme | None = None
    bins: int | None = None
    edges: str | None = None
    norm: Norm | None = None
    debiased: bool | None = None
    uncorrected_bins: int | None = None
    threshold: float | None = None
    kernel: str | None = None
    labels: Literal["soft"] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields that apply."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        rows = f"n = {self.n}" + ("" if self.labels is None else f", {self.labels} labels")
        if self.notion is None:
            return f"{self.definition}, {rows}"
        notion = self.notion if self.class_index is None else f"class {self.class_index}"
        if self.bins is None:
            return f"{notion}, {self.definition}, {rows}"
        norm = f"{self.norm} debiased" if self.debiased else self.norm
        above = "" if self.threshold is None else f", p > {self.threshold}"
        return f"{notion}, {self.bins} {self.scheme} bins {self.edges}, {norm}{above}, {rows}"
