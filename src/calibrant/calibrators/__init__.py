"""Post-hoc calibrators: each learns on validation rows how to make later probabilities honest.

One method a file; `registry` lists them, `stored` keeps them in JSON.
"""

from calibrant.calibrators.auto import AutoCalibrator
from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.basis import BasisScaling
from calibrant.calibrators.bbq import BayesianBinning
from calibrant.calibrators.beta import BetaCalibration
from calibrant.calibrators.curves import Curve
from calibrant.calibrators.dirichlet import DirichletCalibration
from calibrant.calibrators.ensemble_temperature import EnsembleTemperatureScaling
from calibrant.calibrators.fitted_curves import FittedCurves
from calibrant.calibrators.from_fit import from_fit
from calibrant.calibrators.histogram import HistogramBinning
from calibrant.calibrators.identity import Identity
from calibrant.calibrators.isotonic import IsotonicCalibration
from calibrant.calibrators.matrix import MatrixScaling
from calibrant.calibrators.one_vs_rest import OneVsRest
from calibrant.calibrators.platt import PlattScaling
from calibrant.calibrators.quadratic import QuadraticScaling
from calibrant.calibrators.registry import CALIBRATORS, calibrator
from calibrant.calibrators.scaling_binning import ScalingBinning
from calibrant.calibrators.spline import SplineCalibration
from calibrant.calibrators.stored import load
from calibrant.calibrators.structured_matrix import StructuredMatrixScaling
from calibrant.calibrators.structured_vector import StructuredVectorScaling
from calibrant.calibrators.temperature import TemperatureScaling
from calibrant.calibrators.top_label_histogram import TopLabelHistogramBinning
from calibrant.calibrators.vector import VectorScaling
from calibrant.calibrators.venn_abers import VennAbers, VennAbersIntervals

__all__ = [
    "CALIBRATORS",
    "AutoCalibrator",
    "BasisScaling",
    "BayesianBinning",
    "BetaCalibration",
    "Calibrator",
    "Curve",
    "DirichletCalibration",
    "EnsembleTemperatureScaling",
    "FittedCurves",
    "HistogramBinning",
    "Identity",
    "IsotonicCalibration",
    "MatrixScaling",
    "OneVsRest",
    "PlattScaling",
    "QuadraticScaling",
    "ScalingBinning",
    "SplineCalibration",
    "StructuredMatrixScaling",
    "StructuredVectorScaling",
    "TemperatureScaling",
    "TopLabelHistogramBinning",
    "VectorScaling",
    "VennAbers",
    "VennAbersIntervals",
    "calibrator",
    "from_fit",
    "load",
]
