"""The calibrators by name: the same names in Python, on the command line and in stored files."""

from __future__ import annotations

from calibrant.calibrators.auto import AutoCalibrator
from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.basis import BasisScaling
from calibrant.calibrators.bbq import BayesianBinning
from calibrant.calibrators.beta import BetaCalibration
from calibrant.calibrators.dirichlet import DirichletCalibration
from calibrant.calibrators.ensemble_temperature import EnsembleTemperatureScaling
from calibrant.calibrators.histogram import HistogramBinning
from calibrant.calibrators.identity import Identity
from calibrant.calibrators.isotonic import IsotonicCalibration
from calibrant.calibrators.matrix import MatrixScaling
from calibrant.calibrators.one_vs_rest import OneVsRest
from calibrant.calibrators.platt import PlattScaling
from calibrant.calibrators.quadratic import QuadraticScaling
from calibrant.calibrators.scaling_binning import ScalingBinning
from calibrant.calibrators.spline import SplineCalibration
from calibrant.calibrators.structured_matrix import StructuredMatrixScaling
from calibrant.calibrators.structured_vector import StructuredVectorScaling
from calibrant.calibrators.temperature import TemperatureScaling
from calibrant.calibrators.top_label_histogram import TopLabelHistogramBinning
from calibrant.calibrators.vector import VectorScaling
from calibrant.calibrators.venn_abers import VennAbers
from calibrant.errors import InvalidArgument
from calibrant.nearest import nearest

CALIBRATORS: dict[str, type[Calibrator]] = {
    "identity": Identity,
    "temperature": TemperatureScaling,
    "bbq": BayesianBinning,
    "histogram": HistogramBinning,
    "isotonic": IsotonicCalibration,
    "scaling_binning": ScalingBinning,
    "spline": SplineCalibration,
    "top_label_histogram": TopLabelHistogramBinning,
    "venn_abers": VennAbers,
    "beta": BetaCalibration,
    "dirichlet": DirichletCalibration,
    "ensemble_temperature": EnsembleTemperatureScaling,
    "matrix": MatrixScaling,
    "one_vs_rest": OneVsRest,
    "platt": PlattScaling,
    "quadratic": QuadraticScaling,
    "vector": VectorScaling,
    "structured_vector": StructuredVectorScaling,
    "structured_matrix": StructuredMatrixScaling,
    "basis": BasisScaling,
    "auto": AutoCalibrator,
}


def calibrator(name: str) -> Calibrator:
    """Build the calibrator with this name, unfitted and with its defaults.

    Raises
    ------
    InvalidArgument
        There is none of that name, or it is no name.

    Examples
    --------
    >>> calibrator("temperature").method
    'temperature'
    """
    if not isinstance(name, str):
        raise InvalidArgument(f"methods go by their names, such as 'temperature'; got {type(name).__name__}.")
    if name not in CALIBRATORS:
        raise InvalidArgument(f"there is no calibrator {name!r}.{nearest(name, sorted(CALIBRATORS))}")
    return CALIBRATORS[name]()
