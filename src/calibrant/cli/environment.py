"""`calibrant environment`, the report that a description of a defect begins with.

Packages are looked up, not imported, so that a broken one cannot break the report.
"""

from __future__ import annotations

from pathlib import Path

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, say

_PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "typer",
    "rich",
    "torch",
    "torchvision",
    "timm",
    "lightning-fabric",
    "datasets",
    "scikit-learn",
    "safetensors",
    "pydantic",
    "pillow",
    "pyarrow",
    "tomli-w",
    "filelock",
    "matplotlib",
    "jinja2",
    "plotly",
    "fsspec",
    "array-api-compat",
    "dask",
    "distributed",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "skl2onnx",
)
_VARIABLES = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "CUDA_VISIBLE_DEVICES")


def _installed(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cores() -> int:
    """Return how many cores this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _numba_cache() -> str:
    """Return where compiled kernels are kept, as Numba chooses it."""
    import os
    from importlib.util import find_spec

    found = find_spec("calibrant")
    package = Path(found.origin).parent if found and found.origin else Path()
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    user = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 as it never fails
    places = {place: place for place in (chosen, str(package / "kernels" / "__pycache__")) if place}
    places[user] = "the cache folder of the user"
    for place, called in places.items():
        if _can_be_made(Path(place)):
            return called
    return "none that can be written: kernels are compiled again by every process"


def _can_be_made(folder: Path) -> bool:
    """Return whether files can be made in a folder, or the folder itself where it is not there."""
    import os

    there = next(place for place in (folder, *folder.absolute().parents) if os.path.exists(place))  # noqa: PTH110
    return there.is_dir() and os.access(there, os.W_OK)


def environment_report() -> dict[str, object]:
    """Return what a description of a defect needs to say about the machine."""
    import os
    import platform

    from calibrant._version import __version__

    return {
        "schema": "calibrant.environment/1",
        "calibrant": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "cores": _cores(),
        "numba_cache": _numba_cache(),
        "variables": {name: os.environ.get(name) for name in _VARIABLES},
        "packages": {name: _installed(name) for name in _PACKAGES},
    }


def _lines(report: dict[str, object]) -> list[str]:
    """Return the report as aligned lines."""
    rows: list[tuple[str, object]] = []
    for name, value in report.items():
        if isinstance(value, dict):
            absent = "not set" if name == "variables" else "missing"
            rows += [(key, absent if entry is None else entry) for key, entry in value.items()]
        elif name != "schema":
            rows.append((name.replace("_", " "), value))
    width = max(len(name) for name, _ in rows)
    return [f"{name:{width}}  {value}" for name, value in rows]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def environment(json: Json = False) -> None:
        """Print the versions and settings that a description of a defect needs.

        Example: calibrant environment
        """
        report = environment_report()
        if json:
            emit(report)
            return
        for line in _lines(report):
            say(line)
