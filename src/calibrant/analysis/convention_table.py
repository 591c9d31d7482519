"""`Conventions`: the ECE of the same rows as many tools compute it, as a table and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calibrant.analysis.table import as_text
from calibrant.analysis.tool_result import COLUMNS, ToolResult
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics.convention import DEFAULT_BINS

SCHEMA = "calibrant.conventions/1"


@dataclass(frozen=True)
class Conventions:
    """The ECE of the same rows as well-known tools compute it.

    Attributes
    ----------
    n : int
        Rows.
    k : int or None
        Classes; None where only the confidence of the top label is known.
    bins : int
        The number of bins asked for.
    precision : {"float32", "float64"}
        Float type of the probabilities that the tools are given.
    weighted : bool
        Whether the rows have weights; calibrant uses them, the tools know none.
    results : tuple of ToolResult
        Top label first, then one class; calibrant first in each.
    """

    n: int
    k: int | None
    bins: int
    precision: str
    weighted: bool
    results: tuple[ToolResult, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "n": self.n,
            "k": self.k,
            "bins": self.bins,
            "precision": self.precision,
            "weighted": self.weighted,
            "results": [result.to_json() for result in self.results],
        }

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        classes = "" if self.k is None else f"{self.k} classes, "
        first = f"{self.n:,} rows, {classes}probabilities in {self.precision}"
        if self.weighted:
            first += "\nThe rows have weights: calibrant uses them, the other tools know none."
        blocks: list[Block] = [first]
        for index in dict.fromkeys(each.class_index for each in self.results):
            blocks += ["", *self._table(index)]
        at = "" if self.bins == DEFAULT_BINS else f", then at {self.bins}"
        notes = (
            f"minus ours: the difference to calibrant at {DEFAULT_BINS} bins{at}\n"
            f"rows moved: rows in another bin than calibrant's at {self.bins} bins of equal width"
        )
        reasons = {result.tool: result.why for result in self.results}
        return [*blocks, "", notes, "", Grid(["why", ""], [list(each) for each in reasons.items()], words=2)]

    def _table(self, class_index: int | None) -> list[Block]:
        chosen = [result for result in self.results if result.class_index == class_index]
        title = "top label" if class_index is None else f"class {class_index}"
        header = [title, *(column.format(bins=self.bins) for column in COLUMNS)]
        own = _range([result.value for result in chosen])
        at_bins = _range([result.value_at_bins for result in chosen])
        return [
            Grid(header, [result.cells() for result in chosen]),
            f"from {own} with each tool's own bins, from {at_bins} with {self.bins} bins each",
        ]


def _range(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{min(known):.4f} to {max(known):.4f}"
