"""Draw the pictures of docs/calibrators: every method on the same rows, which are too sure and biased.

The build of the documentation draws them, beside this file.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import calibrant
from calibrant import Predictions, metrics
from calibrant.calibrators import CALIBRATORS

NAMES = tuple(CALIBRATORS)
BLUE, RED, GREY = "#1f6fb4", "#c8352b", "0.55"
STYLE = {
    "figure.figsize": (4.2, 3.3),
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}
BIAS = np.array([1.2, 0.0, 0.0, -0.6])


def drawn(n: int, *, seed: int) -> Predictions:
    """Return logits of four classes, 1.8 times too large and with a bias for and against one class."""
    generator = np.random.default_rng(seed)
    true = 2.0 * generator.normal(size=(n, 4))
    labels = (true + generator.gumbel(size=true.shape)).argmax(axis=1)
    return Predictions.from_logits(1.8 * true + BIAS, labels)


def picture(axes: Axes, name: str, validation: Predictions, test: Predictions) -> None:
    """Draw accuracy by confidence of the test rows, before and after a method fitted on the others."""
    after = calibrant.calibrator(name).fit(validation).transform(test)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--")
    for rows, word, color in ((test, "before", RED), (after, "after", BLUE)):
        table = calibrant.reliability(rows)
        shown = table.n >= 10
        label = f"{word}, log-loss {metrics.nll(rows).value:.3f}"
        axes.plot(
            table.confidence[shown], table.accuracy[shown], "o-", color=color, markersize=3, label=label
        )
    axes.set(xlabel="mean confidence of the bin", ylabel="accuracy", xlim=(0.2, 1), ylim=(0, 1.02))
    axes.legend(loc="upper left")


def draw(into: Path) -> None:
    """Write one PNG a method."""
    validation, test = drawn(2000, seed=1), drawn(5000, seed=2)
    with plt.rc_context(STYLE):
        for name in CALIBRATORS:
            figure, axes = plt.subplots()
            picture(axes, name, validation, test)
            figure.savefig(into / f"{name}.png", dpi=90, metadata={"Software": None})
            plt.close(figure)
