"""Draw the pictures of docs/metrics, from rows drawn at random and from calibrant itself.

The build of the documentation draws them, beside this file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import calibrant
from calibrant import Predictions, TemperatureScaling, metrics

BLUE, RED, GREY = "#1f6fb4", "#c8352b", "0.55"
STYLE = {
    "figure.figsize": (5.4, 3.3),
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def drawn(n: int, *, k: int = 10, temperature: float = 1.8, seed: int = 0) -> Predictions:
    """Return logits whose labels come from softmax(logits / temperature): too sure where it is above 1."""
    generator = np.random.default_rng(seed)
    logits = 4.0 * generator.normal(size=(n, k))
    labels = (logits / temperature + generator.gumbel(size=(n, k))).argmax(axis=1)
    return Predictions.from_logits(logits, labels)


def risks(n: int, *, seed: int = 1) -> Predictions:
    """Return probabilities of a rare event, too extreme: the true log-odds are 0.6 times theirs, less 0.3."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(-1.2, 1.6, n)
    labels = (generator.random(n) < 1 / (1 + np.exp(0.3 - 0.6 * odds))).astype(int)
    return Predictions.from_logits(odds, labels)


def accuracy_and_confidence(axes: Axes) -> None:
    """Draw the confidences of all rows, with their mean and the accuracy."""
    rows = drawn(5000)
    confidence = metrics.Rows(rows).summary.confidence
    accuracy, mean = metrics.accuracy(rows).value, metrics.mean_confidence(rows).value
    axes.hist(confidence, bins=30, range=(0, 1), color=BLUE, alpha=0.35)
    top = axes.get_ylim()[1]
    axes.plot([accuracy] * 2, [0, 1.12 * top], color="black")
    axes.plot([mean] * 2, [0, 1.12 * top], color=RED)
    axes.annotate("", (mean, 1.05 * top), (accuracy, 1.05 * top), arrowprops={"arrowstyle": "<->"})
    axes.text((accuracy + mean) / 2, 1.14 * top, "confidence_gap", ha="center", va="bottom")
    axes.text(accuracy - 0.01, 1.12 * top, f"accuracy {accuracy:.3f}", ha="right", va="top")
    axes.text(mean + 0.01, 1.12 * top, f"mean_confidence {mean:.3f}", color=RED, va="top")
    axes.set(xlabel="confidence", ylabel="rows", xlim=(0, 1.12), ylim=(0, 1.25 * top))


def log_loss(axes: Axes) -> None:
    """Draw the log-loss of the same logits at many temperatures."""
    rows = drawn(5000)
    temperatures = np.linspace(0.6, 4, 60)
    found = [
        metrics.nll(metrics.Rows(rows, temperature=temperature)).value
        for temperature in temperatures.tolist()
    ]
    fitted = TemperatureScaling().fit(rows).temperature_
    axes.plot(temperatures, found, color=BLUE)
    axes.axvline(1.8, color=GREY, linestyle="--")
    axes.text(1.85, max(found), "temperature of the labels, 1.8", color=GREY, va="top")
    lowest = min(found)
    axes.plot([fitted], [lowest], "o", color=RED)
    axes.annotate(f"least log-loss, at T = {fitted:.2f}", (fitted, lowest), (1.9, lowest + 0.2), color=RED)
    axes.set(xlabel="temperature T that divides the logits", ylabel="nll, nats a row")


def brier(axes: Axes) -> None:
    """Draw what one row of two classes adds to each score."""
    p = np.linspace(0.002, 1, 500)
    axes.plot(p, -np.log(p), color=BLUE, label="nll")
    axes.plot(p, 2 * (1 - p) ** 2, color=RED, label="brier")
    axes.plot(p, (1 - p) ** 2, color=RED, linestyle=":", label="brier_halved")
    axes.set(xlabel="probability of the class that came", ylabel="loss of the row", xlim=(0, 1), ylim=(0, 6))
    axes.legend()


def ece(axes: Axes) -> None:
    """Draw a reliability diagram; the ECE is the mean height of the red parts, by rows."""
    table = calibrant.reliability(drawn(5000))
    shown = table.n > 0
    width = (table.upper - table.lower)[shown]
    middle = ((table.upper + table.lower) / 2)[shown]
    accuracy, confidence = table.accuracy[shown], table.confidence[shown]
    axes.bar(middle, accuracy, width, color=BLUE, alpha=0.6, edgecolor="white", label="accuracy")
    axes.bar(
        middle,
        confidence - accuracy,
        width,
        accuracy,
        color=RED,
        alpha=0.35,
        edgecolor="white",
        label="gap to the mean confidence",
    )
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--")
    axes.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
    axes.text(0.03, 0.7, f"ece {table.ece:.3f}\nmce {table.mce:.3f}")
    axes.legend(loc="upper left")


