"""A recipe for images of one's own, made from a few options; everything else keeps its default.

It is checked like any other recipe, and written into the run's folder, so it can be run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calibrant.recipes.library import check_recipe, override
from calibrant.recipes.recipe import Recipe

_SOURCE = "Made by calibrant train from its options; nobody has published it."


def own_recipe(
    *,
    net: str,
    data: str,
    epochs: int | None = None,
    seed: int = 0,
    settings: Sequence[str] = (),
    command: str = "calibrant train",
) -> Recipe:
    """Return a recipe that trains a network on a data set.

    Parameters
    ----------
    net : str
        Its name, such as ``"timm/resnet18"``.
    data : str
        A folder of images or of parquet files, a data set of the hub, or ``"digits"``.
    epochs : int, optional
        Passes over the training images.
    seed : int
        Seed of the run.
    settings : sequence of str
        Any other setting of a recipe, such as ``"train.learning_rate=1e-4"``; they come last.
    command : str
        What the recipe says repeats it.

    Raises
    ------
    InvalidRecipe
        A misspelt key, a value of the wrong type or out of range.

    Examples
    --------
    >>> own_recipe(net="lenet5", data="digits", epochs=2).title
    'lenet5 on digits'
    """
    folder = Path(data)
    content: dict[str, Any] = {
        "title": f"{net} on {folder.name or data}",
        "summary": "A network trained on images of one's own, calibrated on some and reported on others.",
        "source": _SOURCE,
        "command": command,
        "cost": "not measured",
        "seeds": [seed],
        # In full, so that the recipe can be run from anywhere.
        "data": {"name": str(folder.resolve()) if folder.is_dir() else data},
        "net": {"name": net},
        "train": {} if epochs is None else {"epochs": epochs},
    }
    for setting in settings:
        override(content, setting)
    return check_recipe(content, "calibrant train")
