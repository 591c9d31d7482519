"""An over-confident net on birds and cats, and its temperature."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis import Evaluation, evaluate
from calibrant.calibrators import TemperatureScaling
from calibrant.predictions import Predictions


def birds_and_cats(seed: int, *, too_large: float = 2.0, n: int = 2000) -> Predictions:
    """Rows whose logits are `too_large` times what would be honest."""
    generator = np.random.default_rng(seed)
    honest = generator.normal(0, 2.2, n)
    labels = generator.random(n) < 1 / (1 + np.exp(-honest))
    return Predictions.from_logits(too_large * honest, labels, classes=["bird", "cat"])


@pytest.fixture(scope="session")
def calibrator() -> TemperatureScaling:
    return TemperatureScaling().fit(birds_and_cats(1))


@pytest.fixture(scope="session")
def before() -> Evaluation:
    return evaluate(birds_and_cats(2))


@pytest.fixture(scope="session")
def after(calibrator: TemperatureScaling) -> Evaluation:
    return evaluate(calibrator.transform(birds_and_cats(2)))
