"""What a study is: the settings that vary, at three scales, and the table and figure it ends in.

It is read by `library` and becomes runs in `grid`; nothing runs here.
"""

from __future__ import annotations

from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from calibrant.recipes.recipe import Seed

ScaleName = Literal["smoke", "cpu", "full"]
EndingName = Literal["factor", "losses", "diagrams", "calibrators", "overfitting"]
Value = bool | int | float | str
"""What a setting may be set to."""

SCALES: tuple[ScaleName, ...] = get_args(ScaleName)

_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Variation(BaseModel):
    """The setting that varies within each series.

    Parameters
    ----------
    setting : str
        Its place in a recipe, such as ``"net.depth"``.
    title : str
        What it is called in the table and along the axis.
    axis : {"linear", "log", "even"}
        How its values lie along the axis; ``"even"`` for those that are no numbers, or include 0.
    """

    model_config = _STRICT

    setting: str = Field(pattern=r"^(data|net|train)\.[a-z_]+$")
    title: str
    axis: Literal["linear", "log", "even"] = "even"


class Series(BaseModel):
    """Runs that a figure joins: one network, one loss, and the values of what varies.

    Parameters
    ----------
    name : str
        What it is called in the table and the figure.
    values : tuple
        Values of the setting that varies; empty where nothing does.
    data, net, train : mapping
        Settings of a recipe that differ from those of the scale.
    """

    model_config = _STRICT

    name: str = Field(min_length=1)
    values: tuple[Value, ...] = ()
    data: dict[str, Any] = {}
    net: dict[str, Any] = {}
    train: dict[str, Any] = {}


class Scale(BaseModel):
    """A study at one size.

    Parameters
    ----------
    cost : str
        What it takes, and on what.
    seeds : tuple of int
        Seeds of the runs.
    data, net, train : mapping
        Settings of a recipe that all series share.
    series : tuple of Series
        What is run.
    """

    model_config = _STRICT

    cost: str
    seeds: tuple[Seed, ...] = Field(default=(0, 1, 2), min_length=1)
    data: dict[str, Any]
    net: dict[str, Any] = {}
    train: dict[str, Any] = {}
    series: tuple[Series, ...] = Field(min_length=1)


class Study(BaseModel):
    """A study.

    Parameters
    ----------
    title, summary : str
        What it is, and what it shows.
    source : str
        The paper and figure it repeats, and where it differs.
    ending : str
        The table and figure it ends in, a key of `calibrant.studies.endings.registry.ENDINGS`.
    vary : Variation, optional
        What varies within each series.
    scales : mapping of str to Scale
        ``"smoke"`` takes a minute or two, ``"cpu"`` on two cores, ``"full"`` is the paper's.
    """

    model_config = _STRICT

    title: str
    summary: str
    source: str
    ending: EndingName
    vary: Variation | None = None
    scales: dict[ScaleName, Scale] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_ending(self) -> Self:
        if (self.ending == "factor") != (self.vary is not None):
            raise ValueError('ending = "factor" goes with a section [vary], the other endings without one')
        return self
