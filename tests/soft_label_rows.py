"""Rows that several annotators labelled, for tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from calibrant.predictions import Predictions, SoftLabelPredictions
from tests.drawn_predictions import logit_predictions, overconfident, prob_predictions


def annotated(
    n: int, k: int, *, annotators: int = 5, weighted: bool = False, seed: int = 0, **options: Any
) -> SoftLabelPredictions:
    """Overconfident logits, with counts drawn around probabilities that differ from row to row."""
    rows = overconfident(n, k, seed=seed, **options)
    generator = np.random.default_rng((seed, 1))
    truth = rows.with_scores(rows.logits() / 2 + generator.normal(size=(n, k)), "logits").probs()
    counts = generator.multinomial(annotators, truth)
    weight = generator.gamma(2.0, size=n) if weighted else None
    return SoftLabelPredictions.from_logits(rows.scores, counts, sample_weight=weight)


def as_probs(rows: SoftLabelPredictions) -> SoftLabelPredictions:
    """The same rows as probabilities."""
    return rows.with_scores(rows.probs(), "probs")


def one_hot(rows: Predictions) -> SoftLabelPredictions:
    """The same rows, each labelled by three annotators who agree."""
    counts = 3 * np.eye(rows.k)[rows.labels]
    build = SoftLabelPredictions.from_logits if rows.kind == "logits" else SoftLabelPredictions.from_probs
    return build(rows.scores, counts, sample_weight=rows.sample_weight, classes=rows.classes)


@st.composite
def soft_label_predictions(draw: st.DrawFn) -> SoftLabelPredictions:
    """A few rows of any scores, with whole counts or shares, zeros among them."""
    rows = draw(logit_predictions() | prob_predictions())
    counts = draw(
        hnp.arrays(np.float64, (rows.n, rows.k), elements=st.integers(0, 3).map(float) | st.floats(0.01, 1))
    )
    counts[np.arange(rows.n), rows.labels] += 1
    build = SoftLabelPredictions.from_logits if rows.kind == "logits" else SoftLabelPredictions.from_probs
    return build(rows.scores, counts)


def human_file() -> Path:
    """Return the file of a ResNet-110 on the CIFAR-10 test images, with how people labelled them."""
    return Path(os.environ["CALIBRANT_DATA"]) / "predictions/c10-resnet110-human/test.npz"
