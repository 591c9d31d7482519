"""Which fit parameters reach the classifier and the splitter, with metadata routing on and off.

scikit-learn decides; here is only what it leaves to an estimator that wraps another.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sklearn import get_config
from sklearn.utils.metadata_routing import process_routing
from sklearn.utils.validation import has_fit_parameter


@dataclass(frozen=True)
class FitParameters:
    """What the classifier's `fit` and the splitter's `split` receive beside X and y."""

    fit: Mapping[str, Any]
    split: Mapping[str, Any]


def fit_parameters(
    owner: Any, estimator: Any, sample_weight: Any, fit_params: Mapping[str, Any]
) -> FitParameters:
    """Return what to pass on from the `fit` of `owner`.

    Parameters
    ----------
    owner : estimator
        Whose `fit` was called; its `get_metadata_routing` names "estimator" and "splitter".
    estimator : estimator
        What it wraps.
    sample_weight : array, (n,), optional
        Reaches a classifier that asks for it, or without routing one whose `fit` has the parameter.
    fit_params : mapping
        Further parameters of the call.
    """
    if get_config()["enable_metadata_routing"]:
        routed = process_routing(owner, "fit", sample_weight=sample_weight, **fit_params)
        return FitParameters(routed["estimator"]["fit"], routed["splitter"]["split"])
    if sample_weight is None:
        return FitParameters(fit_params, {})
    if has_fit_parameter(estimator, "sample_weight"):
        return FitParameters({**fit_params, "sample_weight": sample_weight}, {})
    warnings.warn(
        f"{type(estimator).__name__} does not take sample_weight, so only its calibration is weighted.",
        UserWarning,
        stacklevel=3,
    )
    return FitParameters(fit_params, {})
