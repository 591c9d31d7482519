"""The public names of every package of calibrant, for autodoc.

A package is public where it has `__all__`; what each name is, its docstring says.
"""

from __future__ import annotations

import importlib
import inspect
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
    """Return what `calibrant` itself offers, then a section for every package, which autodoc fills."""
    sections = [
        f"## {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n   :undoc-members:\n```"
        f"{_values(module)}"
        for module in [*packages(), "calibrant.errors"]
    ]
    return "\n\n".join([f"## calibrant\n\n{_shortcuts()}", *sections])


def _shortcuts() -> str:
    """Return where the names of `calibrant` itself are explained."""
    lines = ["The names used most, from the packages below:", ""]
    for name in calibrant.__all__:
        homes = [
            package
            for package in [*packages(), "calibrant.errors"]
            if getattr(importlib.import_module(package), name, None) is getattr(calibrant, name)
        ]
        lines.append(f"- `{name}`: " + (f"`{homes[0]}.{name}`" if homes else "of the package itself"))
    return "\n".join(lines)


def _values(module: str) -> str:
    """Return a line with the names that are neither classes nor functions, such as ready metrics."""
    found = importlib.import_module(module)
    names = [
        name
        for name in getattr(found, "__all__", [])
        if not isinstance(getattr(found, name), type) and not inspect.isfunction(getattr(found, name))
    ]
    return f"\n\nValues: {', '.join(f'`{module}.{name}`' for name in names)}." if names else ""
