"""The run that a recipe starts from is written below the folder of runs, wherever its recipe lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.recipes.backbone import backbone_folder
from calibrant.recipes.recipe import BackboneSpec


@pytest.mark.parametrize(
    "recipe", ["first", "first.toml", "/elsewhere/first.toml", "../../elsewhere/first.toml"]
)
def test_nothing_is_written_outside(recipe: str) -> None:
    assert backbone_folder(BackboneSpec(recipe=recipe), "runs") == Path("runs/first/seed-0")
