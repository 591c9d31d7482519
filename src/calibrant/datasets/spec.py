"""What a recipe says about its data: where they are, which classes, how they are split and normalised.

It reads nothing and imports no PyTorch; `calibrant.datasets.load.load` does.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from calibrant.pictures.on_corrupt import OnCorrupt

Positive = Annotated[float, Field(gt=0.0)]


class ChannelConstants(BaseModel):
    """Means and standard deviations to normalise with, one per channel, in fractions of full brightness.

    Parameters
    ----------
    mean, std : tuple of float
        One number per channel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    mean: tuple[float, ...] = Field(min_length=1)
    std: tuple[Positive, ...] = Field(min_length=1)


class DataSpec(BaseModel):
    """The data of an experiment.

    Parameters
    ----------
    name : str
        A data set on the Hugging Face hub (``"uoft-cs/cifar10"``), a folder of parquet files, a folder
        of images with one folder per class, or ``"digits"``.
    local : str, optional
        Folder under ``$CALIBRANT_DATA`` that replaces the data set of the hub where it exists.
    classes : tuple of str, optional
        Names of the classes to keep; the first becomes label 0, the second label 1, and so on. Without
        it all classes are kept in the order of the data set.
    image_column, label_column : str, optional
        Columns to read where the data set has several images or several labels per row.
    train_rows : int, optional
        Number of training images. With an official test set the training rows beyond it are left out;
        without one, validation and test share all the others in halves.
    validation : float
        Fraction of the rows held out for validation; without an official test set, as many for testing.
    split_seed : int
        Decides which rows are held out.
    normalise : {"train", "half"} or ChannelConstants
        ``"train"``: by mean and standard deviation of the training rows; ``"half"``: to −1 … 1.
    image_size : int, optional
        Side in pixels to which the images are resized.
    on_corrupt : {"stop", "skip"}
        What to do at an image that cannot be read: stop and name it, or leave it out, counted and named.

    Examples
    --------
    >>> DataSpec(name="uoft-cs/cifar10", classes=("bird", "cat"), normalise="half").classes
    ('bird', 'cat')
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    local: str | None = None
    classes: Annotated[tuple[str, ...], Field(min_length=2)] | None = None
    image_column: str | None = None
    label_column: str | None = None
    train_rows: int | None = Field(default=None, ge=2)
    validation: float = Field(default=0.2, gt=0.0, lt=1.0)
    split_seed: int = 0
    normalise: Literal["train", "half"] | ChannelConstants = "train"
    image_size: int | None = Field(default=None, ge=1)
    on_corrupt: OnCorrupt = "stop"
