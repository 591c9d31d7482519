"""The report of a study: its table and its figure, over seeds."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from calibrant.report.model.base import Model
from calibrant.report.model.provenance import Provenance
from calibrant.report.model.run import Listing

MOST_DECIMALS = 17
"""A float has no more."""


class StudyRow(Model):
    """One row of the table.

    Attributes
    ----------
    name : tuple of str
        Net, value of the factor and part, as far as the study has them.
    seeds : int
        Runs it is of.
    means : tuple of float or None
        Of each column.
    spreads : tuple of float or None
        Sample standard deviation over seeds; None of one seed.
    """

    name: tuple[str, ...]
    seeds: int
    means: tuple[float | None, ...]
    spreads: tuple[float | None, ...]


class StudyFigure(Model):
    """A drawing: what it shows, what is said to who cannot see it, and the SVG document."""

    caption: str
    alt: str
    svg: str


class StudyReport(Model):
    """A study.

    Attributes
    ----------
    kind : "study"
        Tells the reports apart.
    title, description, source, scale : str
        What was studied, after whom, at which scale.
    headline : str
        What the table says.
    names, columns : tuple of str
        Titles of the parts of a row's name, and of its numbers.
    decimals : tuple of int
        Digits shown of each column.
    rows : tuple of StudyRow
        In the order of the grid.
    figures : tuple of StudyFigure
        Of the study.
    listings : tuple of Listing
        Further tables, such as settings.
    provenance : Provenance
        How it was computed.
    """

    kind: Literal["study"] = "study"
    title: str
    description: str
    source: str
    scale: str
    headline: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    decimals: tuple[int, ...]
    rows: tuple[StudyRow, ...]
    figures: tuple[StudyFigure, ...]
    listings: tuple[Listing, ...]
    provenance: Provenance

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        widths = {len(self.columns), len(self.decimals)}
        widths |= {len(cells) for row in self.rows for cells in (row.means, row.spreads)}
        if len(widths) > 1 or any(len(row.name) != len(self.names) for row in self.rows):
            raise ValueError("every row needs a mean and a spread of each column")
        if not all(0 <= digits <= MOST_DECIMALS for digits in self.decimals):
            raise ValueError(f"decimals must lie in 0..{MOST_DECIMALS}")
        return self
