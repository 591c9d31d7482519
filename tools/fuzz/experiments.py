"""Recipes and studies, and the folder that a study leaves."""

from __future__ import annotations

from pathlib import Path

from calibrant.recipes.library import load_recipe, recipe_text
from calibrant.report.markdown import as_markdown
from calibrant.report.text import as_text
from calibrant.studies.grid import planned_runs
from calibrant.studies.library import load_study
from calibrant.studies.report_of_study import study_report
from calibrant.studies.store import open_store
from tools.fuzz.archive import spread
from tools.fuzz.verdict import Finding, attempt, printable

STUDY, SCALE = "depth", "smoke"


def recipe(content: bytes, folder: Path) -> None:
    """Load a recipe, which is then written again."""
    path = folder / "recipe.toml"
    path.write_bytes(content)
    loaded = attempt(lambda: load_recipe(str(path)))
    if loaded is not None:
        path.write_text(recipe_text(loaded), encoding="utf-8")
        if attempt(lambda: load_recipe(str(path))) != loaded:
            raise Finding("what was loaded and written reads back as another recipe")


def study(content: bytes, folder: Path) -> None:
    """Load a study."""
    path = folder / "study.toml"
    path.write_bytes(content)
    attempt(lambda: load_study(str(path)))


def study_folder(content: bytes, folder: Path) -> None:
    """Read the folder of a study: its table, its record of what it is, and the record of one run."""
    place = folder / STUDY / SCALE
    place.mkdir(parents=True)
    if not spread(content, place):
        return
    report = attempt(lambda: study_report(place))
    if report is not None:
        for form in (as_text, as_markdown):
            printable(attempt(lambda form=form: form(report)) or "")  # type: ignore[misc]
    store = attempt(lambda: open_store(folder, study=STUDY, scale=SCALE, data=None))
    record = place / "record.json"
    if store is not None and record.exists():
        study = load_study(STUDY)
        planned = planned_runs(study, study.scales[SCALE], (0,), source=STUDY)[0]
        record.replace(store.record_of(planned))
        attempt(lambda: store.measured(planned))
