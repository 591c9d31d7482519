"""Post-hoc calibrators: each learns on validation rows how to make later probabilities honest.

One method a file; `registry` lists them, `stored` keeps them in JSON.
"""

from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.registry import CALIBRATORS, calibrator
from calibrant.calibrators.stored import load
from calibrant.calibrators.temperature import TemperatureScaling

__all__ = ["CALIBRATORS", "Calibrator", "TemperatureScaling", "calibrator", "load"]
