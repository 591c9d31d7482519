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
        Bins asked for.
    edges : str, optional
        Which end of a bin belongs to it.
    norm : {"l1", "l2", "max"}, optional
        How the gaps of the bins were joined.
    debiased : bool, optional
        Whether the bias from finite bins was subtracted.
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

    def to_json(self) -> dict[str, Any]:
        """Return the fields that apply."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        if self.notion is None:
            return f"{self.definition}, n = {self.n}"
        notion = self.notion if self.class_index is None else f"class {self.class_index}"
        return f"{notion}, {self.bins} {self.scheme} bins {self.edges}, {self.norm}, n = {self.n}"
