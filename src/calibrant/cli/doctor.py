"""`calibrant doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from calibrant.cli.options import Json, LabelKey, LogitsKey, PredictionsFile, ScoreKind
from calibrant.cli.output import emit, note, say
from calibrant.printable import listed

if TYPE_CHECKING:
    from calibrant.predictions import RawPredictions, RawTopLabel


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def doctor(
        file: PredictionsFile,
        fit: Annotated[
            Optional[Path],
            typer.Option(help="Rows that a calibrator is fitted on, to compare with.", show_default=False),
        ] = None,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        kind: ScoreKind = None,
    ) -> None:
        """Find what is wrong with a file of predictions, and say what to do.

        Ends with 0 where nothing is worse than a note, 1 after a warning or an error, and 2 where a file
        cannot be read.

        Example: calibrant doctor test.npz --fit val.npz
        """
        from calibrant.analysis import doctor

        fitting = None if fit is None else _read(fit, logits_key, label_key, kind)
        diagnosis = doctor(_read(file, logits_key, label_key, kind), fitting)
        if json:
            emit(diagnosis.to_json())
        else:
            say(diagnosis)
        if diagnosis.worst in ("warning", "error"):
            raise typer.Exit(1)


def _read(
    path: Path, logits_key: str | None, label_key: str | None, kind: Literal["logits", "probs"] | None
) -> RawPredictions | RawTopLabel:
    from calibrant.io import read_raw

    raw: RawPredictions | RawTopLabel = read_raw(path, logits_key=logits_key, label_key=label_key, kind=kind)
    if raw.ignored:
        note(f"{path}: not read: {listed(raw.ignored)}")
    return raw
