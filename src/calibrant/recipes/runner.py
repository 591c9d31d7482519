"""From a recipe to a run directory: train, predict, fit T on validation, report on test.

What a finished run looks like on disk is the business of `artefacts`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from torch import nn

from calibrant.analysis import BeforeAfter, before_after
from calibrant.atomic import make_folder
from calibrant.calibrators import TemperatureScaling
from calibrant.datasets.images import ImageData
from calibrant.datasets.load import load
from calibrant.errors import InvalidRecipe
from calibrant.held import held
from calibrant.nets.heads import head_named
from calibrant.nets.layers import LayerRow, summary
from calibrant.nets.registry import build
from calibrant.nets.spec import RUN, NetSpec
from calibrant.pictures.progress import Progress as Reading
from calibrant.pictures.progress import silent
from calibrant.printable import listed
from calibrant.recipes.library import write_recipe
from calibrant.recipes.recipe import Recipe
from calibrant.recipes.results import results_of
from calibrant.train.history import EpochRow
from calibrant.train.loop import TrainResult, fit
from calibrant.train.predict import RunPredictions, write_predictions
from calibrant.train.progress import Progress


@dataclass(frozen=True, eq=False)
class Run:
    """One finished run of a recipe.

    Attributes
    ----------
    recipe : Recipe
        As run: with the overrides, and this run's seed alone.
    name : str
        The recipe's name.
    seed : int
        Of weights, order of images, augmentation and dropout.
    folder : Path
        Where its files are.
    data : ImageData
        What it was trained on.
    layers : tuple of LayerRow
        The network.
    history : tuple of EpochRow
        Every epoch.
    predictions : RunPredictions
        Logits of the validation and test rows.
    calibrator : TemperatureScaling
        Fitted on the validation rows.
    comparison : BeforeAfter
        The test rows before and after.
    validation_reused : bool
        Whether early stopping used the validation rows too.
    """

    recipe: Recipe
    name: str
    seed: int
    folder: Path
    data: ImageData
    layers: tuple[LayerRow, ...]
    history: tuple[EpochRow, ...]
    predictions: RunPredictions
    calibrator: TemperatureScaling
    comparison: BeforeAfter
    validation_reused: bool

    @property
    def results(self) -> dict[str, float]:
        """The numbers that recipes state, by name."""
        seconds = median(row.seconds for row in self.history)
        return results_of(self.comparison, self.calibrator.temperature_, seconds)


def load_data(
    recipe: Recipe, data_path: str | os.PathLike[str] | None = None, *, progress: Reading = silent
) -> ImageData:
    """Load the recipe's images, from `data_path` where it is given; `progress` is told how many are read.

    Raises
    ------
    DataUnavailable
        The images cannot be had.
    InvalidRecipe
        A figure is to show a class that they do not have.
    """
    data = load(recipe.data, data_path=data_path, progress=progress)
    wanted = recipe.figures.class_name
    if wanted is not None and wanted not in data.classes:
        raise InvalidRecipe(
            f"figures.class_name: there is no class {wanted!r}; classes: {listed(data.classes)}."
        )
    return data


def train_recipe(
    recipe: Recipe,
    data: ImageData,
    *,
    seed: int,
    folder: str | os.PathLike[str],
    progress: Progress | None = None,
    backbone: str | os.PathLike[str] | None = None,
) -> TrainResult:
    """Train the recipe's network, or continue or fetch the run in `folder`, and do nothing more.

    Under ``torchrun`` that is what every process but the first does. Arguments and errors as in `run_recipe`.
    """
    net = _network(recipe, data, seed, backbone)
    return _trained(net, recipe, data, seed, Path(folder), progress)


def run_recipe(
    recipe: Recipe,
    data: ImageData,
    *,
    name: str,
    seed: int,
    folder: str | os.PathLike[str],
    progress: Progress | None = None,
    backbone: str | os.PathLike[str] | None = None,
) -> Run:
    """Train the recipe's network, or continue or fetch the run in `folder`; calibrate it and evaluate it.

    Parameters
    ----------
    recipe : Recipe
        What to run.
    data : ImageData
        Its images, from `load_data`.
    name : str
        The recipe's name.
    seed : int
        Of weights, order of images, augmentation and dropout; the split has its own.
    folder : path
        Receives the run; made where it is missing.
    progress : Progress, optional
        Told how training is getting on.
    backbone : path, optional
        Folder of the finished run that `recipe.backbone` asks for (`calibrant.recipes.backbone`).

    Raises
    ------
    InvalidRun
        `folder` holds another run, or a damaged one; `backbone` holds no finished run.
    InvalidRecipe
        The recipe starts from another network and `backbone` is not given.
    FolderInUse
        Another process makes the run.
    """
    net = _network(recipe, data, seed, backbone)  # first, as one that cannot be built leaves no folder
    target = make_folder(folder)
    as_run = recipe.model_copy(update={"seeds": (seed,)})
    with held(target):
        trained = _trained(net, recipe, data, seed, target, progress)
        write_recipe(as_run, target / "recipe.toml")
        predictions = write_predictions(trained.net, data, target)
        calibrator = TemperatureScaling().fit(predictions.validation)
        calibrator.save(target / "temperature.json")
    return Run(
        recipe=as_run,
        name=name,
        seed=seed,
        folder=target,
        data=data,
        layers=summary(trained.net, (data.channels, data.image_size, data.image_size)),
        history=trained.history,
        predictions=predictions,
        calibrator=calibrator,
        comparison=before_after(predictions.test, calibrator),
        validation_reused=trained.validation_used_for_early_stopping,
    )


def _network(
    recipe: Recipe, data: ImageData, seed: int, backbone: str | os.PathLike[str] | None
) -> nn.Module:
    return build(
        _start(recipe, backbone),
        classes=len(data.classes),
        channels=data.channels,
        image_size=data.image_size,
        seed=seed,
    )


def _trained(
    net: nn.Module, recipe: Recipe, data: ImageData, seed: int, folder: Path, progress: Progress | None
) -> TrainResult:
    head = head_named(recipe.net.head, classes=len(data.classes))
    return fit(net, head, data, recipe.train, folder=folder, seed=seed, progress=progress)


def _start(recipe: Recipe, backbone: str | os.PathLike[str] | None) -> NetSpec:
    if recipe.backbone is None:
        return recipe.net
    if backbone is None:
        raise InvalidRecipe(
            f"this recipe starts from a network that the recipe {recipe.backbone.recipe!r} trains; "
            "train that first, and pass its folder as `backbone`."
        )
    return recipe.net.model_copy(update={"pretrained": f"{RUN}{os.fspath(backbone)}"})
