"""Labels drawn in NumPy are those that the compiled loop draws, and need no compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from calibrant import write
from calibrant.kernels.few_labels import draw_labels_of_few
from calibrant.kernels.label_draws import draw_labels
from calibrant.metrics.bins import equal_width_edges
from calibrant.predictions import Predictions

EDGES = equal_width_edges(15)
SEED = np.uint64(12_345_678_901_234_567)


@pytest.mark.parametrize("k", [2, 7, 16, 17, 60])
def test_they_are_those_of_the_compiled_loop(k: int) -> None:
    probs = np.random.default_rng(k).dirichlet(np.full(k, 0.3), size=300)
    probs[:3] = np.eye(k)[[0, 1, k - 1]]
    wanted, found = np.empty((40, 300), np.int32), np.empty((40, 300), np.int32)
    draw_labels(0, 300, probs, False, 1.0, EDGES, SEED, 3, 7, 400, wanted)
    draw_labels_of_few(probs, EDGES, SEED, 3, 7, 400, found)
    assert (found == wanted).all()


def test_few_rows_are_evaluated_without_compiling(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(500, 10)), generator.integers(0, 10, 500))
    write(rows, tmp_path / "rows.npz")
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "calibrant", "evaluate", str(tmp_path / "rows.npz"), "--json"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"NUMBA_CACHE_DIR": str(cache)})
    assert not list(cache.rglob("*.nbi"))