def class_wise(axes: Axes) -> None:
    """Draw the one-against-rest ECE of each class where one class is predicted too often."""
    generator = np.random.default_rng(0)
    logits = 2.5 * generator.normal(size=(5000, 6))
    labels = (logits - np.array([1.5, 0, 0, 0, 0, 0]) + generator.gumbel(size=(5000, 6))).argmax(axis=1)
    rows = Predictions.from_logits(logits, labels)
    errors = [metrics.ece(rows, notion="one-class", class_index=index).value for index in range(6)]
    axes.bar(range(6), errors, color=[RED, *[BLUE] * 5], alpha=0.7)
    mean = metrics.ece(rows, notion="class-wise").value
    axes.axhline(mean, color="black")
    axes.text(5.5, mean, "classwise_ece, their mean", ha="right", va="bottom")
    top = metrics.ece(rows).value
    axes.axhline(top, color=GREY, linestyle="--")
    axes.text(5.5, top, "ece of the top label", ha="right", va="bottom", color=GREY)
    axes.set(xlabel="class (class 0 is predicted too often)", ylabel="ECE of the class against the rest")


def debiased(axes: Axes) -> None:
    """Draw plug-in and debiased errors of perfectly calibrated rows."""
    sizes = np.array([100, 200, 400, 800, 1600, 3200, 6400])
    names = {"rmsce": GREY, "ece": BLUE, "ece_l1_debiased": RED, "ece_l2_squared_debiased": "black"}
    for name, color in names.items():
        means = [
            np.mean(
                [metrics.METRICS[name](drawn(size, temperature=1.0, seed=seed)).value for seed in range(60)]
            )
            for size in sizes.tolist()
        ]
        axes.plot(sizes, means, "o-", color=color, markersize=3, label=name)
    axes.axhline(0, color=GREY, linewidth=0.6)
    axes.set(xscale="log", xlabel="rows", ylabel="mean over 60 sets of calibrated rows")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes.tolist()])
    axes.minorticks_off()
    axes.legend()


def sweep(axes: Axes) -> None:
    """Draw the equal-mass ECE against the number of bins, and the number that the sweep stops at."""
    rows = drawn(1000, temperature=1.2, seed=3)
    counts = np.arange(1, 101)
    values = [metrics.ece(rows, scheme="equal-mass", bins=count).value for count in counts.tolist()]
    swept = metrics.ece_sweep(rows)
    axes.plot(counts, values, color=BLUE, label="ece, equal-mass bins")
    axes.plot([swept.convention.bins], [swept.value], "o", color=RED, label="ece_sweep")
    axes.axhline(
        metrics.ece(drawn(400_000, temperature=1.2, seed=4), bins=100).value,
        color=GREY,
        linestyle="--",
        label="ece of 400,000 such rows",
    )
    axes.set(xlabel="bins", ylabel="error on 1,000 rows", ylim=(0, None), xlim=(0, 100))
    axes.legend(loc="lower right")


def smooth_ece(axes: Axes) -> None:
    """Draw the smoothed reliability curve, with the density of the rows."""
    curve = metrics.smooth_reliability(drawn(5000, temperature=1.4))
    axes.fill_between(curve.grid, 0.12 * curve.density, color=GREY, alpha=0.25, linewidth=0)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--")
    axes.plot(curve.grid, curve.accuracy, color=RED)
    axes.text(0.03, 0.86, f"smooth_ece {curve.error:.3f}, which is also the bandwidth")
    axes.text(0.6, 0.03, "density of the rows", color="0.35", ha="center")
    axes.set(xlabel="confidence", ylabel="smoothed accuracy", xlim=(0, 1), ylim=(0, 1))


def ks_kuiper(axes: Axes) -> None:
    """Draw the cumulative differences of a set of rows that is too sure, and of a calibrated one."""
    for temperature, color, name in ((1.15, RED, "too sure"), (1.0, BLUE, "calibrated")):
        rows = drawn(2000, temperature=temperature, seed=5)
        summary = metrics.Rows(rows).summary
        order = np.argsort(summary.confidence)
        path = np.concatenate(([0], np.cumsum((summary.correct - summary.confidence)[order]) / 2000))
        p_value = metrics.cumulative_test(rows, form="range").p_value
        axes.plot(
            np.linspace(0, 1, 2001), path, color=color, label=f"{name}, Kuiper's test p = {p_value:.2g}"
        )
        if name == "too sure":
            axes.axhline(path.min(), color=GREY, linewidth=0.7, linestyle="--")
            axes.axhline(path.max(), color=GREY, linewidth=0.7, linestyle="--")
            axes.annotate("", (0.97, path.min()), (0.97, path.max()), arrowprops={"arrowstyle": "<->"})
            axes.text(0.95, path.min() / 4, "kuiper_error", ha="right")
    axes.set(
        xlabel="share of the rows, the least confident first",
        ylabel="cumulative correct - confidence",
        ylim=(-0.034, None),
    )
    axes.legend(loc="lower left")


def skce(axes: Axes) -> None:
    """Draw estimates of the squared kernel calibration error on many sets of rows."""
    edges = np.linspace(-0.001, 0.004, 41)
    for temperature, color, name in ((1.0, BLUE, "calibrated"), (1.3, RED, "logits 1.3 times too large")):
        found = [
            metrics.kernel_calibration_error(
                drawn(250, k=3, temperature=temperature, seed=seed), bandwidth=0.3
            ).value
            for seed in range(300)
        ]
        axes.hist(found, bins=edges, color=color, alpha=0.45, label=name)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(xlabel="unbiased estimate on 250 rows of 3 classes", ylabel="sets of rows, of 300")
    axes.legend()


