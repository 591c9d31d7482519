"""Time `evaluate` and its parts against one pass over memory, and the ECE against peers that are installed.

All in one run on the same arrays, taking turns, the shortest time of each; prints Markdown tables.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from calibrant import Predictions, evaluate
from calibrant.metrics import METRICS, Rows, ece
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.predictions import TopLabelPredictions

Timed = dict[str, Callable[[], object]]

ROWS, CLASSES = 50_000, 1_000
SMALL_ROWS, SMALL_CLASSES = 10_000, 100
MEANS = ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "rmsce")
EDGES = equal_width_edges(DEFAULT_BINS)

FIRST_CALL = """
import time
start = time.perf_counter()
import numpy as np
from calibrant import Predictions, evaluate
imported = time.perf_counter()
generator = np.random.default_rng(0)
logits = generator.standard_normal(({rows}, {classes}), dtype=np.float32)
predictions = Predictions.from_logits(logits, generator.integers(0, {classes}, {rows}))
before = time.perf_counter()
evaluate(predictions)
print(imported - start, time.perf_counter() - before)
"""


def make_logits(rows: int, classes: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return logits over-confident by 1.7, labels drawn from softmax(z / 1.7); confidences of all sizes."""
    generator = np.random.default_rng(0)
    logits = generator.standard_normal((rows, classes), dtype=np.float32)
    raised = generator.uniform(0, 14, rows).astype(np.float32)
    logits[np.arange(rows), generator.integers(0, classes, rows)] += raised
    labels = (logits + generator.gumbel(size=(rows, classes)).astype(np.float32)).argmax(axis=1)
    logits *= np.float32(1.7)
    return logits, labels


def shortest(timed: Timed, repeats: int) -> dict[str, float]:
    """Return the shortest time of each, in seconds; they take turns, so that all meet the same machine."""
    seconds = dict.fromkeys(timed, float("inf"))
    for function in timed.values():
        function()
    for _ in range(repeats):
        for name, function in timed.items():
            start = time.perf_counter()
            function()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def means(predictions: Predictions) -> None:
    """Measure all but the class-wise error, without intervals."""
    rows = Rows(predictions)
    for name in MEANS:
        METRICS[name](rows)


def with_classes(predictions: Predictions) -> None:
    """Measure all, class-wise error included, without intervals."""
    rows = Rows(predictions)
    for name in ("classwise_ece", *MEANS):
        METRICS[name](rows)


def parts(logits: NDArray[np.float32], predictions: Predictions) -> Timed:
    """Return what is timed on logits in C order."""
    return {
        "`logits.max()`, one pass over memory": lambda: logits.max(),
        "row summary": lambda: Rows(predictions).summary,
        "row summary and class-wise bins": lambda: bin_classes(Rows(predictions), EDGES),
        "all metrics but the class-wise one": partial(means, predictions),
        "all metrics": partial(with_classes, predictions),
        "`evaluate`, intervals included": partial(evaluate, predictions),
    }


def layouts(predictions: Predictions) -> dict[str, Predictions]:
    """Return the same rows in other forms."""
    scores, labels = predictions.scores, predictions.labels
    return {
        "float16": Predictions.from_logits(scores.astype(np.float16), labels),
        "float64": Predictions.from_logits(scores.astype(np.float64), labels),
        "Fortran order": Predictions.from_logits(np.asfortranarray(scores), labels),
        "probabilities": Predictions.from_probs(predictions.probs().astype(np.float32), labels),
    }


def peers(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> Timed:
    """Return the ECE of the top label by calibrant and by the peers that are installed."""
    top = TopLabelPredictions.from_correct(confidence, correct)
    timed: Timed = {"calibrant": lambda: ece(top)}
    try:
        from sklearn.calibration import calibration_curve

        timed[named("scikit-learn")] = lambda: calibration_curve(correct, confidence, n_bins=DEFAULT_BINS)
    except ImportError:
        pass
    try:
        import calibration

        timed[named("uncertainty-calibration")] = lambda: calibration.get_ece(
            confidence, correct.astype(int), num_bins=DEFAULT_BINS
        )
    except ImportError:
        pass
    try:
        import torch
        from torchmetrics.functional.classification import binary_calibration_error

        tensors = torch.from_numpy(confidence), torch.from_numpy(correct.astype(np.int64))
        timed[named("torchmetrics")] = lambda: binary_calibration_error(*tensors, n_bins=DEFAULT_BINS)
    except ImportError:
        pass
    return timed


def named(name: str) -> str:
    """Return a package's name with its version."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


def first_call(cache: str) -> tuple[float, float]:
    """Return the seconds of the import and of the first `evaluate`, in a new process."""
    program = FIRST_CALL.format(rows=SMALL_ROWS, classes=SMALL_CLASSES)
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    imported, evaluated = map(float, done.stdout.split())
    return imported, evaluated


def print_passes(seconds: dict[str, float]) -> None:
    """Print times beside the first one, which is one pass over memory."""
    one_pass = next(iter(seconds.values()))
    print("\n| | seconds | passes over memory |\n|---|--:|--:|")
    for name, taken in seconds.items():
        print(f"| {name} | {taken:.4f} | {taken / one_pass:.1f} |")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    repeats = parser.parse_args().repeats
    threads = os.environ.get("OMP_NUM_THREADS", os.cpu_count())
    print(f"{platform.machine()}, {threads} threads; {named('numpy')}, {named('numba')}")

    logits, labels = make_logits(ROWS, CLASSES)
    predictions = Predictions.from_logits(logits, labels)
    print(f"\n## {ROWS:,} × {CLASSES:,} float32")
    print_passes(shortest(parts(logits, predictions), repeats))

    print(f"\n## The same rows in other forms: row summary and class-wise bins ({ROWS:,} × {CLASSES:,})")
    forms: Timed = {"`logits.max()`, float32": lambda: logits.max()}
    for name, rows in layouts(predictions).items():
        forms[name] = partial(lambda rows: bin_classes(Rows(rows), EDGES), rows)
    print_passes(shortest(forms, max(1, repeats // 4)))

    print("\n## The ECE of a million confidences\n\n| | seconds | times calibrant |\n|---|--:|--:|")
    summary = Rows(predictions).summary
    confidence, correct = np.tile(summary.confidence, 20), np.tile(summary.correct, 20)
    seconds = shortest(peers(confidence, correct), max(1, repeats // 4))
    for name, taken in seconds.items():
        print(f"| {name} | {taken:.4f} | {taken / seconds['calibrant']:.1f} |")

    small = Predictions.from_logits(*make_logits(SMALL_ROWS, SMALL_CLASSES))
    warm = shortest({"evaluate": lambda: evaluate(small)}, repeats)["evaluate"]
    print(f"\n## `evaluate` on {SMALL_ROWS:,} × {SMALL_CLASSES:,} float32\n\n| | seconds |\n|---|--:|")
    print(f"| warm | {warm:.4f} |")
    with tempfile.TemporaryDirectory() as cache:
        for name in ("first call ever, which compiles", "first call of a process"):
            imported, evaluated = first_call(cache)
            print(f"| {name} (and {imported:.2f} s for the import) | {evaluated:.2f} |")


if __name__ == "__main__":
    main()
