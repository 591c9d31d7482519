"""Data for these tests: a naive Bayes classifier is over-confident on them, since their features repeat."""

from __future__ import annotations

from typing import Any

import numpy as np


def correlated(n: int, classes: int, *, seed: int = 0) -> tuple[Any, Any]:
    """Ten noisy copies of each of two features, and labels 0..classes-1."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(classes, size=n)
    angles = 2 * np.pi * labels / classes
    hidden = 1.5 * np.column_stack([np.cos(angles), np.sin(angles)]) + generator.normal(size=(n, 2))
    return np.repeat(hidden, 10, axis=1) + 0.1 * generator.normal(size=(n, 20)), labels


def scored(n: int, classes: int, *, seed: int = 0, temperature: float = 2.0) -> tuple[Any, Any]:
    """Logits, and labels drawn from softmax(logits / temperature)."""
    generator = np.random.default_rng(seed)
    logits = 3 * generator.normal(size=(n, classes))
    return logits, (logits / temperature + generator.gumbel(size=(n, classes))).argmax(axis=1)
