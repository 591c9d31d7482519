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
        from calibrant.studies.library import load_study, study_names
        from calibrant.studies.study import SCALES

        found = {name: load_study(name) for name in study_names()}
        if json:
            listed = [{"name": name, **study.model_dump(mode="json")} for name, study in found.items()]
            emit({"schema": "calibrant.studies/1", "studies": listed})
            return
        for name, study in found.items():
            costs = "".join(
                f"\n  {scale:5}  {study.scales[scale].cost}" for scale in SCALES if scale in study.scales
            )
            say(f"{name}: {study.title}\n  {study.summary}{costs}\n")
