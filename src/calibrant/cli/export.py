"""`calibrant export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, note, say
from calibrant.errors import InvalidArgument


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def export(
        run: Annotated[
            Path, typer.Argument(help="Folder of a finished run, with report.html in it.", show_default=False)
        ],
        output: Annotated[
            Path, typer.Option("--output", "-o", help="Write here (.onnx or .pt2).", show_default=False)
        ],
        form: Annotated[
            Optional[Literal["onnx", "torch"]],
            typer.Option("--format", help="By default what the suffix says.", show_default=False),
        ] = None,
        calibrator: Annotated[
            Optional[Path],
            typer.Option(
                help="Calibrator fitted on the run's logits (.json); by default its temperature.",
                show_default=False,
            ),
        ] = None,
        data: Annotated[
            Optional[Path],
            typer.Option(help="Folder of the run's images, to compare on.", show_default=False),
        ] = None,
        json: Json = False,
    ) -> None:
        """Write the calibrated network of a run as one file for other programs.

        The file takes pixels and gives calibrated probabilities, for any number of images. Before it gets
        its name it is run and compared with Python; one that says something else is not kept.

        Example: calibrant export runs/mine -o model.onnx
        """
        from calibrant.deploy.export import SUFFIXES
        from calibrant.recipes.exporting import export_run

        asked = form or next((name for name, suffix in SUFFIXES.items() if suffix == output.suffix), None)
        if asked is None:
            raise InvalidArgument(
                f"{output} says no format: end it with {' or '.join(SUFFIXES.values())}, or give --format."
            )
        found = export_run(run, output, form=asked, calibrator=calibrator, data=data)
        if json:
            emit({"schema": "calibrant.export/1", "output": str(output), "format": asked, **found.to_json()})
        else:
            say(str(found))
        note(f"wrote {output}")
