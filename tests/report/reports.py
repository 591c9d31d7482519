"""Small reports for tests of their views."""

from __future__ import annotations

from functools import cache

import numpy as np

from calibrant.predictions import Predictions
from calibrant.report.build import Origin, predictions_report
from calibrant.report.model import (
    Epoch,
    Example,
    Layer,
    Listing,
    PredictionsReport,
    Provenance,
    RunFacts,
    StudyFigure,
    StudyReport,
    StudyRow,
)
from tests.drawn_predictions import overconfident_logits

HOSTILE = "</script><img onerror=x>|`*_[a](b)_*`\x1b[31m\n# new www.evil.example https://evil.example"


def rows(n: int, k: int, *, seed: int, classes: tuple[str, ...] | None = None) -> Predictions:
    """Rows twice too sure, in two groups."""
    logits, labels = overconfident_logits(n, k, seed=seed)
    groups = np.where(np.arange(n) % 3 == 0, "dark", "bright")
    return Predictions.from_logits(logits, labels, classes=classes, groups=groups)


@cache
def small_report(
    k: int = 3, classes: tuple[str, ...] | None = None, title: str = "small"
) -> PredictionsReport:
    """A report with every part that predictions can give."""
    return predictions_report(
        rows(120, k, seed=2, classes=classes),
        validation=rows(150, k, seed=1, classes=classes),
        title=title,
        methods=("temperature", "vector", "histogram"),
        origin=Origin(test="test.npz", validation="val.npz", command="calibrant report test.npz"),
    )


def run_facts(name: str = "conv1") -> RunFacts:
    """A run of two epochs."""
    return RunFacts(
        description="LeNet-5 on birds against cats.",
        source="https://example.org/project",
        seed=3,
        recipe='[train]\nepochs = 2\nnote = "```"\n',
        data=(("classes", "bird, cat"), ("training images", "8,000")),
        epochs=tuple(
            Epoch(
                epoch=number,
                train_loss=0.5 / number,
                val_loss=0.6,
                val_nll=0.6,
                val_accuracy=0.75,
                val_ece=0.04,
                val_temperature=1.1,
            )
            for number in (1, 2)
        ),
        kept_epoch=2,
        drops=(1,),
        layers=(Layer(name=name, output_shape=(6, 28, 28), parameters=456),),
        examples=(Example(png="", label="bird", predicted=name, before=0.99, after=0.8, id="7"),),
        listings=(Listing(caption="Bins", header=("bin", "rows"), rows=(("(0, 1]", "9"),)),),
    )


def study_report(name: str = "depth") -> StudyReport:
    """A study of two rows."""
    return StudyReport(
        title=name,
        description="What depth does.",
        source="Guo et al. 2017",
        scale="cpu",
        headline="Deeper networks are more over-confident.",
        names=("net",),
        columns=("accuracy", "ECE"),
        decimals=(3, 4),
        rows=(
            StudyRow(name=("shallow",), seeds=2, means=(0.5, 0.02), spreads=(0.01, None)),
            StudyRow(name=(name,), seeds=1, means=(0.6, None), spreads=(None, None)),
        ),
        figures=(StudyFigure(caption="ECE against depth.", alt="It rises.", svg='<svg viewBox="0 0 1 1"/>'),),
        listings=(Listing(caption="Settings", header=("setting", "value"), rows=(("epochs", "9"),)),),
        provenance=Provenance(
            command="calibrant study depth", files=(), seed=0, versions=(("calibrant", "0"),)
        ),
    )
