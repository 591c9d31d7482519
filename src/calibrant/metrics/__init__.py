"""Measures of accuracy and calibration, each stamped with its convention.

Call one on predictions (`metrics.ece(rows).value`), or accumulate, merge and finalise its state in parts.
"""

from calibrant.metrics.adaptive import AdaptiveCalibrationError, ace, tace
from calibrant.metrics.auroc import auroc
from calibrant.metrics.brier_halved import brier_halved
from calibrant.metrics.calibration_error import CalibrationError, ece, mce, rmsce
from calibrant.metrics.calibration_index import calibration_index
from calibrant.metrics.confidence_gap import confidence_gap
from calibrant.metrics.confidence_sides import SideOfCalibrationError
from calibrant.metrics.convention import Convention
from calibrant.metrics.corp import corp_decomposition
from calibrant.metrics.corp_curve import CorpReliability, corp_reliability
from calibrant.metrics.cox import calibration_slope
from calibrant.metrics.cumulative import CumulativeError, ks_error, kuiper_error
from calibrant.metrics.cumulative_curve import CumulativeCurve, cumulative_curve
from calibrant.metrics.cumulative_significance import cumulative_test
from calibrant.metrics.debiased import (
    DebiasedCalibrationError,
    ece_l1_debiased,
    ece_l2_debiased,
    ece_l2_squared_debiased,
)
from calibrant.metrics.debiased_equal_mass import EqualMassDebiasedCalibrationError
from calibrant.metrics.equal_mass import EqualMassCalibrationError
from calibrant.metrics.foreign_ece import ece_as
from calibrant.metrics.hosmer_lemeshow import hosmer_lemeshow
from calibrant.metrics.in_the_large import calibration_in_the_large
from calibrant.metrics.kernel_calibration import kernel_calibration_error
from calibrant.metrics.metric import Measurement, MergeableMetric, WholeMetric
from calibrant.metrics.monotone_sweep import MonotoneSweepError, ece_sweep
from calibrant.metrics.murphy import murphy_decomposition
from calibrant.metrics.quantile_metric import QuantileMetric
from calibrant.metrics.registry import METRICS
from calibrant.metrics.risk_coverage import RiskCoverageArea, risk_coverage_curve
from calibrant.metrics.row_means import accuracy, brier, mean_confidence, nll
from calibrant.metrics.rows import Rows
from calibrant.metrics.significance import SignificanceTest
from calibrant.metrics.skill import brier_skill, nll_skill
from calibrant.metrics.smooth import SmoothCalibrationError, smooth_ece
from calibrant.metrics.smooth_reliability import SmoothReliability, smooth_reliability
from calibrant.metrics.spiegelhalter import spiegelhalter
from calibrant.metrics.tally_metric import TallyMetric
from calibrant.metrics.top_k import TopAccuracy, TopCalibrationError
from calibrant.metrics.top_label_by_class import TopLabelByClass

__all__ = [
    "METRICS",
    "AdaptiveCalibrationError",
    "CalibrationError",
    "Convention",
    "CorpReliability",
    "CumulativeCurve",
    "CumulativeError",
    "DebiasedCalibrationError",
    "EqualMassCalibrationError",
    "EqualMassDebiasedCalibrationError",
    "Measurement",
    "MergeableMetric",
    "MonotoneSweepError",
    "QuantileMetric",
    "RiskCoverageArea",
    "Rows",
    "SideOfCalibrationError",
    "SignificanceTest",
    "SmoothCalibrationError",
    "SmoothReliability",
    "TallyMetric",
    "TopAccuracy",
    "TopCalibrationError",
    "TopLabelByClass",
    "WholeMetric",
    "accuracy",
    "ace",
    "auroc",
    "brier",
    "brier_halved",
    "brier_skill",
    "calibration_in_the_large",
    "calibration_index",
    "calibration_slope",
    "confidence_gap",
    "corp_decomposition",
    "corp_reliability",
    "cumulative_curve",
    "cumulative_test",
    "ece",
    "ece_as",
    "ece_l1_debiased",
    "ece_l2_debiased",
    "ece_l2_squared_debiased",
    "ece_sweep",
    "hosmer_lemeshow",
    "kernel_calibration_error",
    "ks_error",
    "kuiper_error",
    "mce",
    "mean_confidence",
    "murphy_decomposition",
    "nll",
    "nll_skill",
    "risk_coverage_curve",
    "rmsce",
    "smooth_ece",
    "smooth_reliability",
    "spiegelhalter",
    "tace",
]
