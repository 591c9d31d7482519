"""Predictions, tables and records that the figures of these tests show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from calibrant.analysis import ReliabilityTable, reliability
from calibrant.predictions import Predictions


@pytest.fixture(scope="session")
def over_confident() -> Predictions:
    """Two thousand birds and cats whose logits are twice as large as they should be."""
    generator = np.random.default_rng(0)
    honest = generator.normal(0, 2.2, 2000)
    labels = generator.random(2000) < 1 / (1 + np.exp(-honest))
    return Predictions.from_logits(2 * honest, labels, classes=["bird", "cat"])


@pytest.fixture(scope="session")
def table(over_confident: Predictions) -> ReliabilityTable:
    return reliability(over_confident)


@pytest.fixture(scope="session")
def cat_table(over_confident: Predictions) -> ReliabilityTable:
    return reliability(over_confident, class_index=1)


@pytest.fixture(scope="session")
def records() -> Sequence[dict[str, float | int | None]]:
    """Eight epochs as `metrics.jsonl` holds them; the first temperature could not be fitted."""
    return [
        {
            "epoch": epoch,
            "train_loss": 1 / epoch,
            "val_loss": 0.5 + 0.01 * (epoch - 4) ** 2,
            "val_nll": 0.5 + 0.01 * (epoch - 4) ** 2,
            "val_accuracy": 0.8 - 0.2 / epoch,
            "val_ece": 0.01 * epoch,
            "val_temperature": None if epoch == 1 else 1 + 0.1 * epoch,
            "seconds": 1.5,
        }
        for epoch in range(1, 9)
    ]
