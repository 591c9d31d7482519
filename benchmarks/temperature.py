"""Time the temperature fit on 50,000 × 1,000 float32 logits against one pass over memory and against peers.

All in one run on the same array; prints a Markdown table. Needs scikit-learn and PyTorch beside calibrant.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import torch
from sklearn.calibration import _TemperatureScaling

from calibrant import Predictions, TemperatureScaling
from calibrant.predictions.hashing import content_hash

ROWS, CLASSES, TRUE_TEMPERATURE = 50_000, 1_000, 1.7


def make_logits(rows: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return logits that are over-confident by TRUE_TEMPERATURE: labels are drawn from softmax(z / T)."""
    generator = np.random.default_rng(0)
    logits = generator.standard_normal((rows, classes), dtype=np.float32)
    logits[np.arange(rows), generator.integers(0, classes, rows)] += 9.0
    labels = (logits + generator.gumbel(size=(rows, classes)).astype(np.float32)).argmax(axis=1)
    logits *= np.float32(TRUE_TEMPERATURE)
    return logits, labels


def best_of(function: Callable[[], object], repeats: int) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def torch_lbfgs(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Fit log T by L-BFGS with a strong-Wolfe line search, as a PyTorch user would."""
    log_temperature = torch.zeros((), requires_grad=True)
    optimiser = torch.optim.LBFGS([log_temperature], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits * torch.exp(-log_temperature), labels)
        loss.backward()
        return loss

    optimiser.step(closure)
    return float(torch.exp(log_temperature.detach()))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    logits, labels = make_logits(ROWS, CLASSES)
    predictions = Predictions.from_logits(logits, labels)
    ours = TemperatureScaling().fit(predictions)
    memory_pass = best_of(lambda: logits.max(), repeats)

    temperatures: dict[str, float] = {"calibrant": ours.temperature_}
    seconds = {"calibrant": best_of(lambda: ours.fit(predictions), repeats)}
    hashing = best_of(lambda: content_hash(predictions.scores, "logits", predictions.labels), repeats)
    checking = best_of(lambda: Predictions.from_logits(logits, labels), repeats)

    sklearn = _TemperatureScaling()
    seconds["scikit-learn _TemperatureScaling"] = best_of(lambda: sklearn.fit(logits, labels), 2)
    temperatures["scikit-learn _TemperatureScaling"] = float(1 / sklearn.beta_)

    tensors = torch.from_numpy(logits), torch.from_numpy(labels)
    seconds["torch LBFGS, strong Wolfe"] = best_of(lambda: torch_lbfgs(*tensors), 2)
    temperatures["torch LBFGS, strong Wolfe"] = torch_lbfgs(*tensors)

    print(f"{ROWS:,} × {CLASSES:,} float32, {os.cpu_count()} cores, {platform.machine()}; ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scikit-learn", "torch")))
    print("\n| | seconds | passes over memory | times calibrant | T |\n|---|--:|--:|--:|--:|")
    print(f"| logits.max(), one pass over memory | {memory_pass:.4f} | 1.0 | | |")
    for name, taken in seconds.items():
        passes, ratio = taken / memory_pass, taken / seconds["calibrant"]
        print(f"| {name} | {taken:.4f} | {passes:.1f} | {ratio:.1f} | {temperatures[name]:.8f} |")
    print(f"\nPasses of the fit: {ours.iterations_}. Not in its time, and done once for a set of rows:")
    print(f"the checks, {checking:.4f} s, and the fingerprint that tells it from others, {hashing:.4f} s.")


if __name__ == "__main__":
    main()
