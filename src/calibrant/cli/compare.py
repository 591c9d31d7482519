"""`calibrant compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from calibrant.cli.in_parts import tables_with_bar
from calibrant.cli.options import (
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
from calibrant.cli.output import emit, say
from calibrant.cli.reading import read_predictions
from calibrant.cli.running import Running
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.analysis import Comparison


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
        seed: Annotated[int, typer.Option(help="Of the bootstrap.", min=0)] = 0,
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        kind: ScoreKind = None,
        engine: EngineName = "local",
        workers: Workers = None,
        threads: Threads = None,
        scheduler: Scheduler = None,
    ) -> None:
        """Fit every method on validation rows, score it on FILE, and sort by log-loss.

        In parts, methods whose fit needs all rows at once are listed as refused, and the paired differences
        have normal intervals in place of the bootstrap's.

        Example: calibrant compare test.npz --validation val.npz
        """
        from rich.console import Console

        from calibrant.analysis import compare

        wanted = None if methods is None else [name.strip() for name in methods.split(",")]
        reading = (logits_key, label_key, kind)
        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            result = _of_parts(file, validation, wanted, reading, running)
        else:
            paths = (file,) if validation is None else (validation, file)
            rows = [read_predictions(path, *reading) for path in paths]
            with Console(stderr=True).status("comparing") as status:

                def tell(method: str) -> None:
                    status.update(f"fitting {method}")

                result = compare(*rows, methods=wanted, seed=seed, engine=running.here(), progress=tell)
        if json:
            emit(result.to_json())
        else:
            say(result)


def _of_parts(
    file: Path,
    validation: Path | None,
    methods: list[str] | None,
    reading: tuple[str | None, str | None, Literal["logits", "probs"] | None],
    running: Running,
) -> Comparison:
    from calibrant.analysis import compare

    if validation is None:
        raise InvalidArgument(
            "rows in parts need others to fit on, --validation FILE: cross-validation needs all rows at once."
        )
    with tables_with_bar((validation, file), *reading, running) as (fitting, rows):
        return compare(fitting, rows, methods=methods)
