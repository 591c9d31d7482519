"""What every part of a report is: frozen, strict, and of finite numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A part of a report. Unknown fields, NaN and infinity are refused; None stands for what is undefined."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Model):
    """An interval that covers the true value with a probability."""

    low: float
    high: float
    level: float


def check_lengths(length: int, columns: Iterable[Sequence[object] | None], of: str) -> None:
    """Raise `ValueError` where a column that is there has not one number for each of `of`."""
    if any(column is not None and len(column) != length for column in columns):
        raise ValueError(f"every column needs {length} numbers, one for each of {of}")
