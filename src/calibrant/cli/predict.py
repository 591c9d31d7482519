"""`calibrant predict`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from calibrant.cli.options import Json, OnCorrupt
from calibrant.cli.output import emit, note, say
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.recipes.finished import FinishedRun

_Split = Annotated[
    Optional[Literal["train", "test"]],
    typer.Option(help="Part of a labelled folder; test where there is one.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def predict(
        run: Annotated[
            Path, typer.Argument(help="Folder of a finished run, with report.html in it.", show_default=False)
        ],
        images: Annotated[
            list[Path],
            typer.Argument(help="Image files, a folder of them, or one labelled folder.", show_default=False),
        ],
        output: Annotated[
            Optional[Path],
            typer.Option("--output", "-o", help="Write predictions here (.npz or .csv).", show_default=False),
        ] = None,
        top: Annotated[int, typer.Option(help="Classes to show of each image.", min=1)] = 3,
        split: _Split = None,
        on_corrupt: OnCorrupt = None,
        json: Json = False,
    ) -> None:
        """Predict images with a finished run, its temperature applied.

        Of images alone it prints classes with calibrated probabilities. For a folder with labels (parquet
        files, or one folder per class) it writes predictions that calibrant evaluate reads.

        Example: calibrant predict runs/mine photo.jpg
        """
        from calibrant.datasets.given import is_labelled

        labelled = len(images) == 1 and images[0].is_dir() and is_labelled(images[0])
        if labelled and output is None:
            raise InvalidArgument(
                f"{images[0]} has labels, so its predictions go into a file: name it with -o predictions.npz."
            )
        if not labelled and output is not None:
            raise InvalidArgument(
                "a file of predictions needs labels, and these images have none. Leave -o out (--json prints "
                "them), or name one folder of parquet files or of images in one folder per class."
            )
        if not labelled and split is not None:
            raise InvalidArgument("--split picks a part of a folder with labels; these images have none.")
        from calibrant.recipes.finished import load_run

        finished = load_run(run)
        skipping = on_corrupt or "stop"
        if output is not None:
            outcome = _write(finished, images[0], output, split, skipping)
        else:
            outcome = _show(finished, images, top, skipping, as_json=json)
        if json:
            emit(
                {
                    "schema": "calibrant.predict/1",
                    "run": str(run),
                    "temperature": finished.calibrator.temperature_,
                    "classes": list(finished.classes),
                    **outcome,
                }
            )


def _show(
    run: FinishedRun,
    paths: list[Path],
    top: int,
    on_corrupt: Literal["stop", "skip"],
    *,
    as_json: bool,
) -> dict[str, Any]:
    from calibrant.analysis.table import plain_table
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.datasets.given import unlabelled_images
    from calibrant.recipes.predict import predict_images

    with ReadingBar("images read") as bar:
        found = predict_images(run, unlabelled_images(paths), top=top, on_corrupt=on_corrupt, progress=bar)
    _name(found.skipped)
    if not as_json:
        columns = min(top, len(run.classes))
        header = ["image", "class", "probability", *(["then", ""] * (columns - 1))]
        rows = [
            [each.image, *(cell for name, p in each.top for cell in (name, f"{p:.4f}"))]
            for each in found.images
        ]
        say(plain_table(header, rows))
    return {
        "images": [each.to_json() for each in found.images],
        "output": None,
        "skipped": list(found.skipped),
    }


def _write(
    run: FinishedRun,
    folder: Path,
    output: Path,
    split: Literal["train", "test"] | None,
    on_corrupt: Literal["stop", "skip"],
) -> dict[str, Any]:
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.io import write
    from calibrant.recipes.predict import predict_folder

    with ReadingBar("images read") as bar:
        found = predict_folder(run, folder, split=split, on_corrupt=on_corrupt, progress=bar)
    write(found.predictions, output)
    _name(found.skipped)
    if found.other_classes:
        note(f"left out: {found.other_classes:,} images of classes that the run does not know")
    note(f"wrote {output}: {found.predictions.n:,} rows of the split {found.split!r}, calibrated")
    return {
        "images": None,
        "output": {
            "file": str(output),
            "rows": found.predictions.n,
            "split": found.split,
            "other_classes": found.other_classes,
        },
        "skipped": list(found.skipped),
    }


def _name(skipped: tuple[str, ...]) -> None:
    for said in skipped:
        note(f"left out: {said}")
