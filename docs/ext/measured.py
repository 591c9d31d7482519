"""What recipes measured beside what their sources report, as Markdown, from the recipe files.

Nothing is run here: the numbers are those that each file records.
"""

from __future__ import annotations

from calibrant.recipes.library import load_recipe, recipe_names
from calibrant.recipes.recipe import Expected, Measured, Recipe
from calibrant.recipes.results import RESULTS


def markdown() -> str:
    """Return a section for every recipe that was measured, then those that were not."""
    recipes = {name: load_recipe(name) for name in recipe_names()}
    parts = [_section(name, recipe) for name, recipe in recipes.items() if recipe.measured]
    waiting = [f"- `{name}`: {recipe.title}." for name, recipe in recipes.items() if not recipe.measured]
    if waiting:
        parts.append("\n".join(["### Not measured\n", *waiting]))
    return "\n\n".join(parts)


def _section(name: str, recipe: Recipe) -> str:
    seeds = (
        f"seeds {', '.join(map(str, recipe.seeds))}" if len(recipe.seeds) > 1 else f"seed {recipe.seeds[0]}"
    )
    rows = [
        _row(result, recipe.expected.get(result), recipe.measured.get(result))
        for result in RESULTS
        if result in recipe.measured or result in recipe.expected
    ]
    table = "\n".join(
        ["| result | the source reports | expected here | measured here |", "|---|--:|--:|--:|", *rows]
    )
    return "\n\n".join(
        [
            f"### {recipe.title}",
            recipe.source.strip(),
            table,
            f"`{recipe.command}`, {seeds}: {recipe.cost}.",
        ]
    )


def _row(result: str, expected: Expected | None, measured: Measured | None) -> str:
    reported = "" if expected is None or expected.reported is None else f"{expected.reported:g}"
    wanted = "" if expected is None else f"{expected.value:g} ± {expected.tolerance:g}"
    found = "" if measured is None else f"{measured.mean:.4f}"
    spread = "" if measured is None or measured.spread is None else f" ± {measured.spread:.4f}"
    return f"| `{result}` | {reported} | {wanted} | {found}{spread} |"
