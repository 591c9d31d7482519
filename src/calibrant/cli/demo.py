"""`calibrant demo`."""

from __future__ import annotations

from pathlib import Path

import typer

from calibrant.cli.options import Json
from calibrant.cli.run import RunsFolder, run_experiment


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def demo(runs: RunsFolder = Path("runs"), json: Json = False) -> None:
        """Train a small network, measure its over-confidence, repair it. No download, under a minute.

        Example: calibrant demo
        """
        run_experiment("lenet5-digits", [0], None, None, runs, as_json=json)
