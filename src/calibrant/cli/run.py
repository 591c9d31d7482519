"""`calibrant run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, note, say
from calibrant.printable import printable

if TYPE_CHECKING:
    from calibrant.datasets.images import ImageData
    from calibrant.recipes.recipe import BackboneSpec, Recipe
    from calibrant.recipes.runner import Run

Seeds = Annotated[
    Optional[list[int]],
    typer.Option("--seed", help="Seed; repeat for several.", min=0, max=2**63 - 1),
]
Overrides = Annotated[Optional[list[str]], typer.Option("--set", help="Override a setting: train.epochs=2.")]
DataPath = Annotated[Optional[Path], typer.Option("--data", help="Folder of parquet files or of images.")]
BackboneData = Annotated[
    Optional[Path],
    typer.Option(help="Folder of the images of the network trained first.", show_default=False),
]
LogTo = Annotated[
    Optional[list[str]],
    typer.Option("--log", help="Also log to tensorboard, wandb or mlflow; repeat for several."),
]
RunsFolder = Annotated[Path, typer.Option("--runs", help="Folder that receives the runs.")]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def run(
        recipe: Annotated[str, typer.Argument(help="Name of a recipe, or a .toml file.", show_default=False)],
        seed: Seeds = None,
        overrides: Overrides = None,
        data: DataPath = None,
        backbone_data: BackboneData = None,
        runs: RunsFolder = Path("runs"),
        log: LogTo = None,
        json: Json = False,
    ) -> None:
        """Repeat an experiment: train, calibrate on validation images, report on test images.

        A run that was stopped continues where it was. A network that the recipe starts from is trained first.

        Example: calibrant run lenet5-bird-cat --seed 0
        """
        run_experiment(
            recipe, seed, overrides, data, runs, as_json=json, backbone_data=backbone_data, log=log
        )


def run_experiment(
    recipe_name: str,
    seeds: list[int] | None,
    overrides: list[str] | None,
    data_path: Path | None,
    runs: Path,
    *,
    as_json: bool,
    backbone_data: Path | None = None,
    log: list[str] | None = None,
) -> None:
    """Run a recipe over its seeds and print what came out."""
    from calibrant.recipes.library import load_recipe
    from calibrant.train.loggers.tools import tools_named
    from calibrant.train.rank import is_first_process

    recipe, tools = load_recipe(recipe_name, overrides or ()), tools_named(log or ())
    if not is_first_process():
        _train_along(recipe, recipe_name, seeds, data_path, runs, backbone_data)
        return
    note(recipe.title)
    # The recipe is checked before the seconds that importing PyTorch takes.
    from calibrant.recipes.results import summarise

    name = Path(recipe_name).stem
    images = load_images(recipe, data_path, runs / name)
    backbone = None if recipe.backbone is None else _backbone(recipe.backbone, runs, backbone_data, tools)
    finished: list[Run] = []
    for number in dict.fromkeys(seeds or recipe.seeds):
        folder = runs / name / f"seed-{number}"
        finished.append(
            train_and_report(recipe, images, name, number, folder, backbone, tools=tools, as_json=as_json)
        )
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


def train_along(recipe: Recipe, seed: int, folder: Path, data_path: Path | None = None) -> None:
    """Train as one of torchrun's further processes, which write and print nothing."""
    from calibrant.recipes.runner import load_data, train_recipe

    train_recipe(recipe, load_data(recipe, data_path), seed=seed, folder=folder)


def _train_along(
    recipe: Recipe,
    recipe_name: str,
    seeds: list[int] | None,
    data_path: Path | None,
    runs: Path,
    backbone_data: Path | None,
) -> None:
    from calibrant.recipes.backbone import backbone_folder
    from calibrant.recipes.library import load_recipe
    from calibrant.recipes.runner import load_data, train_recipe

    images = load_data(recipe, data_path)
    backbone = None
    if recipe.backbone is not None:
        first = load_recipe(recipe.backbone.recipe, recipe.backbone.overrides)
        backbone = backbone_folder(recipe.backbone, runs)
        train_along(first, recipe.backbone.seed, backbone, backbone_data)
    for seed in dict.fromkeys(seeds or recipe.seeds):
        folder = runs / Path(recipe_name).stem / f"seed-{seed}"
        train_recipe(recipe, images, seed=seed, folder=folder, backbone=backbone)


def load_images(recipe: Recipe, data_path: Path | None, output: Path) -> ImageData:
    """Load a recipe's images, with a count of them where that takes long, and name those left out."""
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.datasets.locate import check_outside, find_folder
    from calibrant.recipes.runner import load_data

    check_outside(output, find_folder(recipe.data, data_path))
    with ReadingBar("images read") as bar:
        images = load_data(recipe, data_path, progress=bar)
    for said in images.skipped:
        note(f"left out: {said}")
    return images


def train_and_report(
    recipe: Recipe,
    images: ImageData,
    name: str,
    seed: int,
    folder: Path,
    backbone: Path | None = None,
    *,
    tools: tuple[str, ...],
    as_json: bool,
) -> Run:
    """Run a recipe with one seed, write its files, print what came out and log it to `tools`."""
    from calibrant.cli.progress import TrainingBar
    from calibrant.held import making
    from calibrant.recipes.artefacts import write_artefacts
    from calibrant.recipes.log import run_log
    from calibrant.recipes.runner import run_recipe
    from calibrant.train.progress import Several

    with (
        making(folder, told=note),
        run_log(tools, recipe, name=name, seed=seed, folder=folder) as log,
    ):
        with TrainingBar(f"seed {seed}", recipe.train.epochs) as bar:
            told = Several(bar, log)
            result = run_recipe(
                recipe, images, name=name, seed=seed, folder=folder, progress=told, backbone=backbone
            )
        write_artefacts(result)
        if not as_json:
            _report(result)
        note(f"wrote {folder} (report.html shows it)")
        log.conclude(result.history, result.results)
    return result


def _backbone(spec: BackboneSpec, runs: Path, data_path: Path | None, tools: tuple[str, ...]) -> Path:
    from calibrant.held import making
    from calibrant.recipes.backbone import backbone_folder
    from calibrant.recipes.library import load_recipe
    from calibrant.train.rank import is_started_together

    recipe, folder = load_recipe(spec.recipe, spec.overrides), backbone_folder(spec, runs)
    note(f"first, the network that it starts from: {recipe.title}")
    images = load_images(recipe, data_path, folder)
    # Seeds that run side by side start from the same network: one trains it, the others wait for it. Where
    # several processes train together, the others of this run would not: they go on to train with this one.
    with making(folder, waiting=not is_started_together(), told=note):
        train_and_report(recipe, images, spec.recipe, spec.seed, folder, tools=tools, as_json=True)
    return folder


def _report(result: Run) -> None:
    before, after = result.comparison.before, result.comparison.after
    say(
        f"\n{printable(result.name)}, seed {result.seed}: {result.calibrator.describe()}, "
        "from validation images"
    )
    if result.validation_reused:
        say("early stopping used the validation images too, so T is fitted on images that flatter the net")
    say(f"\nTest images, before and after:\n{result.comparison}")
    relation = ">" if before.ece > after.ece else "not >"
    accuracy = "unchanged" if before.accuracy == after.accuracy else f"was {before.accuracy:.4f}"
    say(
        f"\nECE: {before.ece:.4f} before {relation} {after.ece:.4f} after. "
        f"Accuracy: {after.accuracy:.4f}, {accuracy}."
    )
