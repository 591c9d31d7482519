"""Tables of papers beside what was measured here, as Markdown, from kept results.

Nothing is run here: `docs/published.csv` is written by `benchmarks/published.py`, and the table of the study
of calibrators is the one that its page shows.
"""

from __future__ import annotations

import csv
from pathlib import Path

DOCS = Path(__file__).parents[1]
_STUDY = DOCS / "studies" / "figures" / "calibrators.csv"
# Guo et al. 2017, Table 1: ECE in percent with 15 bins on CIFAR-100, of LeNet 5 and of ResNet 110.
GUO = {
    "identity": (4.85, 16.53),
    "histogram": (6.48, 2.66),
    "isotonic": (2.35, 4.99),
    "bbq": (3.77, 5.46),
    "temperature": (2.02, 1.26),
    "vector": (2.09, 1.32),
    "matrix": (13.24, 25.49),
}
_STANDS_FOR = ("LeNet-5", "cifar-resnet")


def published() -> str:
    """Return the published networks: what their paper reports, and what their predictions come to."""
    header = ["network", "images", "loss", "", "the paper reports", "measured here"]
    return _grid(header, [list(line.values()) for line in _lines(DOCS / "published.csv")], words=4)


def guo() -> str:
    """Return Table 1 of Guo et al. for CIFAR-100 beside the study of calibrators, ECE in percent."""
    measured = {(line["series"], line["part"]): line for line in _lines(_STUDY)}
    header = ["calibrator", "LeNet 5, the paper", "LeNet-5, here", "ResNet 110, the paper", "ResNet 32, here"]
    rows = []
    for method, reported in GUO.items():
        row = [f"`{method}`"]
        for series, value in zip(_STANDS_FOR, reported, strict=True):
            found = measured[series, method]
            ece, spread = (100 * float(found[name]) for name in ("ece", "ece_spread"))
            row += [f"{value:.2f}", f"{ece:.2f} ± {spread:.2f}"]
        rows.append(row)
    return _grid(header, rows, words=1)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _grid(header: list[str], rows: list[list[str]], *, words: int) -> str:
    """Return a Markdown table whose first columns are words and whose others are numbers."""
    rule = ["---"] * words + ["--:"] * (len(header) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])