def decompositions(axes: Axes) -> None:
    """Draw the parts of the top label's Brier score before and after temperature scaling."""
    rows, fit = drawn(5000), drawn(5000, seed=9)
    after = TemperatureScaling().fit(fit).transform(rows)
    parts = ("miscalibration", "discrimination", "uncertainty", "score")
    places = np.arange(len(parts))
    for shift, color, name, which in ((-0.2, BLUE, "before", rows), (0.2, RED, "after", after)):
        found = metrics.corp_decomposition(which)
        values = [getattr(found, part) for part in parts]
        bars = axes.bar(places + shift, values, 0.38, color=color, alpha=0.7, label=name)
        axes.bar_label(bars, fmt="%.3f", padding=1, fontsize=8)
    axes.set_xticks(places, parts)
    axes.set(ylabel="Brier score of the top label", ylim=(0, 0.29))
    axes.legend(title="temperature scaling", loc="upper left")


def ranking(axes: Axes) -> None:
    """Draw the risk-coverage curve and the best that any order of the same rows could do."""
    rows = drawn(5000)
    curve = metrics.risk_coverage_curve(rows)
    error = float(curve.risk[-1])
    best = np.maximum(0, curve.coverage - (1 - error)) / curve.coverage
    axes.fill_between(curve.coverage, curve.risk, color=BLUE, alpha=0.15, linewidth=0)
    axes.plot(curve.coverage, curve.risk, color=BLUE)
    axes.plot(curve.coverage, best, color=GREY, linestyle="--")
    axes.axhline(error, color="black", linewidth=0.7)
    axes.text(0.02, error, "error rate of all rows", va="bottom")
    areas = {name: metrics.METRICS[name](rows).value for name in ("aurc", "excess_aurc")}
    axes.text(0.3, 0.3 * error, "rows kept by confidence", color=BLUE)
    axes.text(0.99, 0.03 * error, "all errors last", color="0.4", ha="right")
    axes.text(0.02, 0.78 * error, "\n".join(f"{name} {value:.3f}" for name, value in areas.items()))
    axes.set(
        xlabel="coverage: share of the rows kept",
        ylabel="risk: their error rate",
        xlim=(0, 1),
        ylim=(0, 1.2 * error),
    )


def top_k(axes: Axes) -> None:
    """Draw top-k accuracy against the probability that the k classes add up to."""
    rows = drawn(5000)
    counts = np.arange(1, 11)
    accuracy = [metrics.TopAccuracy("top", count=count)(rows).value for count in counts.tolist()]
    ordered = -np.sort(-rows.probs(), axis=1)
    axes.plot(counts, ordered.cumsum(axis=1).mean(axis=0), "o-", color=RED, label="mean probability of the k")
    axes.plot(counts, accuracy, "o-", color=BLUE, label="top-k accuracy")
    axes.set(xlabel="k, classes that count", ylabel="share of rows", ylim=(0, 1.03))
    axes.set_xticks(counts)
    axes.legend(loc="lower right")


def medicine(axes: Axes) -> None:
    """Draw observed against predicted risk by tenths, with the logistic recalibration."""
    rows = risks(2000)
    table = calibrant.reliability(rows, class_index=1, scheme="equal-mass", bins=10)
    found = metrics.calibration_slope(rows)
    p = np.linspace(0.002, 0.998, 400)
    line = 1 / (1 + np.exp(-found.intercept - found.slope * np.log(p / (1 - p))))
    error = np.stack([table.accuracy - table.low, table.high - table.accuracy])
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--")
    axes.plot(p, line, color=RED, label=f"slope {found.slope:.2f}, intercept {found.intercept:.2f}")
    axes.errorbar(
        table.confidence,
        table.accuracy,
        error,
        fmt="o",
        color=BLUE,
        markersize=4,
        label="tenths of the rows, 95 % intervals",
    )
    axes.set(xlabel="predicted risk", ylabel="share of events", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left")


PICTURES: dict[str, Callable[[Axes], None]] = {
    "accuracy-and-confidence": accuracy_and_confidence,
    "log-loss": log_loss,
    "brier": brier,
    "ece": ece,
    "class-wise": class_wise,
    "debiased": debiased,
    "sweep": sweep,
    "smooth-ece": smooth_ece,
    "ks-kuiper": ks_kuiper,
    "skce": skce,
    "decompositions": decompositions,
    "ranking": ranking,
    "top-k": top_k,
    "medicine": medicine,
}


NAMES = tuple(PICTURES)


def draw(into: Path) -> None:
    """Write one PNG a page."""
    with plt.rc_context(STYLE):
        for name, picture in PICTURES.items():
            figure, axes = plt.subplots()
            picture(axes)
            figure.savefig(
                into / f"{name}.png", dpi=120, metadata={"Software": None}, pil_kwargs={"optimize": True}
            )
            plt.close(figure)
