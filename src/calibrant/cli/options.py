"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

PredictionsFile = Annotated[
    Path, typer.Argument(help="File of predictions, folder of parts, or URL.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else.")]
LogitsKey = Annotated[
    Optional[str],
    typer.Option(help="Array, or start of the columns, that holds the scores.", show_default=False),
]
LabelKey = Annotated[
    Optional[str], typer.Option(help="Array or column that holds the true classes.", show_default=False)
]
CountsKey = Annotated[
    Optional[str],
    typer.Option(
        help="Array, or start of the columns, that holds counts of annotators; read instead of labels.",
        show_default=False,
    ),
]
ScoreKind = Annotated[
    Optional[Literal["logits", "probs"]],
    typer.Option("--kind", help="What the scores are, where their name does not say.", show_default=False),
]
InParts = Annotated[
    bool,
    typer.Option("--in-parts", help="Read the file part by part, so that it need not fit into memory."),
]
EngineName = Annotated[
    Literal["local", "dask"],
    typer.Option("--engine", help="Who works: this process, or a Dask cluster on rows in parts."),
]
Workers = Annotated[
    Optional[int],
    typer.Option(
        help="Processes to start for --engine dask; by default one a core.", min=1, show_default=False
    ),
]
Threads = Annotated[
    Optional[int],
    typer.Option(
        help="Threads of this process; by default OMP_NUM_THREADS, else one a core.",
        min=1,
        show_default=False,
    ),
]
Scheduler = Annotated[
    Optional[str],
    typer.Option(
        help="Address of a running scheduler for --engine dask (tcp://HOST:PORT).", show_default=False
    ),
]
Bins = Annotated[int, typer.Option(help="Number of bins.", min=1, max=10_000)]
Scheme = Annotated[Literal["equal-width", "equal-mass"], typer.Option(help="How bins are cut.")]
ClassName = Annotated[
    Optional[str],
    typer.Option("--class", help="Look at this class's probability: its name or number.", show_default=False),
]
Temperatures = Annotated[str, typer.Option(help="Temperatures, separated by commas.")]
ClassNames = Annotated[
    Optional[str],
    typer.Option("--classes", help="Classes to keep, separated by commas.", show_default=False),
]
LabelColumn = Annotated[
    Optional[str], typer.Option(help="Column of the labels, where there are several.", show_default=False)
]
OnCorrupt = Annotated[
    Optional[Literal["stop", "skip"]],
    typer.Option(help="At an image that cannot be read: stop, or skip and count it.", show_default="stop"),
]


def listed(text: str | None) -> tuple[str, ...] | None:
    """Return the parts of a comma-separated option."""
    return None if text is None else tuple(part.strip() for part in text.split(","))
