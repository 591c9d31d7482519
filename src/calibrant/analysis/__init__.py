"""Questions people ask of predictions, answered in frozen results that print as text and as JSON.

Nothing here draws, and nothing here reads or writes files.
"""

from calibrant.analysis.auroc_interval import auroc_interval
from calibrant.analysis.before_after import BeforeAfter, before_after
from calibrant.analysis.bootstrap import bootstrap_means
from calibrant.analysis.calibration_test import calibration_test
from calibrant.analysis.choose import CandidateResult, Choice, choose
from calibrant.analysis.compare import compare
from calibrant.analysis.comparison import Comparison, MethodScore
from calibrant.analysis.consistency import ConsistencyBand, consistency_band
from calibrant.analysis.convention_table import Conventions
from calibrant.analysis.conventions import conventions
from calibrant.analysis.debiased_interval import ErrorInterval, l2_error_interval
from calibrant.analysis.detectable import DetectableError, minimum_detectable_error
from calibrant.analysis.diagnosis import Diagnosis
from calibrant.analysis.doctor import doctor
from calibrant.analysis.ece_interval import EceInterval, ece_interval
from calibrant.analysis.evaluate import evaluate
from calibrant.analysis.evaluation import Evaluation
from calibrant.analysis.expected import ExpectedIfCalibrated, expected_ece_if_calibrated
from calibrant.analysis.expected_cost import ExpectedCost, expected_cost
from calibrant.analysis.intervals import Interval
from calibrant.analysis.mean_intervals import mean_intervals
from calibrant.analysis.paired import Difference, paired_differences
from calibrant.analysis.plan import FitNeed, Plan, plan, rows_to_fit
from calibrant.analysis.reliability import ReliabilityTable, reliability
from calibrant.analysis.skill_interval import skill_interval
from calibrant.analysis.spread import Spread, assumed_spread, spread_of
from calibrant.analysis.subgroup import Subgroup
from calibrant.analysis.subgroups import Subgroups, subgroups
from calibrant.analysis.sweep import Sweep, sweep
from calibrant.analysis.tool_result import ToolResult

__all__ = [
    "BeforeAfter",
    "CandidateResult",
    "Choice",
    "Comparison",
    "ConsistencyBand",
    "Conventions",
    "DetectableError",
    "Diagnosis",
    "Difference",
    "EceInterval",
    "ErrorInterval",
    "Evaluation",
    "ExpectedCost",
    "ExpectedIfCalibrated",
    "FitNeed",
    "Interval",
    "MethodScore",
    "Plan",
    "ReliabilityTable",
    "Spread",
    "Subgroup",
    "Subgroups",
    "Sweep",
    "ToolResult",
    "assumed_spread",
    "auroc_interval",
    "before_after",
    "bootstrap_means",
    "calibration_test",
    "choose",
    "compare",
    "consistency_band",
    "conventions",
    "doctor",
    "ece_interval",
    "evaluate",
    "expected_cost",
    "expected_ece_if_calibrated",
    "l2_error_interval",
    "mean_intervals",
    "minimum_detectable_error",
    "paired_differences",
    "plan",
    "reliability",
    "rows_to_fit",
    "skill_interval",
    "spread_of",
    "subgroups",
    "sweep",
]
