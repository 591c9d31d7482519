"""The run that a recipe starts from is written below the folder of runs, wherever its recipe lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.recipes.backbone import backbone_folder
from calibrant.recipes.recipe import BackboneSpec


def folder_of(recipe: str, *overrides: str) -> Path:
    return backbone_folder(BackboneSpec(recipe=recipe, overrides=overrides), "runs")


@pytest.mark.parametrize("recipe", ["first.toml", "/elsewhere/first.toml", "../../elsewhere/first.toml"])
def test_nothing_is_written_outside(recipe: str) -> None:
    runs, name, seed = folder_of(recipe).parts
    assert (runs, name.startswith("first-"), seed) == ("runs", True, "seed-0")


def test_recipes_of_one_name_in_two_folders_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_of("first") == Path("runs/first/seed-0")
    kept = {folder_of(name) for name in ("first", "a/first.toml", "b/first.toml", "first.toml")}
    assert len(kept) == 4
    assert folder_of("a/first.toml") == folder_of(str(tmp_path / "a" / "first.toml"))
    assert folder_of("a/first.toml", "train.epochs=2") not in kept
