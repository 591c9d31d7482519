"""Calibrant makes the probabilities of classifiers honest: it measures, repairs, explains and reports.

Names are imported on first use, so that `import calibrant` loads no numerical library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from calibrant._version import __version__
from calibrant.errors import CalibrantError

if TYPE_CHECKING:
    from calibrant.analysis import choose, compare, evaluate, reliability, sweep
    from calibrant.calibrators import Calibrator, TemperatureScaling, calibrator, load
    from calibrant.io import read, write
    from calibrant.predictions import Predictions

_HOMES = {
    "Calibrator": "calibrators",
    "Predictions": "predictions",
    "TemperatureScaling": "calibrators",
    "calibrator": "calibrators",
    "choose": "analysis",
    "compare": "analysis",
    "evaluate": "analysis",
    "load": "calibrators",
    "read": "io",
    "reliability": "analysis",
    "sweep": "analysis",
    "write": "io",
}
_MODULES = (
    "analysis",
    "array_api",
    "calibrators",
    "deploy",
    "engine",
    "exported",
    "io",
    "metrics",
    "plots",
    "predictions",
    "scale",
    "sklearn",
)

__all__ = [
    "CalibrantError",
    "Calibrator",
    "Predictions",
    "TemperatureScaling",
    "__version__",
    "calibrator",
    "choose",
    "compare",
    "evaluate",
    "load",
    "read",
    "reliability",
    "sweep",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"calibrant.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"calibrant.{name}")
    raise AttributeError(f"module 'calibrant' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES})
