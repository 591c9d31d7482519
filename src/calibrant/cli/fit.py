"""`calibrant fit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from calibrant.cli.options import Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import read_predictions


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def fit(
        validation: PredictionsFile,
        output: Annotated[Path, typer.Option("--output", "-o", help="Write the calibrator here (.json).")],
        method: Annotated[str, typer.Option(help="Name of the calibrator.")] = "temperature",
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Fit a calibrator on validation predictions, rows the network was not trained on.

        Example: calibrant fit val.npz -o calibrator.json
        """
        from calibrant.analysis import before_after
        from calibrant.calibrators import calibrator

        chosen = calibrator(method)
        predictions = read_predictions(validation, logits_key, label_key, kind)
        chosen.fit(predictions)
        chosen.save(output)
        comparison = before_after(predictions, chosen)
        if json:
            learned = {"schema": "calibrant.fit/1", "method": method, "parameters": chosen.parameters()}
            emit({**comparison.to_json(), **learned})
        else:
            say(f"{chosen.describe()}\n\nOn the rows of the fit (test rows tell the truth):\n{comparison}")
        note(f"wrote {output}")
