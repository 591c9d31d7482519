"""`calibrant data`: what is in a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from calibrant.cli.options import ClassNames, Json, LabelColumn, OnCorrupt, listed
from calibrant.cli.output import emit, note, say
from calibrant.printable import printable

if TYPE_CHECKING:
    from calibrant.datasets.spec import DataSpec
    from calibrant.datasets.statistics import DataStatistics

_CHANNELS = {1: ["grey"], 3: ["red", "green", "blue"]}
_LONGEST_LIST = 40


def register(app: typer.Typer) -> None:
    """Add the group and its command."""
    group = typer.Typer(
        help="Look at a data set of images. With --json its commands print one JSON object.\n\n"
        "Example: calibrant data stats digits",
        no_args_is_help=True,
    )
    app.add_typer(group, name="data")

    @group.command()
    def stats(
        name: Annotated[
            str,
            typer.Argument(
                help="A recipe, a folder of images or parquet files, a data set of the hub, or digits.",
                show_default=False,
            ),
        ],
        data: Annotated[
            Optional[Path], typer.Option("--data", help="Folder to read in its place.", show_default=False)
        ] = None,
        classes: ClassNames = None,
        label_column: LabelColumn = None,
        on_corrupt: OnCorrupt = None,
        json: Json = False,
    ) -> None:
        """Count images and classes, and measure mean and standard deviation of each channel.

        The channels are those of all training images, as they are stored, before any are held out.

        Example: calibrant data stats path/to/images
        """
        from calibrant.cli.reading_bar import ReadingBar
        from calibrant.datasets.statistics import data_statistics

        spec = _spec(
            name, {"classes": listed(classes), "label_column": label_column, "on_corrupt": on_corrupt}
        )
        with ReadingBar("images read") as bar:
            statistics = data_statistics(spec, data_path=data, progress=bar)
        for said in statistics.skipped:
            note(f"left out: {said}")
        if json:
            emit(statistics.to_json())
        else:
            _print(statistics)


def _spec(name: str, options: dict[str, object]) -> DataSpec:
    from calibrant.datasets.spec import DataSpec
    from calibrant.recipes.library import load_recipe, recipe_names

    is_recipe = name in recipe_names() or name.endswith(".toml")
    spec = (
        load_recipe(name).data
        if is_recipe
        # A folder of that name under $CALIBRANT_DATA stands for the data set of the hub.
        else DataSpec(name=name, local=name.rpartition("/")[2] or None)
    )
    return spec.model_copy(update={key: value for key, value in options.items() if value is not None})


def _print(statistics: DataStatistics) -> None:
    from calibrant.analysis.table import plain_table

    say(f"{printable(statistics.name)}, read from {printable(statistics.place)}\n")
    say(plain_table(["split", "images", "pixels"], _split_rows(statistics)))
    say(f"\n{_classes(statistics)}\n")
    names = _CHANNELS[len(statistics.channels)]
    rows = [
        [name, f"{channel.mean:.8f}", f"{channel.std:.8f}"]
        for name, channel in zip(names, statistics.channels, strict=True)
    ]
    say(plain_table(["channel", "mean", "std"], rows))
    say(f"\n{_weighting(statistics)}")
    if statistics.skipped:
        say(f"{len(statistics.skipped):,} images could not be read and are not counted.")


def _split_rows(statistics: DataStatistics) -> list[list[str]]:
    rows = []
    for name, split in statistics.splits.items():
        (width, height), _ = split.sizes[0] if split.sizes else ((0, 0), 0)
        widths = [size[0] for size, _ in split.sizes]
        heights = [size[1] for size, _ in split.sizes]
        pixels = f"{width} × {height}"
        if len(split.sizes) > 1:
            pixels = (
                f"{len(split.sizes)} sizes, {min(widths)} to {max(widths)} × {min(heights)} to {max(heights)}"
            )
        rows.append([name, f"{split.images:,}", pixels if split.sizes else ""])
    return rows


def _classes(statistics: DataStatistics) -> str:
    from calibrant.analysis.table import plain_table

    splits = statistics.splits
    if len(statistics.classes) > _LONGEST_LIST and all(
        len(set(split.per_class)) == 1 for split in splits.values()
    ):
        each = " and ".join(f"{split.per_class[0]:,} {name}" for name, split in splits.items())
        return f"{len(statistics.classes)} classes, each with {each} images (--json names them)"
    rows = [
        [name, *(f"{split.per_class[label]:,}" for split in splits.values())]
        for label, name in enumerate(statistics.classes)
    ]
    return plain_table([f"{len(statistics.classes)} classes", *splits], rows)


def _weighting(statistics: DataStatistics) -> str:
    images = f"{statistics.splits['train'].images:,} training images"
    if statistics.one_size:
        return f"Mean and standard deviation over every pixel of {images}, in fractions of full brightness."
    return (
        f"Mean and standard deviation over every pixel of {images}, in fractions of full brightness. "
        "The images differ in size and each pixel counts the same, so large images count for more."
    )
