"""`calibrant predict`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from calibrant.cli.options import Json, OnCorrupt
from calibrant.cli.output import emit, note, say
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.exported.exported_model import ExportedModel
    from calibrant.recipes.finished import FinishedRun

_Split = Annotated[
    Optional[Literal["train", "test"]],
    typer.Option(help="Part of a labelled folder; test where there is one.", show_default=False),
]


_EXPORTED = (".onnx", ".pt2")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def predict(
        model: Annotated[
            Path,
            typer.Argument(
                help="Folder of a finished run, or a file of calibrant export (.onnx, .pt2).",
                show_default=False,
            ),
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
        """Predict images with a finished run or an exported file, their probabilities calibrated.

        Of images alone it prints classes with calibrated probabilities, and what they mean in words. For a
        folder with labels (parquet files, or one folder per class) it writes predictions that calibrant
        evaluate reads.

        Example: calibrant predict runs/mine photo.jpg
        """
        from calibrant.pictures.given import is_labelled

        with_labels = [path for path in images if path.is_dir() and is_labelled(path)]
        if with_labels and len(images) > 1:
            raise InvalidArgument(
                f"{with_labels[0]} has labels, so its predictions go into a file: name it alone, with "
                "-o predictions.npz."
            )
        labelled = bool(with_labels)
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
        from calibrant.io import check_apart

        check_apart(output, model, what="the model is")
        check_apart(output, *images, what="the images are")
        opened = _open(model)
        skipping = on_corrupt or "stop"
        if output is not None:
            outcome = _write(opened, images[0], output, split, skipping)
        else:
            outcome = _show(opened, images, top, skipping, as_json=json)
        if json:
            emit(
                {
                    "schema": "calibrant.predict/1",
                    "model": str(model),
                    "method": opened.method,
                    "temperature": opened.temperature,
                    "classes": list(opened.classes),
                    **outcome,
                }
            )


def _open(model: Path) -> FinishedRun | ExportedModel:
    if model.is_file() or model.suffix in _EXPORTED:
        from calibrant.exported.opening import open_exported

        return open_exported(model)
    from calibrant.recipes.finished import load_run

    return load_run(model)


def _show(
    model: FinishedRun | ExportedModel,
    paths: list[Path],
    top: int,
    on_corrupt: Literal["stop", "skip"],
    *,
    as_json: bool,
) -> dict[str, Any]:
    from calibrant.analysis.table import plain_table
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.exported.predicting import predict_images
    from calibrant.exported.wording import what_such_answers_are
    from calibrant.pictures.given import unlabelled_images

    with ReadingBar("images read") as bar:
        found = predict_images(model, unlabelled_images(paths), top=top, on_corrupt=on_corrupt, progress=bar)
    _name(found.skipped)
    if not as_json:
        columns = min(top, len(model.classes))
        header = ["image", "in words", "class", "probability", *(["then", ""] * (columns - 1))]
        rows = [
            [each.image, each.words, *(cell for name, p in each.top for cell in (name, f"{p:.4f}"))]
            for each in found.images
        ]
        say(plain_table(header, rows, words=2))
    note(what_such_answers_are(model.method))
    return {
        "images": [each.to_json() for each in found.images],
        "output": None,
        "skipped": list(found.skipped),
    }


def _write(
    model: FinishedRun | ExportedModel,
    folder: Path,
    output: Path,
    split: Literal["train", "test"] | None,
    on_corrupt: Literal["stop", "skip"],
) -> dict[str, Any]:
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.io import write
    from calibrant.recipes.predict import predict_folder

    with ReadingBar("images read") as bar:
        found = predict_folder(model, folder, split=split, on_corrupt=on_corrupt, progress=bar)
    write(found.predictions, output)
    _name(found.skipped)
    if found.other_classes:
        note(f"left out: {found.other_classes:,} images of classes that the model does not know")
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
