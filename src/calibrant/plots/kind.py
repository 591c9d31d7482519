"""A kind of figure: its name on the command line, what it shows, and which rows and options it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.plots.options import PlotOptions, in_words
from calibrant.plots.page import COLUMN, TEXT
from calibrant.predictions import AnyPredictions, Table

Builder = Callable[..., Figure]
"""From predictions, options and, by keyword, the engine to a figure."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure that predictions give.

    Attributes
    ----------
    name : str
        On the command line.
    summary : str
        What it shows, in one line.
    build : callable
        Computes and draws.
    takes : tuple of str
        The options, by name, that matter to it; others are refused.
    in_parts : bool
        Whether rows in parts give it.
    wide : bool
        Whether it is drawn over the whole width of a paper's text where no width is asked for.
    """

    name: str
    summary: str
    build: Builder
    takes: tuple[str, ...] = ()
    in_parts: bool = False
    wide: bool = False

    @property
    def usual_width(self) -> float:
        """Inches in a paper."""
        return TEXT if self.wide else COLUMN

    def __call__(
        self,
        predictions: AnyPredictions | Table,
        options: PlotOptions | None = None,
        *,
        engine: Engine = DEFAULT_ENGINE,
    ) -> Figure:
        """Return the figure of these rows.

        Raises
        ------
        InvalidArgument
            Options that this kind does not take, or values that it refuses.
        IncompatiblePredictions
            Rows that lack what it draws, or that come in parts where it needs all at once.
        """
        options = options or PlotOptions()
        self.check(options)
        if isinstance(predictions, Table) and not self.in_parts:
            raise IncompatiblePredictions(
                f"the kind {self.name!r} needs all rows at once; these come in parts. Read them whole, "
                "or draw another kind."
            )
        return self.build(predictions, options, engine=engine)

    def check(self, options: PlotOptions) -> None:
        """Raise `InvalidArgument` for options that do not matter to this kind."""
        foreign = [name for name in options.given() if name not in self.takes]
        if foreign:
            known = f"it takes {in_words(list(self.takes))}" if self.takes else "it takes none"
            raise InvalidArgument(f"the kind {self.name!r} takes no {in_words(foreign)}: {known}.")
