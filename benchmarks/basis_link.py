"""Keep what basis scaling learns: the log-odds of the top class before and after, for nets of three losses.

Reads the validation rows under $CALIBRANT_DATA; writes docs/images/basis-link.csv, which the build of the
documentation draws, and prints, for each range of the log-odds after temperature scaling, how many rows are
in it and how many of them are right.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np

import calibrant
from calibrant.calibrators import BasisScaling
from calibrant.calibrators.structured_softmax import StructuredSoftmax

NETS = {
    "c10-resnet50-cross-entropy": "ResNet-50, cross-entropy",
    "c10-wide-resnet-brier": "Wide ResNet, Brier loss",
    "c10-densenet121-focal": "DenseNet-121, focal loss",
    "c100-resnet50-brier": "ResNet-50, Brier loss, 100 classes",
}
MOST = 8.0
POINTS = 161
RANGES = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (6, 8))


def shared_by_classes(model: StructuredSoftmax) -> StructuredSoftmax:
    """Return the model with every class's slopes replaced by their mean, without biases."""
    slopes = {name: np.full_like(array, array.mean()) for name, array in model.slopes.items()}
    return StructuredSoftmax(model.temperature, slopes, {}, np.zeros_like(model.biases))


def print_ranges(title: str, rows: calibrant.Predictions) -> None:
    """Print the rows and the share that is right by range of the top class's log-odds against its rival."""
    scaling = calibrant.TemperatureScaling().fit(rows)
    scores = np.sort(scaling.transform(rows).scores.astype(np.float64), axis=1)
    odds, right = scores[:, -1] - scores[:, -2], rows.scores.argmax(axis=1) == rows.labels
    print(f"{title}, T = {scaling.temperature_:.2f}")
    for low, high in RANGES:
        inside = (odds >= low) & (odds < high)
        print(f"  {low} to {high}: {inside.sum():,} rows, {right[inside].mean():.1%} right")


def main() -> None:
    """Write the curves."""
    folder = Path(os.environ["CALIBRANT_DATA"]) / "predictions"
    odds = np.linspace(0.0, MOST, POINTS)
    curves = {"log-odds": odds}
    for net, title in NETS.items():
        validation = calibrant.read(folder / net / "val.npz")
        print_ranges(title, validation)
        model = BasisScaling(matrices="never").fit(validation).model_
        rows = np.full((len(odds), validation.k), -60.0)
        rows[:, 0], rows[:, 1] = odds, 0.0
        probs = shared_by_classes(model).probs(rows * model.temperature)
        curves[title] = np.log(probs[:, 0] / probs[:, 1])
    with Path("docs/images/basis-link.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(curves)
        writer.writerows([f"{value:.6g}" for value in row] for row in zip(*curves.values(), strict=True))


if __name__ == "__main__":
    main()
