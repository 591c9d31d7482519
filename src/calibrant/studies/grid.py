"""From a study to its runs: every series, every value, every seed, each as a recipe that was checked.

Whether a run has been made is the business of `store`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calibrant.errors import InvalidRecipe, InvalidStudy
from calibrant.recipes.library import check_recipe
from calibrant.recipes.recipe import Recipe
from calibrant.studies.study import Scale, Series, Study, Value

_SECTIONS = ("data", "net", "train")
_SHOWN_OF_HASH = 8
_SHOWN_OF_NETWORK = 12


@dataclass(frozen=True)
class Point:
    """One place of a grid, to be run over seeds.

    Attributes
    ----------
    series : str
        Name of its series.
    value : bool, int, float, str or None
        Value of the setting that varies; None where nothing does.
    """

    series: str
    value: Value | None


@dataclass(frozen=True)
class PlannedRun:
    """One run of a study.

    Attributes
    ----------
    point : Point
        Where in the grid.
    seed : int
        Its seed.
    label : str
        What people read: series, setting and seed.
    settings : str
        SHA-256 of everything that decides the outcome but the images.
    recipe : Recipe
        What to run.
    """

    point: Point
    seed: int
    label: str
    settings: str
    recipe: Recipe

    @property
    def name(self) -> str:
        """The label, and enough of the settings' hash to tell runs apart: a name for a file."""
        return f"{_file_name(self.label)}-{self.settings[:_SHOWN_OF_HASH]}"

    def network_name(self, data: Path | None) -> str:
        """Name of the folder of what it trains, the same in every study that trains it.

        Parameters
        ----------
        data : Path or None
            The images, where the recipe does not name them.
        """
        images = "" if data is None else str(data)
        shown = hashlib.sha256(f"{self.settings} {images}".encode()).hexdigest()[:_SHOWN_OF_NETWORK]
        return f"{_file_name(self.recipe.net.name)}-seed-{self.seed}-{shown}"


def planned_runs(study: Study, scale: Scale, seeds: Sequence[int], *, source: str) -> tuple[PlannedRun, ...]:
    """List the runs of a study: seed by seed, so that a study that is stopped has whole grids.

    Parameters
    ----------
    study : Study
        What varies.
    scale : Scale
        One of its scales.
    seeds : sequence of int
        Seeds of the runs.
    source : str
        What an error names.

    Raises
    ------
    InvalidStudy
        A setting that no recipe has, or that no network takes; two runs that are the same.
    """
    runs = tuple(
        _planned(study, scale, series, value, seed, source)
        for seed in seeds
        for series in scale.series
        for value in _values(study, series, source)
    )
    seen: dict[str, str] = {}
    for run in runs:
        if run.settings in seen:
            raise InvalidStudy(f"{source}: {seen[run.settings]} and {run.label} are the same run.")
        seen[run.settings] = run.label
    return runs


def _values(study: Study, series: Series, source: str) -> tuple[Value | None, ...]:
    if (study.vary is None) != (not series.values):
        needs = "no values, because nothing varies" if study.vary is None else "values of what varies"
        raise InvalidStudy(f"{source}: the series {series.name!r} needs {needs}.")
    return series.values or (None,)


def _planned(
    study: Study, scale: Scale, series: Series, value: Value | None, seed: int, source: str
) -> PlannedRun:
    sections = {name: {**getattr(scale, name), **getattr(series, name)} for name in _SECTIONS}
    label = series.name
    if study.vary is not None and value is not None:
        section, key = study.vary.setting.split(".")
        sections[section][key] = value
        label = f"{label} {key} {_plain(value)}"
    texts = {
        "title": f"{study.title}: {label}",
        "summary": study.summary,
        "source": study.source,
        "command": "calibrant study",
        "cost": scale.cost,
    }
    label = f"{label} seed {seed}"
    try:
        recipe = check_recipe({**texts, "seeds": [seed], **sections}, f"{source}, {label}")
    except InvalidRecipe as error:
        raise InvalidStudy(str(error)) from error
    return PlannedRun(Point(series.name, value), seed, label, _hash(recipe, seed), recipe)


def _hash(recipe: Recipe, seed: int) -> str:
    # Defaults are left out, so that a setting which is new to recipes makes no finished run another run.
    settings = recipe.model_dump(mode="json", include=set(_SECTIONS), exclude_defaults=True)
    text = json.dumps({**settings, "seed": seed}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", text).strip("-")


def _plain(value: Value) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else f"{value}"
