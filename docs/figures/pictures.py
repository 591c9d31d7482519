"""Draw the pictures of docs/figures.md, one for each kind of `calibrant plot`, from rows drawn at random.

The build of the documentation draws them, beside this file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calibrant import Predictions
from calibrant.plots import KINDS, PlotOptions, save

NAMES = tuple(KINDS)
DOTS_PER_INCH = 110
ANIMALS = ("bird", "cat", "deer", "dog", "frog", "horse")


def drawn(n: int, classes: tuple[str, ...], *, seed: int) -> Predictions:
    """Return logits that are too large, more so for every other class and in some places."""
    generator = np.random.default_rng(seed)
    k = len(classes)
    honest = 2.0 * generator.normal(size=(n, k))
    labels = (honest + generator.gumbel(size=(n, k))).argmax(axis=1)
    place = generator.integers(0, 4, n)
    scale = np.where(np.arange(k) % 2 == 0, 1.5, 2.1) * np.array([0.7, 0.9, 1.2, 1.6])[place][:, None]
    groups = np.array(["north", "south", "east", "west"])[place]
    return Predictions.from_logits(scale * honest, labels, classes=classes, groups=groups)


def options_of(kind: str, validation: Predictions) -> PlotOptions:
    """Return what the page's commands ask for."""
    takes = KINDS[kind].takes
    return PlotOptions(
        validation=validation if "validation" in takes else None,
        methods=("vector", "platt", "isotonic", "histogram", "beta") if kind == "methods" else None,
        width=KINDS[kind].usual_width,
    )


def draw(into: Path) -> None:
    """Write one PNG a kind."""
    for name, kind in KINDS.items():
        classes = ANIMALS[:2] if name == "cost" else ANIMALS
        validation, test = drawn(3000, classes, seed=1), drawn(3000, classes, seed=2)
        figure = kind(test, options_of(name, validation))
        save(figure, into / f"{name}.png", dots_per_inch=DOTS_PER_INCH)
