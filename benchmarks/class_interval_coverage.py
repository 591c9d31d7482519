"""Coverage of the interval of the class-wise debiased L2 error, simulated. Writes Markdown.

Rows have normal logits, standard deviation 2.3; labels are drawn from them at a temperature above 1, or
shifted by a constant for each class, so that the error of the probabilities is known.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from interval_coverage import per_cent, standard_error
from scipy.optimize import brentq
from scipy.special import softmax

from calibrant import Predictions
from calibrant.analysis.class_draws import draw_classes
from calibrant.analysis.class_squared_error import class_squared_error
from calibrant.analysis.inverted_test import invert
from calibrant.metrics import Rows
from calibrant.metrics.bins import bin_classes, equal_width_edges

CLASSES = (3, 10, 100)
SIZES = (500, 2_000, 10_000)
FEWEST_ROWS_PER_CLASS = 50
ERRORS = (0.01, 0.04)
BINS = 15
SPREAD = 2.3
POINTS = 300_000
LARGEST = 8.0
"""Of the temperature above 1, or of the bias."""

DRAWS = 100
"""Sets of labels behind each interval; the library draws up to 1,000."""

Frequencies = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs/coverage-class-wise.md"))
    parser.add_argument("--sets", type=int, default=200, help="simulated sets of rows in each cell")
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="rows in a set")
    arguments = parser.parse_args()
    start = time.perf_counter()
    head = HEAD.format(
        rows=" ".join(map(str, arguments.rows)),
        sets=arguments.sets,
        error=100 * standard_error(arguments.sets),
        draws=DRAWS,
    )
    lines = [head]
    for k in CLASSES:
        for shape, frequencies in worlds(k):
            truth = l2_of(k, frequencies)
            for n in (each for each in arguments.rows if each >= FEWEST_ROWS_PER_CLASS * k):
                lines.append(row(k, shape, truth, n, frequencies, arguments.sets))
                print(lines[-1], f"{time.perf_counter() - start:.0f} s", flush=True)
    arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


HEAD = """# Coverage of the class-wise interval, simulated

Made by `python benchmarks/class_interval_coverage.py --sets {sets} --rows {rows}`;
[uncertainty.md](uncertainty.md) says what the interval is. Nominal coverage 95 %.
{sets} sets of rows in each cell, so a coverage of 95 % comes with a
standard error of {error:.1f} points; bold is outside 93–97 % by more than twice that. {draws} sets of labels
are drawn for each interval, where the library draws up to 1,000.

Logits are normal, standard deviation 2.3. Labels are drawn from them as they are (calibrated), over a
temperature, or with a constant added for each class (bias). The true errors of 15 bins are means over
300,000 rows. Sets have at least 50 rows a class. "Apart from 0" is how often the interval leaves out 0: where
the truth is 0, a test at 5 %.

| classes | truth | L2 error | rows | coverage | mean width | apart from 0 |
|--:|---|--:|--:|--:|--:|--:|"""


def worlds(k: int) -> list[tuple[str, Frequencies]]:
    """Return the calibrated world, and two of each error that can be reached with so many classes."""
    bias = np.linspace(-1, 1, k)
    found: list[tuple[str, Frequencies]] = [("calibrated", lambda z: softmax(z, axis=1))]
    for error in ERRORS:
        for shape, family in (
            ("temperature", lambda size: lambda z: softmax(z / (1 + size), axis=1)),
            ("bias", lambda size: lambda z: softmax(z + size * bias, axis=1)),
        ):
            if l2_of(k, family(LARGEST)) > error:
                found.append((shape, family(size_of(k, error, family))))
    return found


def size_of(k: int, error: float, family: Callable[[float], Frequencies]) -> float:
    """Return which member of a family has this error."""
    return brentq(lambda size: l2_of(k, family(size)) - error, 0.0, LARGEST, xtol=1e-3)


def logits(n: int, k: int, generator: np.random.Generator) -> np.ndarray:
    return SPREAD * generator.normal(size=(n, k))


def l2_of(k: int, frequencies: Frequencies) -> float:
    """Return the true class-wise L2 error of the bins."""
    z = logits(POINTS, k, np.random.default_rng(0))
    p, q = softmax(z, axis=1), frequencies(z)
    squares = 0.0
    for c in range(k):
        index = np.clip(np.ceil(p[:, c] * BINS).astype(int) - 1, 0, BINS - 1)
        gap = np.bincount(index, q[:, c] - p[:, c], minlength=BINS)
        squares += float((gap**2 / np.maximum(np.bincount(index, minlength=BINS), 1)).sum())
    return float(np.sqrt(squares / POINTS / k))


def row(k: int, shape: str, truth: float, n: int, frequencies: Frequencies, sets: int) -> str:
    """Return the coverage in one world, as a row of the table."""
    generator = np.random.default_rng([n, k, round(1e5 * truth)])
    held, widths, apart = [], [], []
    for seed in range(sets):
        z = logits(n, k, generator)
        below = frequencies(z).cumsum(axis=1) < generator.random((n, 1))
        rows = Rows(Predictions.from_logits(z, np.minimum(below.sum(axis=1), k - 1)))
        state = bin_classes(rows, equal_width_edges(BINS))
        found = invert(class_squared_error(rows, state, draw_classes(rows, state, DRAWS, seed)), 0.95)
        held.append(found.low <= truth <= found.high)
        widths.append(found.high - found.low)
        apart.append(found.low > 0)
    return (
        f"| {k} | {shape} | {truth:.4f} | {n:,} | {per_cent(held)} | {np.mean(widths):.4f} "
        f"| {np.mean(apart):.0%} |"
    )


if __name__ == "__main__":
    main()
