"""The figures that a predictions file alone gives."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import InvalidArgument
from calibrant.io import read
from calibrant.plots import KINDS, PlotOptions, save
from calibrant.predictions import Predictions
from tests.plots.figures import assert_text_stands_clear, visible_text
from tests.predictions.tables import in_parts

SHORT = PlotOptions(temperatures=(0.5, 1.0, 2.0))
DEFAULT = PlotOptions()


def test_the_default_temperatures_contain_1() -> None:
    assert 1.0 in PlotOptions().temperatures
    assert (min(PlotOptions().temperatures), max(PlotOptions().temperatures)) == (0.25, 4.0)


def test_bins_and_scheme_are_those_asked_for(over_confident: Predictions) -> None:
    figure = KINDS["histogram"](over_confident, PlotOptions(bins=4, scheme="equal-mass"))
    heights = [bar.get_height() for bar in figure.axes[0].containers[0].patches]
    assert heights == pytest.approx([0.25] * 4)


def test_a_class_is_called_by_its_name(over_confident: Predictions) -> None:
    assert "Probability of cat" in visible_text(
        KINDS["reliability"](over_confident, PlotOptions(class_index=1))
    )
    unnamed = Predictions.from_logits(over_confident.scores, over_confident.labels)
    assert "Probability of class 1" in visible_text(KINDS["reliability"](unnamed, PlotOptions(class_index=1)))


def test_means_count_the_weights() -> None:
    rows = Predictions.from_probs([0.9, 0.6], [1, 0], sample_weight=[3.0, 1.0])
    words = visible_text(KINDS["histogram"](rows, PlotOptions()))
    assert "accuracy 0.7500" in words
    assert "mean confidence 0.8250" in words


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("reliability", DEFAULT),
        ("reliability", PlotOptions(class_index=1)),
        ("histogram", DEFAULT),
        ("sweep", SHORT),
    ],
)
def test_rows_in_parts_give_the_same_figure(
    over_confident: Predictions, kind: str, options: PlotOptions
) -> None:
    whole, parts = (KINDS[kind](rows, options) for rows in (over_confident, in_parts(over_confident, 700)))
    assert visible_text(parts) == visible_text(whole)


def test_a_sweep_takes_no_bins(over_confident: Predictions) -> None:
    with pytest.raises(InvalidArgument, match="'sweep' takes no bins: it takes temperatures, "):
        KINDS["sweep"](over_confident, PlotOptions(bins=10))


def test_an_unknown_class_is_refused(over_confident: Predictions) -> None:
    with pytest.raises(InvalidArgument, match=r"0\.\.1"):
        KINDS["reliability"](over_confident, PlotOptions(class_index=2))


@pytest.mark.data
@pytest.mark.parametrize("net", ["c10-resnet50-cross-entropy", "c100-densenet121-brier"])
def test_real_networks_are_drawn(net: str, tmp_path: Path) -> None:
    rows = read(Path(os.environ["CALIBRANT_DATA"]) / "predictions" / net / "test.npz")
    figure = KINDS["reliability"](rows.take(np.arange(3000)), PlotOptions())
    assert_text_stands_clear(figure)
    assert save(figure, tmp_path / "figure.png").stat().st_size > 10_000
