"""The chapter on the run that made the predictions: how it went, and the images it gets wrong.

What is computed comes from the model; nothing is drawn here.
"""

from __future__ import annotations

from calibrant.report.model import RunFacts
from calibrant.report.outline import Grid
from calibrant.report.outline.facts import listings, run_sections
from calibrant.report.page.pieces import Beside, Chapter, Figure, Folded, Pictures, Piece

_CURVES = (
    ("losses", "Loss of the training batches and of validation images."),
    ("nll", "Log-loss of validation images."),
    ("ece", "ECE of validation images."),
    ("temperature", "The temperature that validation images ask for."),
)


def run_chapter(run: RunFacts) -> Chapter:
    """Return the chapter: curves, images, and the facts folded."""
    pieces: list[Piece] = []
    if run.epochs:
        pieces.append(
            Beside(
                tuple(
                    Figure("training", f"{caption} The table has the numbers.", caption, (("of", name),))
                    for name, caption in _CURVES
                )
            )
        )
    if run.examples:
        pieces.append(Pictures(run.examples))
    for section in run_sections(run):
        if section.title == "Run":
            pieces = [*section.blocks[:2], *pieces, Folded("Data", section.blocks[2:])]
        elif section.title != "Further tables" and not (section.title == "Sure and wrong" and run.examples):
            pieces.append(Folded(section.title, section.blocks))
    for grid in listings(run.listings):
        pieces.append(Folded(grid.caption, (Grid(grid.header, grid.rows),)))
    return Chapter("The run", "run", tuple(pieces))
