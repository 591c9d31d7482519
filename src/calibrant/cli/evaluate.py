"""`calibrant evaluate`."""

from __future__ import annotations

from typing import Annotated, Optional

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
    Threads,
    Workers,
)
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import read_either
from calibrant.cli.running import Running

ConventionName = Annotated[
    str,
    typer.Option(
        "--convention", help="Whose ECE: calibrant's, or that of a tool of `calibrant conventions`."
    ),
]
OwnBins = Annotated[
    Optional[int],
    typer.Option(
        help="Number of bins; by default 15, or the tool's own.", min=1, max=10_000, show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def evaluate(
        file: PredictionsFile,
        convention: ConventionName = "calibrant",
        bins: OwnBins = None,
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
        """Measure accuracy and calibration of a file of predictions, as it is.

        Example: calibrant evaluate test.npz --convention torchmetrics --bins 10
        """
        from calibrant.analysis import evaluate
        from calibrant.metrics.foreign_ece import OURS

        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with table_with_bar(file, logits_key, label_key, kind, running) as table:
                evaluation = evaluate(table, convention=convention, bins=bins)
        else:
            predictions = read_either(file, logits_key, label_key, kind, counts_key)
            evaluation = evaluate(predictions, convention=convention, bins=bins, engine=running.here())
            if convention != OURS and predictions.sample_weight is not None:
                note(
                    f"{convention} knows no weights: its errors count every row once, the means by its weight"
                )
        if json:
            emit(evaluation.to_json())
        else:
            say(evaluation)
