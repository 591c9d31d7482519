"""What a run adds to a report of predictions: how a network was trained, on what, and what it gets wrong."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from calibrant.report.model.base import Model


class Epoch(Model):
    """One epoch: losses in nats, fractions, and the temperature that validation rows ask for."""

    epoch: int
    train_loss: float
    val_loss: float
    val_nll: float
    val_accuracy: float
    val_ece: float
    val_temperature: float


class Layer(Model):
    """One layer of the network: name, shape it puts out for one image, parameters."""

    name: str
    output_shape: tuple[int, ...]
    parameters: int


class Example(Model):
    """An image that the network gets wrong although it is sure.

    Attributes
    ----------
    png : str
        The image, base64 of PNG.
    label, predicted : str
        Names of the true class and of the predicted one.
    before, after : float
        Confidence in the predicted class.
    id : str or None
        What the image is called.
    """

    png: str
    label: str
    predicted: str
    before: float
    after: float
    id: str | None = None


class Listing(Model):
    """A table of strings: what it is, its columns, and rows that start with a name."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @model_validator(mode="after")
    def _check_widths(self) -> Self:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row needs a cell of each column")
        return self


class RunFacts(Model):
    """A run.

    Attributes
    ----------
    description, source : str
        What was run, and the experiment it repeats.
    seed : int
        Of the run.
    recipe : str
        As run, TOML.
    data : tuple of (str, str)
        Names and values of what is known of the data: source, rows, classes, channel means, split.
    epochs : tuple of Epoch
        In order.
    kept_epoch : int or None
        The epoch whose weights were kept, where that was chosen on validation rows.
    drops : tuple of int
        Epochs after which the learning rate was cut.
    layers : tuple of Layer
        The network.
    examples : tuple of Example
        The surest errors first.
    listings : tuple of Listing
        Further tables of the run.
    """

    description: str
    source: str
    seed: int
    recipe: str
    data: tuple[tuple[str, str], ...]
    epochs: tuple[Epoch, ...]
    kept_epoch: int | None = None
    drops: tuple[int, ...] = ()
    layers: tuple[Layer, ...] = ()
    examples: tuple[Example, ...] = ()
    listings: tuple[Listing, ...] = ()
