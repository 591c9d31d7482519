"""`calibrant run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, note, say

if TYPE_CHECKING:
    from calibrant.recipes.recipe import Recipe
    from calibrant.recipes.runner import Run

Seeds = Annotated[
    Optional[list[int]],
    typer.Option("--seed", help="Seed; repeat for several.", min=0, max=2**63 - 1),
]
Overrides = Annotated[Optional[list[str]], typer.Option("--set", help="Override a setting: train.epochs=2.")]
DataPath = Annotated[Optional[Path], typer.Option("--data", help="Folder of parquet files or of images.")]
RunsFolder = Annotated[Path, typer.Option("--runs", help="Folder that receives the runs.")]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def run(
        recipe: Annotated[str, typer.Argument(help="Name of a recipe, or a .toml file.", show_default=False)],
        seed: Seeds = None,
        overrides: Overrides = None,
        data: DataPath = None,
        runs: RunsFolder = Path("runs"),
        json: Json = False,
    ) -> None:
        """Repeat an experiment: train, calibrate on validation images, report on test images.

        A run that was stopped continues where it was. Example: calibrant run lenet5-bird-cat --seed 0
        """
        run_experiment(recipe, seed, overrides, data, runs, as_json=json)


def run_experiment(
    recipe_name: str,
    seeds: list[int] | None,
    overrides: list[str] | None,
    data_path: Path | None,
    runs: Path,
    *,
    as_json: bool,
) -> None:
    """Run a recipe over its seeds and print what came out."""
    from calibrant.recipes.library import load_recipe
    from calibrant.train.rank import is_first_process

    recipe = load_recipe(recipe_name, overrides or ())
    if not is_first_process():
        _train_along(recipe, recipe_name, seeds, data_path, runs)
        return
    note(recipe.title)
    # The recipe is checked before the seconds that importing PyTorch takes.
    from calibrant.cli.progress import TrainingBar
    from calibrant.recipes.artefacts import write_artefacts
    from calibrant.recipes.results import summarise
    from calibrant.recipes.runner import load_data, run_recipe

    name = Path(recipe_name).stem
    images = load_data(recipe, data_path)
    finished: list[Run] = []
    for number in dict.fromkeys(seeds or recipe.seeds):
        folder = runs / name / f"seed-{number}"
        with TrainingBar(f"seed {number}", recipe.train.epochs) as bar:
            result = run_recipe(recipe, images, name=name, seed=number, folder=folder, progress=bar)
        write_artefacts(result)
        finished.append(result)
        if not as_json:
            _report(result)
        note(f"wrote {folder} (report.html shows it)")
    summary = summarise(name, [result.seed for result in finished], [result.results for result in finished])
    if as_json:
        emit({**summary.to_json(), "folders": [str(result.folder) for result in finished]})
        return
    if len(finished) > 1:
        say(f"\n{summary}")
    # What is expected is expected of the recipe as it stands.
    for key, expected in ({} if overrides else recipe.expected).items():
        if key in summary.results:
            mean = summary.results[key].mean
            verdict = "as expected" if expected.holds(mean) else "NOT as expected"
            reported = "" if expected.reported is None else f"; the source reports {expected.reported:g}"
            wanted = f"{expected.value:g} ± {expected.tolerance:g}"
            say(f"{key}: {mean:.4f}, expected {wanted}: {verdict}{reported}")


def _train_along(
    recipe: Recipe, recipe_name: str, seeds: list[int] | None, data_path: Path | None, runs: Path
) -> None:
    """Train as one of torchrun's further processes, which write and print nothing."""
    from calibrant.recipes.runner import load_data, train_recipe

    images = load_data(recipe, data_path)
    for seed in dict.fromkeys(seeds or recipe.seeds):
        train_recipe(recipe, images, seed=seed, folder=runs / Path(recipe_name).stem / f"seed-{seed}")


def _report(result: Run) -> None:
    before, after = result.comparison.before, result.comparison.after
    say(f"\n{result.name}, seed {result.seed}: {result.calibrator.describe()}, from validation images")
    if result.validation_reused:
        say("early stopping used the validation images too, so T is fitted on images that flatter the net")
    say(f"\nTest images, before and after:\n{result.comparison}")
    relation = ">" if before.ece > after.ece else "not >"
    accuracy = "unchanged" if before.accuracy == after.accuracy else f"was {before.accuracy:.4f}"
    say(
        f"\nECE: {before.ece:.4f} before {relation} {after.ece:.4f} after. "
        f"Accuracy: {after.accuracy:.4f}, {accuracy}."
    )
