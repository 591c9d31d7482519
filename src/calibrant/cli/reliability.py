"""`calibrant reliability`."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated, Optional

import typer

from calibrant.cli.in_parts import refuse_counts, table_with_bar
from calibrant.cli.options import (
    Bins,
    ClassName,
    CountsKey,
    EngineName,
    InParts,
    Json,
    LabelKey,
    LogitsKey,
    PredictionsFile,
    Scheduler,
    Scheme,
    ScoreKind,
    Threads,
    Workers,
)
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import class_index, read_either
from calibrant.cli.running import Running
from calibrant.errors import InvalidArgument


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def reliability(
        file: PredictionsFile,
        output: Annotated[
            Optional[Path], typer.Option("--output", "-o", help="Write the bins here (.csv or .json).")
        ] = None,
        class_name: ClassName = None,
        bins: Bins = 15,
        scheme: Scheme = "equal-width",
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
        """Print the bins behind a reliability diagram: rows, confidence, accuracy, gap.

        Example: calibrant reliability test.npz --class cat -o bins.csv
        """
        from calibrant.analysis import reliability
        from calibrant.atomic import write_text
        from calibrant.io import check_apart

        if output is not None and output.suffix not in (".csv", ".json"):
            raise InvalidArgument(f"bins are written as .csv or .json; got {output}.")
        check_apart(output, file, keys=(label_key, counts_key))
        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with table_with_bar(file, logits_key, label_key, kind, running) as parts:
                table = reliability(
                    parts, class_index=class_index(parts, class_name), bins=bins, scheme=scheme
                )
        else:
            rows = read_either(file, logits_key, label_key, kind, counts_key)
            number = class_index(rows, class_name)
            table = reliability(rows, class_index=number, bins=bins, scheme=scheme, engine=running.here())
        if output is not None:
            as_json = output.suffix == ".json"
            write_text(
                output, json_text.dumps(table.to_json(), indent=2) + "\n" if as_json else table.to_csv()
            )
        if json:
            emit(table.to_json())
        else:
            say(table)
        if output is not None:
            note(f"wrote {output}")
