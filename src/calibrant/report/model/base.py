"""What every part of a report is: frozen, strict, and of finite numbers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A part of a report. Unknown fields, NaN and infinity are refused; None stands for what is undefined."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Model):
    """An interval that covers the true value with a probability."""

    low: float
    high: float
    level: float
