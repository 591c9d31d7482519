"""A recipe's settings by name, flat, as tools that compare runs want them.

The names are those by which `--set` changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from calibrant.recipes.recipe import Recipe

Setting = bool | int | float | str


def hyperparameters(recipe: Recipe, *, name: str, seed: int) -> dict[str, Setting]:
    """Return the settings of data, network and training, with the recipe's name and the run's seed.

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
