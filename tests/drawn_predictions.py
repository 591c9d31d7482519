"""Predictions drawn for tests: by a seeded generator, and by Hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from calibrant.predictions import Predictions


def overconfident_logits(
    n: int, k: int, *, seed: int = 0, temperature: float = 2.0, spread: float = 3.0
) -> tuple[Any, Any]:
    """Logits, and labels drawn from softmax(logits / temperature)."""
    generator = np.random.default_rng(seed)
    logits = spread * generator.normal(size=(n, k))
    labels = (logits / temperature + generator.gumbel(size=(n, k))).argmax(axis=1)
    return logits, labels


def overconfident(n: int, k: int, *, weighted: bool = False, **options: Any) -> Predictions:
    """Predictions whose best temperature is near `temperature`, 2 by default."""
    logits, labels = overconfident_logits(n, k, **options)
    weight = np.random.default_rng(7).gamma(2.0, size=n) if weighted else None
    return Predictions.from_logits(logits, labels, sample_weight=weight)


def overconfident_probs(n: int, k: int, **options: Any) -> Predictions:
    """The same as probabilities."""
    rows = overconfident(n, k, **options)
    return Predictions.from_probs(rows.probs(), rows.labels)


FLOAT_TYPES = (np.float16, np.float32, np.float64)


@st.composite
def logit_predictions(
    draw: st.DrawFn, *, most_rows: int = 12, most_classes: int = 6, masks: bool = False
) -> Predictions:
    """A few rows of any float type: ties, zeros and large values are likely; with `masks` also -inf."""
    n, k = draw(st.integers(1, most_rows)), draw(st.integers(2, most_classes))
    dtype = draw(st.sampled_from(FLOAT_TYPES))
    width = 8 * np.dtype(dtype).itemsize
    common = st.sampled_from([0.0, -0.0, 1.0, -1.0, 5.0, 100.0])
    anything = st.floats(-1000, 1000, width=width)
    logits = draw(hnp.arrays(dtype, (n, k), elements=st.one_of(common, anything)))
    labels = draw(hnp.arrays(np.int64, n, elements=st.integers(0, k - 1)))
    if masks:
        masked = draw(hnp.arrays(np.bool_, (n, k)))
        masked[np.arange(n), labels] = False
        logits[masked] = -np.inf
    return Predictions.from_logits(logits, labels)


@st.composite
def prob_predictions(draw: st.DrawFn, *, most_rows: int = 12, most_classes: int = 6) -> Predictions:
    """A few rows of probabilities, with exact zeros, ones, ties and simple fractions."""
    n, k = draw(st.integers(1, most_rows)), draw(st.integers(2, most_classes))
    parts = draw(
        hnp.arrays(np.float64, (n, k), elements=st.one_of(st.integers(0, 10).map(float), st.floats(0, 1)))
    )
    parts[parts.sum(axis=1) < 1e-6, 0] = 1.0
    labels = draw(hnp.arrays(np.int64, n, elements=st.integers(0, k - 1)))
    return Predictions.from_probs(parts / parts.sum(axis=1, keepdims=True), labels)
