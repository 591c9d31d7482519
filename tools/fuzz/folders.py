"""The folder of a run."""

from __future__ import annotations

from pathlib import Path

from calibrant.recipes.facts_of_run import run_facts
from calibrant.recipes.finished import load_run
from calibrant.recipes.library import load_recipe, write_recipe
from calibrant.recipes.recipe import Recipe
from calibrant.recipes.run_folder import read_run_folder
from tools.fuzz.archive import spread
from tools.fuzz.verdict import attempt, printable

OF_RUNS = "lenet5-digits"
SETTINGS = (
    "data.train_rows=16", "train.epochs=2", "train.batch_size=8", "train.device=cpu", "train.threads=1",
    "net.name=convnet", "net.width=0.05", "net.batch_norm=false",
)  # fmt: skip


def recipe_of_runs() -> Recipe:
    """Return the recipe of the run that the seed is made from."""
    return load_recipe(OF_RUNS, SETTINGS)


def run(content: bytes, folder: Path) -> None:
    """Read the folder of a finished run: what its report needs, then its network, whose recipe is given."""
    if not spread(content, folder):
        return
    found = attempt(lambda: read_run_folder(folder))
    if found is not None:
        facts = attempt(lambda: run_facts(found))
        printable("" if facts is None else facts.model_dump_json())
    write_recipe(recipe_of_runs(), folder / "recipe.toml")
    attempt(lambda: load_run(folder))
