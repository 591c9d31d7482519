"""What a recipe is: data, network, training, seeds, figures, and what its source reports.

It is read by `library`; nothing runs here.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from calibrant.datasets.spec import DataSpec
from calibrant.nets.spec import NetSpec
from calibrant.train.spec import TrainSpec

Positive = Annotated[float, Field(gt=0.0)]
Temperature = Annotated[float, Field(ge=1e-6, le=1e6)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]

_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FigureSpec(BaseModel):
    """What to draw besides the reliability diagrams.

    Parameters
    ----------
    class_name : str, optional
        Class whose probability the before/after overlay shows; by default the top label's confidence.
    temperatures : tuple of float
        Temperatures of the thin lines and of the curves against T, measured on test rows to be looked at.
    fixed_temperatures : tuple of float
        Temperatures at which a whole reliability diagram and its table of bins are wanted, beside those at
        the fitted T. Empty leaves both out.
    """

    model_config = _STRICT

    class_name: str | None = None
    temperatures: tuple[Temperature, ...] = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0)
    fixed_temperatures: tuple[Temperature, ...] = ()


class BackboneSpec(BaseModel):
    """A network that is trained first, whose weights another recipe starts from; all but the last layer's.

    Parameters
    ----------
    recipe : str
        Name of the recipe that trains it.
    seed : int
        Seed of that run.
    overrides : tuple of str
        Settings of that recipe to change, such as ``"train.epochs=2"``.
    """

    model_config = _STRICT

    recipe: str
    seed: Seed = 0
    overrides: tuple[str, ...] = ()


class Expected(BaseModel):
    """A result that the recipe must reach on test rows, with its tolerance.

    Parameters
    ----------
    value, tolerance : float
        The mean over the recipe's seeds lies in value ± tolerance.
    reported : float, optional
        What the source reports.
    """

    model_config = _STRICT

    value: float
    tolerance: float = Field(ge=0.0)
    reported: float | None = None

    def holds(self, measured: float) -> bool:
        """Return whether a measured mean is as expected."""
        return abs(measured - self.value) <= self.tolerance


class Measured(BaseModel):
    """A result as measured with this recipe.

    Parameters
    ----------
    mean : float
        Mean over seeds.
    spread : float, optional
        Sample standard deviation over them; None where it is one.
    """

    model_config = _STRICT

    mean: float
    spread: float | None = Field(default=None, ge=0.0)


class Recipe(BaseModel):
    """An experiment.

    Parameters
    ----------
    title, summary : str
        What it is, for people.
    source : str
        Where the setting and the reported figures come from, and where this procedure differs.
    command : str
        What repeats it.
    cost : str
        Time on two CPU cores.
    seeds : tuple of int
        Seeds of the runs.
    data, net, train, figures
        The parts.
    backbone : BackboneSpec, optional
        A network that is trained first; `net` starts from its weights.
    expected : mapping of str to Expected
        By result name (`calibrant.recipes.results.RESULTS`).
    measured : mapping of str to Measured
        By result name, over `seeds`.
    """

    model_config = _STRICT

    title: str
    summary: str
    source: str
    command: str
    cost: str
    seeds: tuple[Seed, ...] = Field(default=(0,), min_length=1)
    data: DataSpec
    net: NetSpec
    train: TrainSpec = TrainSpec()
    figures: FigureSpec = FigureSpec()
    backbone: BackboneSpec | None = None
    expected: dict[str, Expected] = {}
    measured: dict[str, Measured] = {}

    @model_validator(mode="after")
    def _check_start(self) -> Self:
        if self.backbone is not None and (self.net.pretrained or self.net.weights is not None):
            raise ValueError(
                "backbone says where the weights come from; leave net.pretrained and net.weights out"
            )
        return self
