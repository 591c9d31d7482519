"""Studies by name or path, read and checked.

An error names the file, the key and the nearest name that exists.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from calibrant.errors import InvalidStudy
from calibrant.foreign import toml_table
from calibrant.nearest import nearest
from calibrant.plain import read_text
from calibrant.recipes.explain import explain
from calibrant.studies.study import Scale, Study

_LIBRARY = files("calibrant.studies") / "library"


def study_names() -> list[str]:
    """Return the names of the studies that come with the package."""
    return sorted(Path(entry.name).stem for entry in _LIBRARY.iterdir() if entry.name.endswith(".toml"))


def load_study(name: str) -> Study:
    """Read a study of the library by its name, or a study's file by its path, which ends in ``.toml``.

    Raises
    ------
    InvalidStudy
        No such study, a misspelt key, a value of the wrong type.
    UnreadableFile
        There is no such file.
    """
    source, text = _read(name)
    try:
        return Study.model_validate(toml_table(text))
    except ValidationError as error:
        raise InvalidStudy(f"{source}: {explain(error, Study)}") from error
    except ValueError as error:
        raise InvalidStudy(f"{source} cannot be read as TOML: {error}.") from error


def scale_of(study: Study, scale: str, *, name: str) -> Scale:
    """Return a study's settings at one scale.

    Raises
    ------
    InvalidStudy
        The study has no such scale.
    """
    known = {str(key): value for key, value in study.scales.items()}
    if scale not in known:
        raise InvalidStudy(f"the study {name} has no scale {scale!r}.{nearest(scale, known)}")
    return known[scale]


def _read(name: str) -> tuple[str, str]:
    if name.endswith(".toml"):
        return name, read_text(name, called=f"the study {name}")
    if name not in study_names():
        known = ", ".join(study_names())
        raise InvalidStudy(
            f"there is no study {name!r}.{nearest(name, study_names())} "
            f"Studies: {known}; or give the path of a .toml file."
        )
    return f"{name}.toml", (_LIBRARY / f"{name}.toml").read_text(encoding="utf-8")
