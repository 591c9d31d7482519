"""`calibrant train`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from calibrant.cli.options import ClassNames, Json, LabelColumn, OnCorrupt, listed
from calibrant.cli.output import emit, note
from calibrant.cli.run import LogTo, Overrides, load_images, train_along, train_and_report


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def train(
        net: Annotated[
            str, typer.Option(help="Network: lenet5, cifar-resnet, convnet or timm/NAME.", show_default=False)
        ],
        data: Annotated[
            str,
            typer.Option(
                help="Folder of images, one folder per class, or of parquet files; a hub's name; digits.",
                show_default=False,
            ),
        ],
        output: Annotated[
            Path, typer.Option("--output", "-o", help="Folder that receives the run.", show_default=False)
        ],
        epochs: Annotated[Optional[int], typer.Option(help="Passes over the training images.", min=1)] = None,
        image_size: Annotated[
            Optional[int], typer.Option(help="Side to which images are resized, pixels.", min=1)
        ] = None,
        classes: ClassNames = None,
        label_column: LabelColumn = None,
        on_corrupt: OnCorrupt = None,
        seed: Annotated[int, typer.Option(help="Seed of the run.", min=0, max=2**63 - 1)] = 0,
        overrides: Overrides = None,
        log: LogTo = None,
        json: Json = False,
    ) -> None:
        """Train a network on images of your own, calibrate it on some, report on others.

        Everything that a recipe can say is set by --set. The folder receives the recipe, the weights, the
        predictions, the temperature, figures and report.html; a run that was stopped continues.

        Example: calibrant train --net timm/resnet18 --data path/to/images --epochs 5 -o runs/mine
        """
        from calibrant.recipes.own import own_recipe
        from calibrant.recipes.results import summarise
        from calibrant.train.loggers.tools import tools_named
        from calibrant.train.rank import is_first_process

        tools = tools_named(log or ())
        options = {
            "data.image_size": image_size,
            "data.classes": None if classes is None else list(listed(classes) or ()),
            "data.label_column": label_column,
            "data.on_corrupt": on_corrupt,
        }
        recipe = own_recipe(
            net=net,
            data=data,
            epochs=epochs,
            seed=seed,
            settings=[
                *(f"{key}={value}" for key, value in options.items() if value is not None),
                *(overrides or ()),
            ],
            command=shlex.join(["calibrant", *sys.argv[1:]]),
        )
        if not is_first_process():
            train_along(recipe, seed, output)
            return
        note(recipe.title)
        images = load_images(recipe, None, output)
        name = output.resolve().name
        result = train_and_report(recipe, images, name, seed, output, tools=tools, as_json=json)
        if json:
            summary = summarise(result.name, [seed], [result.results])
            emit({**summary.to_json(), "folders": [str(output)]})
