"""`calibrant study`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, note, say

ScaleOption = Annotated[
    Literal["smoke", "cpu", "full"],
    typer.Option(
        help="smoke: a minute or two; cpu: under an hour on two cores; full: the paper's, for a GPU."
    ),
]
Seeds = Annotated[
    Optional[int],
    typer.Option(help="Run seeds 0 to N − 1 in place of the study's own.", min=1, show_default=False),
]
Jobs = Annotated[int, typer.Option(help="Runs at a time, each a process.", min=1)]
DataPath = Annotated[
    Optional[Path], typer.Option("--data", help="Folder of parquet files or of images.", show_default=False)
]
RunsFolder = Annotated[Path, typer.Option("--runs", help="Folder that receives the runs.")]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def study(
        name: Annotated[str, typer.Argument(help="Name of a study, or a .toml file.", show_default=False)],
        scale: ScaleOption = "smoke",
        seeds: Seeds = None,
        jobs: Jobs = 1,
        data: DataPath = None,
        runs: RunsFolder = Path("runs/studies"),
        json: Json = False,
    ) -> None:
        """Run a grid of experiments over seeds; it ends in one table, one figure and a report.

        It may be stopped at any moment and started again: a finished run is never trained twice.
        Example: calibrant study depth --scale cpu --jobs 2
        """
        from calibrant.studies.library import load_study, scale_of

        about = load_study(name)
        settings = scale_of(about, scale, name=name)
        note(f"{about.title} ({settings.cost})")
        # The study is checked before the seconds that the libraries of figures take.
        from calibrant.cli.study_progress import StudyBars
        from calibrant.studies.runner import check_complete, run_study

        with StudyBars() as bars:
            outcome = run_study(
                name, scale=scale, seeds=seeds, jobs=jobs, data=data, runs=runs, progress=bars
            )
        if json:
            emit(outcome.to_json())
        else:
            say(
                f"{outcome.title}, scale {outcome.scale}; {outcome.scored} images, "
                f"mean ± standard deviation over seeds; data: {settings.data.get('name', 'of each series')}\n"
            )
            say(outcome.text)
        note(f"wrote report.html, table.json, table.csv, figure.png and figure.svg to {outcome.folder}")
        check_complete(outcome)
