"""`calibrant conventions`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from calibrant.cli.options import Bins, ClassName, Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, say
from calibrant.cli.reading import class_index, needs_labels, read_either

Precision = Annotated[
    Literal["file", "float32", "float64"],
    typer.Option(help="Float type of the probabilities that the tools are given."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def conventions(
        file: PredictionsFile,
        bins: Bins = 15,
        class_name: ClassName = None,
        precision: Precision = "file",
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Say what well-known tools would call the ECE of a file of predictions, and why they differ.

        Example: calibrant conventions test.npz
        """
        from calibrant.analysis import conventions
        from calibrant.predictions import SoftLabelPredictions

        predictions = read_either(file, logits_key, label_key, kind)
        if isinstance(predictions, SoftLabelPredictions):
            raise needs_labels(file)
        found = conventions(
            predictions, bins, class_index=class_index(predictions, class_name), precision=precision
        )
        if json:
            emit(found.to_json())
        else:
            say(found)
