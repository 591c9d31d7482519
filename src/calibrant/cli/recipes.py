"""`calibrant recipes`."""

from __future__ import annotations

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, say


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def recipes(json: Json = False) -> None:
        """List the experiments that `calibrant run` repeats.

        Example: calibrant recipes
        """
        from calibrant.recipes.library import load_recipe, recipe_names

        found = {name: load_recipe(name) for name in recipe_names()}
        if json:
            listed = [{"name": name, **recipe.model_dump(mode="json")} for name, recipe in found.items()]
            emit({"schema": "calibrant.recipes/1", "recipes": listed})
            return
        for name, recipe in found.items():
            say(f"{name}: {recipe.title}\n  {recipe.summary}\n  {recipe.cost}\n")
