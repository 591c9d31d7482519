"""Training curves from the records of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from matplotlib.figure import Figure

from calibrant.errors import InvalidArgument
from calibrant.plots import draw_training, training_figure
from tests.plots.figures import assert_text_stands_clear, visible_text

Records = Sequence[dict[str, Any]]


def test_loss_is_drawn_on_training_and_validation_rows(records: Records) -> None:
    training, validation = draw_training(records, Figure().subplots(), panel="loss").lines
    assert list(training.get_ydata()) == [record["train_loss"] for record in records]
    assert list(validation.get_ydata()) == [record["val_loss"] for record in records]


def test_the_panels_are_loss_accuracy_ece_and_temperature(records: Records) -> None:
    assert [ax.get_ylabel() for ax in training_figure(records).axes] == ["Loss", "Accuracy", "ECE", "Best T"]
    assert len(training_figure(records, panels=("loss", "accuracy")).axes) == 2


@pytest.mark.parametrize("epochs", [1, 2, 8])
def test_epochs_are_whole_numbers(records: Records, epochs: int) -> None:
    figure = training_figure(records[:epochs])
    figure.draw_without_rendering()
    assert all(float(tick).is_integer() for tick in figure.axes[-1].get_xticks())
    assert "1" in visible_text(figure).split()


def test_an_undefined_value_leaves_a_hole(records: Records) -> None:
    curve = draw_training(records, Figure().subplots(), panel="temperature").lines[0]
    assert curve.get_ydata()[0] != curve.get_ydata()[0]
    assert curve.get_ydata()[1] == pytest.approx(1.2)


def test_no_text_overlaps(records: Records) -> None:
    assert_text_stands_clear(training_figure(records))


def test_a_record_without_the_key_is_named(records: Records) -> None:
    lame = [*records[:2], {"epoch": 3, "train_loss": 0.1}]
    with pytest.raises(InvalidArgument, match=r"record 2 has no 'val_loss'; it has epoch, train_loss"):
        training_figure(lame)


def test_nothing_to_draw_is_refused(records: Records) -> None:
    with pytest.raises(InvalidArgument, match="no epoch"):
        training_figure([])
    with pytest.raises(InvalidArgument, match="at least one"):
        training_figure(records, panels=())
    with pytest.raises(InvalidArgument, match="'losses'"):
        training_figure(records, panels=("losses",))  # type: ignore[arg-type]
