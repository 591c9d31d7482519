"""Evaluation and fits for arrays that stay where they are: NumPy, PyTorch, CuPy, JAX, on any device.

Array expressions alone, none of the compiled loops: the second opinion that the tests hold those against.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("array_api_compat") is None:
    raise MissingExtra("Evaluating arrays where they are", "array", "array-api-compat")

from calibrant.array_api.calibration_error import calibration_error
from calibrant.array_api.evaluate import ArrayEvaluation, evaluate
from calibrant.array_api.probs import probs
from calibrant.array_api.sweep import ArraySweep, sweep
from calibrant.array_api.temper import temper
from calibrant.array_api.temperature import FittedTemperature, fit_temperature
from calibrant.array_api.vector import FittedVector, fit_vector
from calibrant.array_api.vector_scale import vector_scale

__all__ = [
    "ArrayEvaluation",
    "ArraySweep",
    "FittedTemperature",
    "FittedVector",
    "calibration_error",
    "evaluate",
    "fit_temperature",
    "fit_vector",
    "probs",
    "sweep",
    "temper",
    "vector_scale",
]
