"""`calibrant sweep`."""

from __future__ import annotations

import typer

from calibrant.cli.in_parts import refuse_counts, table_with_bar
from calibrant.cli.options import (
    CountsKey,
    EngineName,
    InParts,
    Json,
    LabelKey,
    LogitsKey,
    PredictionsFile,
    Scheduler,
    ScoreKind,
    Temperatures,
    Threads,
    Workers,
)
from calibrant.cli.output import emit, say
from calibrant.cli.reading import parse_temperatures, read_scored
from calibrant.cli.running import Running


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
        engine: EngineName = "local",
        workers: Workers = None,
        threads: Threads = None,
        scheduler: Scheduler = None,
    ) -> None:
        """Measure calibration at several temperatures. To look at; `fit` chooses one honestly.

        Example: calibrant sweep test.npz --temperatures 0.5,1,1.5,2
        """
        from calibrant.analysis import sweep

        grid = parse_temperatures(temperatures)
        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with table_with_bar(file, logits_key, label_key, kind, running) as table:
                result = sweep(table, grid)
        else:
            rows = read_scored(file, logits_key, label_key, kind, counts_key)
            result = sweep(rows, grid, engine=running.here())
        if json:
            emit(result.to_json())
        else:
            say(result)
