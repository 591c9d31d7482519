"""A run's report with an over-confident net, its temperature and a figure."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis import Evaluation, evaluate, reliability
from calibrant.calibrators import TemperatureScaling
from calibrant.plots import reliability_figure, to_svg
from calibrant.predictions import Predictions
from calibrant.report import DataFacts, LayerRow, ReportFigure, RunReport


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


@pytest.fixture(scope="session")
def run_report(calibrator: TemperatureScaling, before: Evaluation, after: Evaluation) -> RunReport:
    assert calibrator.fit_ is not None
    drawing = to_svg(reliability_figure(reliability(birds_and_cats(2))))
    return RunReport(
        title="lenet5-bird-cat, seed 0",
        description="LeNet-5 on birds against cats.",
        source="A course project: https://example.org/project",
        before=before,
        after=after,
        fit=calibrator.fit_,
        data=DataFacts(
            source="uoft-cs/cifar10",
            n_train=8000,
            n_validation=2000,
            n_test=2000,
            classes=("bird", "cat"),
            split_hash="9f2c41d0",
            normalisation="inputs scaled to ±1",
        ),
        layers=(LayerRow("conv1", (6, 28, 28), 456), LayerRow("fc1", (120,), 48_120)),
        figures=(
            ReportFigure("Before.", "Bars lie below the diagonal.", drawing),
            ReportFigure("Again.", "The same bars.", drawing),
        ),
        recipe='[train]\nepochs = 15\noptimiser = "adam"\n',
        notes=("The first note.",),
        versions=(("calibrant", "0.1.0"), ("torch", "2.9.1")),
    )
