"""What the page of a run says, as data. How it looks is the template's business."""

from __future__ import annotations

from dataclasses import dataclass

from calibrant.analysis import Evaluation
from calibrant.calibrators.temperature_fit import TemperatureFit


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A figure as SVG text, with the caption under it and the words for who cannot see it."""

    caption: str
    alt: str
    svg: str


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of strings: what it is, the names of its columns, and rows that start with a name."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer of the network: its name, the shape it puts out for one image, its parameters."""

    name: str
    output_shape: tuple[int, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class DataFacts:
    """The rows of a run.

    Attributes
    ----------
    source : str
        Where the data came from.
    n_train, n_validation, n_test : int
        Rows of each role.
    classes : tuple of str
        Names, in the order of the labels.
    split_hash : str
        Identifies the rows of the split.
    normalisation : str
        How the inputs were scaled, in words.
    """

    source: str
    n_train: int
    n_validation: int
    n_test: int
    classes: tuple[str, ...]
    split_hash: str
    normalisation: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything on the page of a run.

    Attributes
    ----------
    title, description, source : str
        What was run, and the experiment it repeats.
    before, after : Evaluation
        Of the test rows, without and with the temperature.
    fit : TemperatureFit
        The temperature, fitted on the validation rows.
    data : DataFacts
        The rows.
    layers : tuple of LayerRow
        The network, in the order of computation.
    figures : tuple of ReportFigure
        In the order of the page.
    recipe : str
        The recipe as run, TOML.
    tables : tuple of ReportTable
        Under the figures, folded.
    notes : tuple of str
        What a reader must know beside the numbers.
    versions : tuple of (str, str)
        Packages and their versions.
    """

    title: str
    description: str
    source: str
    before: Evaluation
    after: Evaluation
    fit: TemperatureFit
    data: DataFacts
    layers: tuple[LayerRow, ...]
    figures: tuple[ReportFigure, ...]
    recipe: str
    tables: tuple[ReportTable, ...] = ()
    notes: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
