"""`calibrant compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from calibrant.cli.options import Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, say
from calibrant.cli.reading import read_predictions


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def compare(
        file: PredictionsFile,
        validation: Annotated[
            Optional[Path],
            typer.Option(help="Rows to fit on; without it, FILE is cross-validated.", show_default=False),
        ] = None,
        methods: Annotated[
            Optional[str],
            typer.Option(help="Names, separated by commas; else all.", show_default=False),
        ] = None,
        seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Fit every method on validation rows, score it on FILE, and sort by log-loss.

        Example: calibrant compare test.npz --validation val.npz
        """
        from rich.console import Console

        from calibrant.analysis import compare

        rows = read_predictions(file, logits_key, label_key, kind)
        wanted = None if methods is None else [name.strip() for name in methods.split(",")]
        with Console(stderr=True).status("comparing") as status:

            def tell(method: str) -> None:
                status.update(f"fitting {method}")

            if validation is None:
                result = compare(rows, methods=wanted, seed=seed, progress=tell)
            else:
                fitting = read_predictions(validation, logits_key, label_key, kind)
                result = compare(fitting, rows, methods=wanted, seed=seed, progress=tell)
        if json:
            emit(result.to_json())
        else:
            say(result)
