"""`calibrant plot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

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
    Threads,
    Workers,
)
from calibrant.cli.output import emit, note
from calibrant.cli.reading import class_index, parse_temperatures, read_either
from calibrant.cli.running import Running
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from calibrant.predictions import AnyPredictions, Table


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def plot(
        file: PredictionsFile,
        output: Annotated[Path, typer.Option("--output", "-o", help="Write here (.png, .svg or .pdf).")],
        kind: Annotated[str, typer.Option(help="reliability, histogram or sweep.")] = "reliability",
        class_name: ClassName = None,
        bins: Bins = 15,
        scheme: Scheme = "equal-width",
        temperatures: Annotated[
            Optional[str], typer.Option(help="Of the kind sweep: temperatures, separated by commas.")
        ] = None,
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        scores: Annotated[
            Optional[Literal["logits", "probs"]],
            typer.Option(help="What the scores are, where their name does not say.", show_default=False),
        ] = None,
        engine: EngineName = "local",
        workers: Workers = None,
        threads: Threads = None,
        scheduler: Scheduler = None,
    ) -> None:
        """Draw a figure of a file of predictions.

        Example: calibrant plot test.npz --kind reliability -o reliability.png
        """
        from calibrant.plots.registry import KINDS, PlotOptions
        from calibrant.plots.save import save

        if kind not in KINDS:
            raise InvalidArgument(f"there is no figure {kind!r}; kinds: {', '.join(KINDS)}.")
        chosen = {} if temperatures is None else {"temperatures": tuple(parse_temperatures(temperatures))}

        running = Running(engine, workers, threads, scheduler)

        def drawn(rows: AnyPredictions | Table) -> Figure:
            options = PlotOptions(bins, scheme, class_index(rows, class_name), **chosen)
            return KINDS[kind](rows, options, engine=running.here())

        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with table_with_bar(file, logits_key, label_key, scores, running) as table:
                figure = drawn(table)
        else:
            figure = drawn(read_either(file, logits_key, label_key, scores, counts_key))
        save(figure, output)
        if json:
            emit({"schema": "calibrant.plot/1", "kind": kind, "output": str(output)})
        note(f"wrote {output}")
