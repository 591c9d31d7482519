"""The log of a recipe's run: what tools that compare runs are told of its settings.

The names of settings are those by which `--set` changes them; the tools are the business of `train.loggers`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from calibrant.recipes.recipe import Recipe
from calibrant.train.loggers.logged_run import LoggedRun, Setting
from calibrant.train.loggers.run_log import RunLog


def run_log(
    tools: Sequence[str], recipe: Recipe, *, name: str, seed: int, folder: str | os.PathLike[str]
) -> RunLog:
    """Return the log of a run, to be passed to `run_recipe` as its progress and concluded afterwards.

    Parameters
    ----------
    tools : sequence of {"tensorboard", "wandb", "mlflow"}
        What to log to; none is right too.
    recipe, name, seed, folder
        As in `calibrant.recipes.runner.run_recipe`.
    """
    return RunLog(tools, LoggedRun(Path(folder), f"{name}, seed {seed}", hyperparameters(recipe, name, seed)))


def hyperparameters(recipe: Recipe, name: str, seed: int) -> dict[str, Setting]:
    """Return the settings of data, network and training, flat, with the recipe's name and the run's seed.

    Settings that are not set are left out; lists become text, separated by commas.
    """
    sections = recipe.model_dump(mode="json", include={"data", "net", "train"}, exclude_none=True)
    return {"recipe": name, "seed": seed, **dict(_flat(sections))}


def _flat(section: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Setting]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, ", ".join(map(str, value)) if isinstance(value, list) else value
