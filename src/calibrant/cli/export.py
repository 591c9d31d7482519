"""`calibrant export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, note, say
from calibrant.errors import InvalidArgument, UnreadableFile

if TYPE_CHECKING:
    from calibrant.deploy.compared import Exported
    from calibrant.deploy.export import Format
    from calibrant.exported.facts import ModelFacts


_NOT_COMPARED = {
    "number": "the calibrator names no classes: only their number was compared, not their order",
    "nothing": "the calibrator does not say what it was fitted on: its classes were not compared",
}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def export(
        model: Annotated[
            Path,
            typer.Argument(
                help="Folder of a finished run, or a calibrator of calibrant fit (.json).", show_default=False
            ),
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
            typer.Option(
                help="To compare on: folder of the run's images, or predictions for a calibrator.",
                show_default=False,
            ),
        ] = None,
        json: Json = False,
    ) -> None:
        """Write a calibrated network, or a calibrator alone, as one file for other programs.

        A run's file takes pixels, a calibrator's takes logits; both give calibrated probabilities, for any
        number of rows. Before it gets its name it is run and compared with Python; one that says something
        else is not kept.

        Example: calibrant export runs/mine -o model.onnx
        """
        if not model.exists():
            raise UnreadableFile(f"cannot read {model}: there is no such file or folder.")
        if model.is_file() and calibrator is not None:
            raise InvalidArgument(
                f"{model} is a calibrator itself; --calibrator belongs to the folder of a run."
            )
        from calibrant.deploy.export import SUFFIXES
        from calibrant.io import check_apart

        asked = form or next((name for name, suffix in SUFFIXES.items() if suffix == output.suffix), None)
        if asked is None:
            raise InvalidArgument(
                f"{output} says no format: end it with {' or '.join(SUFFIXES.values())}, or give --format."
            )
        if output.suffix in SUFFIXES.values() and output.suffix != SUFFIXES[asked]:
            raise InvalidArgument(
                f"--format {asked} writes files that end with {SUFFIXES[asked]}; got {output}. "
                "Leave --format out, or name such a file."
            )
        check_apart(output, model, what="the model is")
        check_apart(output, calibrator, what="the calibrator is")
        check_apart(output, data)
        write = _calibrator if model.is_file() else _run
        written, facts, comparison = write(model, output, asked, calibrator, data)
        if json:
            emit(
                {
                    "schema": "calibrant.export/1",
                    "output": str(output),
                    "format": asked,
                    "method": facts.method,
                    "temperature": facts.temperature,
                    "takes": facts.takes,
                    "compared": written.compared,
                    "difference": written.difference,
                    **comparison,
                }
            )
        else:
            what = {"pixels": "images", "logits": "rows"}[facts.takes]
            whose = f"{what} of the data" if comparison["own_data"] else f"drawn {what}"
            say(
                f"{facts.method}: compared with Python on {written.compared:,} {whose}, "
                f"largest difference {written.difference:.1g}"
            )
        note(f"wrote {output}")


def _run(
    folder: Path, output: Path, form: Format, calibrator: Path | None, data: Path | None
) -> tuple[Exported, ModelFacts, dict[str, Any]]:
    from calibrant.recipes.exporting import export_run

    found = export_run(folder, output, form=form, calibrator=calibrator, data=data)
    if found.classes_compared in _NOT_COMPARED:
        note(_NOT_COMPARED[found.classes_compared])
    comparison = {
        "own_data": found.own_images,
        "names_compared": found.classes_compared == "names",
    }
    return found.exported, found.facts, comparison


def _calibrator(
    path: Path, output: Path, form: Format, _: Path | None, data: Path | None
) -> tuple[Exported, ModelFacts, dict[str, Any]]:
    from calibrant.deploy.calibrator_file import export_calibrator

    written, facts = export_calibrator(path, output, form=form, data=data)
    return written, facts, {"own_data": data is not None, "names_compared": None}
