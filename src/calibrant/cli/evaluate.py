"""`calibrant evaluate`."""

from __future__ import annotations

import typer

from calibrant.cli.options import CountsKey, Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, say
from calibrant.cli.reading import read_either


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def evaluate(
        file: PredictionsFile,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Measure accuracy and calibration of a file of predictions, as it is.

        Example: calibrant evaluate test.npz
        """
        from calibrant.analysis import evaluate

        evaluation = evaluate(read_either(file, logits_key, label_key, kind, counts_key))
        if json:
            emit(evaluation.to_json())
        else:
            say(evaluation)
