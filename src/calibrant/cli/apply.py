"""`calibrant apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calibrant.cli.options import CountsKey, Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import read_either

if TYPE_CHECKING:
    from calibrant.predictions import AnyPredictions


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def apply(
        calibrator: Annotated[Path, typer.Argument(help="Calibrator file (.json).", show_default=False)],
        file: PredictionsFile,
        output: Annotated[
            Path, typer.Option("--output", "-o", help="Write the calibrated predictions here.")
        ],
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Apply a fitted calibrator to predictions, and show what it changes.

        Rows of the top label alone take a calibrator that was fitted on such rows; rows with counts of
        annotators take any.

        Example: calibrant apply calibrator.json test.npz -o calibrated.npz
        """
        from calibrant.analysis import BeforeAfter, evaluate
        from calibrant.calibrators import load
        from calibrant.cli.top_label import calibrate_top_label
        from calibrant.io import write
        from calibrant.predictions import TopLabelPredictions

        fitted = load(calibrator)
        predictions = read_either(file, logits_key, label_key, kind, counts_key)
        if isinstance(predictions, TopLabelPredictions):
            content_hash = predictions.as_binary().content_hash
            calibrated: AnyPredictions = calibrate_top_label(fitted, predictions)
        else:
            content_hash, calibrated = predictions.content_hash, fitted.transform(predictions)
        write(calibrated, output)
        comparison = BeforeAfter(evaluate(predictions), evaluate(calibrated))
        if fitted.fitted_on_ is not None and fitted.fitted_on_.content_hash == content_hash:
            note("these are the rows the calibrator was fitted on: their scores flatter it")
        if json:
            emit({**comparison.to_json(), "schema": "calibrant.apply/1", "method": fitted.method})
        else:
            say(f"{fitted.describe()}\n\n{comparison}")
        note(f"wrote {output}")
