"""The metrics by name, with their default conventions."""

from __future__ import annotations

from typing import Any

from calibrant.metrics.adaptive import DEFAULT_THRESHOLD, AdaptiveCalibrationError
from calibrant.metrics.brier_halved import brier_halved
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.confidence_gap import confidence_gap
from calibrant.metrics.confidence_sides import SideOfCalibrationError
from calibrant.metrics.cumulative import CumulativeError
from calibrant.metrics.debiased import DebiasedCalibrationError
from calibrant.metrics.debiased_equal_mass import EqualMassDebiasedCalibrationError
from calibrant.metrics.equal_mass import EqualMassCalibrationError
from calibrant.metrics.metric import MergeableMetric, WholeMetric
from calibrant.metrics.monotone_sweep import MonotoneSweepError
from calibrant.metrics.quantile_metric import QuantileMetric
from calibrant.metrics.risk_coverage import RiskCoverageArea
from calibrant.metrics.row_means import accuracy, brier, mean_confidence, nll
from calibrant.metrics.smooth import SmoothCalibrationError
from calibrant.metrics.tally_metric import TallyMetric
from calibrant.metrics.top_k import TopAccuracy, TopCalibrationError
from calibrant.metrics.top_label_by_class import TopLabelByClass

AnyMetric = MergeableMetric[Any] | QuantileMetric | TallyMetric | WholeMetric
"""What a metric of the registry may be; all but the last also measure rows in parts, by `over`."""

METRICS: dict[str, AnyMetric] = {
    metric.name: metric
    for metric in (
        accuracy,
        mean_confidence,
        nll,
        brier,
        CalibrationError("ece"),
        CalibrationError("mce", norm="max"),
        CalibrationError("rmsce", norm="l2"),
        CalibrationError("classwise_ece", notion="class-wise"),
        CalibrationError("ece_positive", notion="one-class", class_index=1),
        EqualMassCalibrationError("ece_equal_mass"),
        EqualMassCalibrationError("mce_equal_mass", norm="max"),
        EqualMassCalibrationError("rmsce_equal_mass", norm="l2"),
        EqualMassCalibrationError("classwise_ece_equal_mass", notion="class-wise"),
        DebiasedCalibrationError("ece_l2_debiased"),
        DebiasedCalibrationError("ece_l2_squared_debiased", norm="l2-squared"),
        DebiasedCalibrationError("ece_l1_debiased", norm="l1"),
        DebiasedCalibrationError("classwise_ece_l2_debiased", notion="class-wise"),
        EqualMassDebiasedCalibrationError("ece_l2_debiased_equal_mass"),
        MonotoneSweepError("ece_sweep"),
        AdaptiveCalibrationError("ace"),
        AdaptiveCalibrationError("tace", threshold=DEFAULT_THRESHOLD),
        SmoothCalibrationError("smooth_ece"),
        CumulativeError("ks_error"),
        CumulativeError("kuiper_error", form="range"),
        brier_halved,
        confidence_gap,
        SideOfCalibrationError("ece_overconfident", side="over"),
        SideOfCalibrationError("ece_underconfident", side="under"),
        TopLabelByClass("top_label_ece_by_class"),
        TopAccuracy("top5_accuracy", count=5),
        TopCalibrationError("top5_ece", count=5),
        RiskCoverageArea("aurc"),
        RiskCoverageArea("excess_aurc", baseline="best-order"),
    )
}
