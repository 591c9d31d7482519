"""The public names of every package of calibrant, for autodoc.

A package is public where it has `__all__`; what each name is, its docstring says.
"""

from __future__ import annotations

import importlib
import pkgutil

import calibrant

_PARTS_OF_OTHERS = frozenset({"solvers", "engine"})


def packages() -> list[str]:
    """Return the names of the packages that list public names, `calibrant` itself apart."""
    return [
        f"calibrant.{found.name}"
        for found in pkgutil.iter_modules(calibrant.__path__)
        if found.ispkg
        and found.name not in _PARTS_OF_OTHERS
        and getattr(importlib.import_module(f"calibrant.{found.name}"), "__all__", None)
    ]


def markdown() -> str:
    """Return a section for every package, which autodoc fills."""
    return "\n\n".join(
        f"## {package}\n\n```{{eval-rst}}\n.. automodule:: {package}\n   :members:\n```"
        for package in packages()
    )
