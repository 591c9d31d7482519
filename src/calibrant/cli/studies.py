"""`calibrant studies`."""

from __future__ import annotations

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, say


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def studies(json: Json = False) -> None:
        """List the studies that `calibrant study` runs, and what they cost at each scale.

        Example: calibrant studies
        """
        from calibrant.analysis.table import plain_table
        from calibrant.studies.library import load_study, study_names
        from calibrant.studies.study import SCALES

        found = {name: load_study(name) for name in study_names()}
        if json:
            listed = [{"name": name, **study.model_dump(mode="json")} for name, study in found.items()]
            emit({"schema": "calibrant.studies/1", "studies": listed})
            return
        rows = [
            [name, *(study.scales[scale].cost if scale in study.scales else "–" for scale in SCALES)]
            for name, study in found.items()
        ]
        say(plain_table(["study", *SCALES], rows))
        for name, study in found.items():
            say(f"\n{name}: {study.title}\n  {study.summary}")
