"""Draw the pictures of runs from their bins and curves, which lie beside this file.

`store.py` and `benchmarks/basis_link.py` write those. The build of the documentation draws `NAMES`. The rest
is shown by README.md too, where nothing is built, and is kept as files; a test draws them again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.analysis.sweep import Sweep
from calibrant.metrics.convention import Convention
from calibrant.plots import save
from calibrant.plots.before_after import before_after_figure
from calibrant.plots.reliability import reliability_figure
from calibrant.plots.sweep import sweep_figure

FOLDER = Path(__file__).parent
MOST = 8.0


def results(name: str) -> dict[str, Any]:
    """Return what was kept of a run."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def table_of(content: dict[str, Any]) -> ReliabilityTable:
    """Return the bins whose JSON form this is; every row weighs 1."""
    names = ("lower", "upper", "n", "confidence", "accuracy", "low", "high")
    columns = {name: np.array([each[name] for each in content["bins"]], dtype=float) for name in names}
    count = columns.pop("n")
    return ReliabilityTable(
        n=count.astype(np.int64),
        weight=count,
        **columns,
        **{name: content[name] for name in ("level", "ece", "mce")},
        convention=Convention(**content["convention"]),
    )


def sweep_of(content: dict[str, Any]) -> Sweep:
    """Return the curves whose JSON form this is, without their bins."""
    columns = {name: np.array(content[name]) for name in ("temperature", "ece", "mce", "nll", "brier")}
    conventions = {name: Convention(**each) for name, each in content["conventions"].items()}
    return Sweep(
        **columns,
        accuracy=content["accuracy"],
        bins=np.zeros((len(columns["temperature"]), 0, 4)),
        n=content["n"],
        conventions=conventions,
    )


def reliability(name: str, when: str) -> Figure:
    """Draw the reliability diagram over its histogram."""
    table = table_of(results(name)[when])
    return reliability_figure(
        table, mean_confidence=table.mean_confidence, accuracy=table.mean_accuracy, class_name=None
    )


def before_after(name: str) -> Figure:
    """Draw the curve before and after, with other temperatures as thin lines."""
    found = results(name)
    return before_after_figure(
        table_of(found["before"]),
        table_of(found["after"]),
        temperature=found["temperature"],
        others=[(t, table_of(content)) for t, content in found["others"]],
        class_name=found["class_name"],
    )


def sweep(name: str) -> Figure:
    """Draw ECE and log-loss against the temperature."""
    found = results(name)
    return sweep_figure(sweep_of(found["sweep"]), temperature=found["temperature"], stderr=found["stderr"])


def basis_link() -> Figure:
    """Draw what basis scaling makes of the log-odds of the top class, for nets of three losses."""
    with (FOLDER / "basis-link.csv").open(encoding="utf-8", newline="") as file:
        titles, *lines = csv.reader(file)
    curves = np.array(lines, dtype=float).T
    figure, axes = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
    axes.plot([0, MOST], [0, MOST], color="0.6", linestyle="--", label="one temperature")
    for title, curve in zip(titles[1:], curves[1:], strict=True):
        axes.plot(curves[0], curve, label=title)
    axes.set(
        xlabel="log-odds of the top class and its rival after temperature scaling",
        ylabel="the same after basis scaling",
        xlim=(0, MOST),
        ylim=(0, None),
    )
    axes.legend(frameon=False, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


KEPT: dict[str, Callable[[], Figure]] = {
    "demo-before": lambda: reliability("demo", "before"),
    "demo-after": lambda: reliability("demo", "after"),
    "bird-cat-before-after": lambda: before_after("bird-cat"),
    "bird-cat-sweep": lambda: sweep("bird-cat"),
}
"""The pictures that are kept as files."""
NAMES = ("basis-link",)


def draw(into: Path) -> None:
    """Write what the build draws."""
    figure = basis_link()
    figure.savefig(into / "basis-link.png", dpi=150, metadata={"Software": None})
    plt.close(figure)


def draw_kept(name: str, into: Path) -> Path:
    """Write one of the pictures that are kept."""
    return save(KEPT[name](), into / f"{name}.png")
