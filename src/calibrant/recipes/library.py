"""Recipes by name or path: read, overridden, checked, and written back as they were run.

An error names the file, the key and the nearest key that exists.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from calibrant.atomic import write_text
from calibrant.errors import InvalidRecipe
from calibrant.foreign import toml_table
from calibrant.nearest import nearest
from calibrant.plain import read_text
from calibrant.recipes.explain import explain
from calibrant.recipes.recipe import Recipe
from calibrant.recipes.results import RESULTS

_LIBRARY = files("calibrant.recipes") / "library"


def recipe_names() -> list[str]:
    """Return the names of the recipes that come with the package."""
    return sorted(Path(entry.name).stem for entry in _LIBRARY.iterdir() if entry.name.endswith(".toml"))


def load_recipe(name: str, overrides: Sequence[str] = ()) -> Recipe:
    """Read a recipe of the library by its name, or a recipe file by its path.

    Parameters
    ----------
    name : str
        Name, or path ending in ``.toml``.
    overrides : sequence of str
        Settings such as ``"train.epochs=2"``; the value is TOML, or text.

    Raises
    ------
    InvalidRecipe
        No such recipe, a misspelt key, a value of the wrong type or out of range.
    """
    source, text = _read(name)
    try:
        content = toml_table(text, numbers="any")
    except ValueError as error:
        raise InvalidRecipe(f"{source} cannot be read as TOML: {error}.") from error
    for setting in overrides:
        override(content, setting)
    return check_recipe(content, source)


def check_recipe(content: Mapping[str, Any], source: str) -> Recipe:
    """Turn settings as TOML holds them into a recipe; `source` is what an error names.

    Raises
    ------
    InvalidRecipe
        As `load_recipe`.
    """
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        raise InvalidRecipe(f"{source}: {explain(error, Recipe)}") from error
    for section in (recipe.expected, recipe.measured):
        for key in section:
            if key not in RESULTS:
                raise InvalidRecipe(f"{source}: there is no result {key!r}.{nearest(key, RESULTS)}")
    return recipe


def write_recipe(recipe: Recipe, path: str | os.PathLike[str]) -> None:
    """Write a recipe as TOML; reading it back gives the same recipe."""
    write_text(path, recipe_text(recipe))


def recipe_text(recipe: Recipe) -> str:
    """Return a recipe as TOML."""
    return tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True), multiline_strings=True)


def _read(name: str) -> tuple[str, str]:
    if name.endswith(".toml"):
        return name, read_text(name, called=f"the recipe {name}")
    if name not in recipe_names():
        raise InvalidRecipe(
            f"there is no recipe {name!r}.{nearest(name, recipe_names())} "
            "`calibrant recipes` lists them; or give the path of a .toml file."
        )
    return f"{name}.toml", (_LIBRARY / f"{name}.toml").read_text(encoding="utf-8")


def override(content: dict[str, Any], setting: str) -> None:
    """Change `content`, settings as TOML holds them, by one such as ``"train.epochs=2"``.

    Raises
    ------
    InvalidRecipe
        It has another form.
    """
    key, equals, text = setting.partition("=")
    path = key.strip().split(".")
    if not equals or not all(path):
        raise InvalidRecipe(f"an override has the form section.key=value; got {setting!r}.")
    try:
        value = toml_table(f"value = {text}", numbers="any")["value"]
    except ValueError:
        value = text.strip()
    section = content
    for part in path[:-1]:
        section = section.setdefault(part, {})
        if not isinstance(section, dict):
            raise InvalidRecipe(f"{part!r} in {key!r} is a value, not a section.")
    section[path[-1]] = value
