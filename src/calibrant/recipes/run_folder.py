"""The folder of a finished run, read for its report: files that need neither PyTorch nor the data set.

What a network needs to predict is read by `finished`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel

from calibrant.calibrators import TemperatureScaling, load
from calibrant.errors import InvalidRun
from calibrant.foreign import json_value
from calibrant.io import read
from calibrant.plain import read_bytes
from calibrant.predictions import Predictions
from calibrant.recipes.details import RunDetails, read_details
from calibrant.recipes.library import load_recipe
from calibrant.recipes.recipe import Recipe
from calibrant.train.history import NAME as HISTORY
from calibrant.train.history import EpochRow, read_history

TEST, VALIDATION, TEMPERATURE = "test.npz", "val.npz", "temperature.json"
_FILES = ("recipe.toml", "metrics.jsonl", TEST, VALIDATION, TEMPERATURE, "evaluation.json")


class DataFacts(BaseModel):
    """What `evaluation.json` says about the images."""

    classes: tuple[str, ...]
    train_rows: int
    validation_rows: int
    test_rows: int
    split_hash: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    image_size: int
    skipped_images: int


class Evaluated(BaseModel):
    """What the report needs of `evaluation.json`."""

    recipe: str
    seed: int
    validation_used_for_early_stopping: bool
    data: DataFacts


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What the files of a finished run say.

    Attributes
    ----------
    path : Path
        The folder.
    recipe : Recipe
        As it was run.
    evaluated : Evaluated
        Name, seed and data.
    history : tuple of EpochRow
        Every epoch.
    test, validation : Predictions
        Logits.
    calibrator : TemperatureScaling
        Fitted on the validation rows.
    details : RunDetails
        Layers and example images.
    """

    path: Path
    recipe: Recipe
    evaluated: Evaluated
    history: tuple[EpochRow, ...]
    test: Predictions
    validation: Predictions
    calibrator: TemperatureScaling
    details: RunDetails


def read_run_folder(path: Path) -> RunFolder:
    """Read what a run left.

    Raises
    ------
    InvalidRun
        The folder holds no finished run, or a damaged one.
    """
    check_finished(path, _FILES)
    return RunFolder(
        path=path,
        recipe=load_recipe(str(path / "recipe.toml")),
        evaluated=_evaluated(path / "evaluation.json"),
        history=_finite(read_history(path), path),
        test=read(path / TEST),
        validation=read(path / VALIDATION),
        calibrator=read_temperature(path),
        details=read_details(path),
    )


def _finite(rows: tuple[EpochRow, ...], folder: Path) -> tuple[EpochRow, ...]:
    for row in rows:
        broken = [name for name, value in asdict(row).items() if not math.isfinite(value)]
        if broken:
            raise InvalidRun(
                f"{folder / HISTORY} has no finite {broken[0]} in epoch {row.epoch}: the training failed. "
                "Train again with a lower learning rate."
            )
    return rows


def check_finished(folder: Path, names: Iterable[str]) -> None:
    """Raise `InvalidRun` where one of the files of a finished run is not there."""
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise InvalidRun(
            f"{folder} holds no finished run: there is no {missing[0]}. "
            "Name the folder that `calibrant run` or `calibrant train` wrote, and let it finish."
        )


def read_temperature(folder: Path) -> TemperatureScaling:
    """Return the temperature of a run.

    Raises
    ------
    InvalidRun
        The file holds another method.
    """
    calibrator = load(folder / TEMPERATURE)
    if not isinstance(calibrator, TemperatureScaling):
        raise InvalidRun(f"{folder / TEMPERATURE} holds no temperature but the method {calibrator.method!r}.")
    return calibrator


def _evaluated(path: Path) -> Evaluated:
    stored = read_bytes(path)
    try:
        return Evaluated.model_validate(json_value(stored))
    except ValueError as error:
        raise InvalidRun(
            f"{path} is damaged ({type(error).__name__}). Run the recipe again to write it afresh; "
            "nothing is trained twice."
        ) from error
