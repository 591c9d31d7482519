"""Networks that others published, measured again beside what their papers report.

Run as `CALIBRANT_DATA=FOLDER python benchmarks/published.py`; it writes `docs/published.csv`, which the
documentation shows. Nothing is trained: these are the authors' own networks, by their predictions.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import calibrant
from calibrant import metrics
from calibrant.calibrators import TemperatureScaling
from calibrant.predictions import Predictions, TopLabelPredictions

PLACE = Path(__file__).parents[1] / "docs" / "published.csv"
COLUMNS = ("network", "images", "loss", "result", "reported", "measured")


@dataclass(frozen=True)
class Rows:
    """The predictions of a network: of test images, and of validation images where those were published."""

    test: Predictions | TopLabelPredictions
    validation: Predictions | None

    def fitted(self) -> TemperatureScaling:
        """Return temperature scaling, fitted on the validation images."""
        assert self.validation is not None
        return TemperatureScaling().fit(self.validation)

    def scaled(self) -> Predictions:
        """Return the test images at that temperature."""
        return self.fitted().transform(self.test)


RESULTS: dict[str, Callable[[Rows], float]] = {
    "error, %": lambda rows: 100 * (1 - metrics.accuracy(rows.test).value),
    "ECE, %": lambda rows: 100 * metrics.ece(rows.test).value,
    "ECE at T, %": lambda rows: 100 * metrics.ece(rows.scaled()).value,
    "T": lambda rows: rows.fitted().temperature_,
}


@dataclass(frozen=True)
class Published:
    """A network, where its predictions lie, and what its paper reports of it."""

    network: str
    images: str
    loss: str
    folder: str
    reported: dict[str, float]


NETWORKS = (
    Published(
        "ResNet-50",
        "CIFAR-10",
        "cross-entropy",
        "c10-resnet50-cross-entropy",
        {"error, %": 4.95, "ECE, %": 4.35, "ECE at T, %": 1.35, "T": 2.5},
    ),
    Published("Wide-ResNet-26-10", "CIFAR-10", "Brier", "c10-wide-resnet-brier", {"ECE, %": 1.25}),
    Published("DenseNet-121", "CIFAR-10", "focal", "c10-densenet121-focal", {"ECE, %": 1.22}),
    Published("ResNet-50", "CIFAR-100", "Brier", "c100-resnet50-brier", {"ECE, %": 6.52}),
    Published("DenseNet-121", "CIFAR-100", "Brier", "c100-densenet121-brier", {"ECE, %": 5.17}),
)


def rows_of(folder: Path) -> Rows:
    """Read the predictions of a network."""
    validation = folder / "val.npz"
    return Rows(
        calibrant.read(folder / "test.npz"), calibrant.read(validation) if validation.is_file() else None
    )


def table(predictions: Path) -> list[dict[str, str]]:
    """Return a line for every number that a paper reports."""
    lines = []
    for network in NETWORKS:
        rows = rows_of(predictions / network.folder)
        for result, reported in network.reported.items():
            texts = (f"{value:.2f}" for value in (reported, RESULTS[result](rows)))
            words = (network.network, network.images, network.loss, result, *texts)
            lines.append(dict(zip(COLUMNS, words, strict=True)))
    return lines


def main() -> None:
    """Write the table."""
    with PLACE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table(Path(os.environ["CALIBRANT_DATA"]) / "predictions"))


if __name__ == "__main__":
    main()
