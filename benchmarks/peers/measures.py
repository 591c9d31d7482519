"""Measurements by calibrant and by its peers: the same numbers, with 15 bins of equal width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from netcal.metrics import ECE, MCE
from scipy.stats import bootstrap
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss
from torch.nn.functional import cross_entropy, one_hot
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_calibration_error

from benchmarks.evaluate import MEANS
from benchmarks.peers.rows import BenchmarkRows
from calibrant import sweep
from calibrant.analysis.bootstrap import bootstrap_means
from calibrant.metrics import METRICS, Rows

Measures = dict[str, Callable[[BenchmarkRows], Any]]

BINS, REPLICATES = 15, 1_000
TEMPERATURES = np.linspace(0.25, 10, 40)


def _ours(rows: BenchmarkRows) -> Any:
    shared = Rows(rows.predictions)
    return {name: METRICS[name](shared).value for name in MEANS}


def _torchmetrics(rows: BenchmarkRows, temperature: float = 1.0) -> Any:
    logits, labels = rows.tensors
    logits = logits / temperature
    probs, k = logits.softmax(dim=1), logits.shape[1]
    return {
        "accuracy": multiclass_accuracy(probs, labels, k, average="micro"),
        "mean_confidence": probs.max(dim=1).values.mean(),
        "nll": cross_entropy(logits, labels),
        "brier": ((probs - one_hot(labels, k)) ** 2).sum(dim=1).mean(),
        **{
            name: multiclass_calibration_error(probs, labels, k, n_bins=BINS, norm=norm)
            for name, norm in (("ece", "l1"), ("mce", "max"), ("rmsce", "l2"))
        },
    }


def _netcal(rows: BenchmarkRows) -> Any:
    """Measure calibration errors, which is all it has."""
    return {
        "ece": ECE(BINS).measure(rows.probs, rows.labels),
        "mce": MCE(BINS).measure(rows.probs, rows.labels),
    }


def _sklearn(rows: BenchmarkRows) -> Any:
    """Measure the means, and the bins without their error, which it has not."""
    predicted, confidence = rows.probs.argmax(axis=1), rows.probs.max(axis=1)
    classes = np.arange(rows.probs.shape[1])
    return {
        "accuracy": accuracy_score(rows.labels, predicted),
        "mean_confidence": confidence.mean(),
        "nll": log_loss(rows.labels, rows.probs, labels=classes),
        "brier": brier_score_loss(rows.labels, rows.probs, labels=classes, scale_by_half=False),
        "curve": calibration_curve(predicted == rows.labels, confidence, n_bins=BINS),
    }


EVALUATE: Measures = {
    "calibrant": _ours,
    "torchmetrics": _torchmetrics,
    "netcal": _netcal,
    "scikit-learn": _sklearn,
}

SWEEP: Measures = {
    "calibrant": lambda rows: sweep(rows.predictions, TEMPERATURES),
    "torchmetrics": lambda rows: [_torchmetrics(rows, temperature) for temperature in TEMPERATURES.tolist()],
}


def _bootstrap_ours(rows: BenchmarkRows) -> Any:
    losses = Rows(rows.predictions).summary.nll
    return bootstrap_means({"nll": losses}, np.ones(0), replicates=REPLICATES)["nll"]


def _bootstrap_scipy(rows: BenchmarkRows) -> Any:
    losses = cross_entropy(*rows.tensors, reduction="none").numpy()
    found = bootstrap((losses,), np.mean, n_resamples=REPLICATES, batch=50, method="BCa")
    return found.confidence_interval


BOOTSTRAP: Measures = {"calibrant": _bootstrap_ours, "SciPy": _bootstrap_scipy}
