"""`calibrant sweep`."""

from __future__ import annotations

import typer

from calibrant.cli.in_parts import refuse_counts, table_with_bar
from calibrant.cli.options import (
    CountsKey,
    InParts,
    Json,
    LabelKey,
    LogitsKey,
    PredictionsFile,
    ScoreKind,
    Temperatures,
)
from calibrant.cli.output import emit, say
from calibrant.cli.reading import parse_temperatures, read_scored


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def sweep(
        file: PredictionsFile,
        temperatures: Temperatures = "0.5,1,1.5,2,2.5",
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Measure calibration at several temperatures. To look at; `fit` chooses one honestly.

        Example: calibrant sweep test.npz --temperatures 0.5,1,1.5,2
        """
        from calibrant.analysis import sweep

        grid = parse_temperatures(temperatures)
        if in_parts:
            refuse_counts(counts_key)
            with table_with_bar(file, logits_key, label_key, kind) as table:
                result = sweep(table, grid)
        else:
            result = sweep(read_scored(file, logits_key, label_key, kind, counts_key), grid)
        if json:
            emit(result.to_json())
        else:
            say(result)
