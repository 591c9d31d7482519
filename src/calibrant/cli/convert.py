"""`calibrant convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from calibrant.cli.options import CountsKey, Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, note, say

Target = Annotated[
    Path, typer.Argument(help="File to write; its suffix names the format.", show_default=False)
]
RowsPerPart = Annotated[
    Optional[int],
    typer.Option(help="Write a folder of Parquet files of so many rows.", min=1, show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def convert(
        file: PredictionsFile,
        output: Target,
        rows_per_part: RowsPerPart = None,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Write predictions in another format, or as a folder of Parquet files.

        Large files go through in portions where both formats allow it.

        Example: calibrant convert test.npz test.parquet
        """
        from calibrant.cli.reading_bar import ReadingBar
        from calibrant.io.converting import convert

        with ReadingBar("rows written") as bar:
            done = convert(
                file,
                output,
                rows_per_part=rows_per_part,
                logits_key=logits_key,
                label_key=label_key,
                kind=kind,
                counts_key=counts_key,
                on_rows=bar,
            )
        if done.left_out:
            note(f"{file}: left out: {', '.join(done.left_out)}")
        if json:
            content = {"n": done.n, "k": done.k, "kind": done.kind, "columns": list(done.columns)}
            written = {"output": str(output), "parts": done.parts, "left_out": list(done.left_out)}
            emit({"schema": "calibrant.convert/1", **content, **written})
        else:
            classes = "" if done.k is None else f", {done.k:,} classes"
            files = "" if rows_per_part is None else f" in {done.parts:,} files"
            say(f"{done.n:,} rows{classes}{files}: {', '.join(done.columns)}")
        note(f"wrote {output}")
