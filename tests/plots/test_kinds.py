"""The contract that every kind of figure keeps, and what each says of rows that it cannot draw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from calibrant.calibrators import PlattScaling, TemperatureScaling
from calibrant.errors import CalibrantError, IncompatiblePredictions, InvalidArgument
from calibrant.plots import KINDS, PlotOptions, save, to_svg
from calibrant.plots.page import COLUMN, TEXT
from calibrant.predictions import Predictions, SoftLabelPredictions, TopLabelPredictions
from tests.plots.figures import assert_text_stands_clear, visible_text
from tests.predictions.tables import in_parts

ALL = (
    "reliability",
    "histogram",
    "sweep",
    "before-after",
    "consistency",
    "class-wise",
    "smooth-reliability",
    "corp",
    "cumulative",
    "decomposition",
    "risk-coverage",
    "cost",
    "subgroups",
    "methods",
    "conventions",
)
IN_PARTS = ("reliability", "histogram", "sweep", "before-after")
OF_THE_TOP_LABEL = (
    "reliability",
    "histogram",
    "consistency",
    "smooth-reliability",
    "corp",
    "cumulative",
    "decomposition",
    "risk-coverage",
    "cost",
    "conventions",
)
SUFFIXES = (".png", ".svg", ".pdf")


@pytest.fixture(scope="module")
def rows(over_confident: Predictions) -> Predictions:
    """Birds and cats from four places."""
    places = np.array(["north", "south", "east", "west"])[np.arange(over_confident.n) % 4]
    return replace(over_confident, groups=places)


@pytest.fixture(scope="module")
def other_rows() -> Predictions:
    generator = np.random.default_rng(1)
    honest = generator.normal(0, 2.2, 500)
    labels = generator.random(500) < 1 / (1 + np.exp(-honest))
    return Predictions.from_logits(2 * honest, labels, classes=["bird", "cat"])


def options_of(kind: str, other_rows: Predictions, width: float = COLUMN) -> PlotOptions:
    """The options with which a kind shows all that it can show."""
    takes = KINDS[kind].takes
    return PlotOptions(
        temperatures=(0.5, 1.0, 2.0) if kind == "sweep" else PlotOptions().temperatures,
        validation=other_rows if "validation" in takes else None,
        methods=("platt", "histogram") if "methods" in takes else None,
        width=width,
    )


def test_these_are_the_kinds() -> None:
    assert tuple(KINDS) == ALL
    assert len(KINDS) == 15
    assert all(kind.name == name and len(kind.summary) <= 72 for name, kind in KINDS.items())
    assert tuple(name for name, kind in KINDS.items() if kind.in_parts) == IN_PARTS


@pytest.mark.parametrize("kind", ALL)
def test_the_same_rows_give_the_same_bytes_in_every_format_and_no_setting_changes(
    rows: Predictions, other_rows: Predictions, tmp_path: Path, kind: str
) -> None:
    before = dict(matplotlib.rcParams)
    contents = []
    for number in range(2):
        figure = KINDS[kind](rows, options_of(kind, other_rows))
        paths = [save(figure, tmp_path / f"{number}{suffix}", dots_per_inch=60) for suffix in SUFFIXES]
        contents.append([path.read_bytes() for path in paths])
    assert contents[0] == contents[1]
    assert [len(content) > 1000 for content in contents[0]] == [True] * 3
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("width", [COLUMN, TEXT])
@pytest.mark.parametrize("kind", ALL)
def test_words_stand_clear_at_the_widths_of_a_paper(
    rows: Predictions, other_rows: Predictions, kind: str, width: float
) -> None:
    figure = KINDS[kind](rows, options_of(kind, other_rows, width))
    assert_text_stands_clear(figure)
    assert figure.get_size_inches()[0] == width
    sizes = [label.get_size() for ax in figure.axes for label in ax.get_xticklabels()]
    assert min(sizes) >= 6.4


@pytest.mark.parametrize("kind", ALL)
def test_rows_of_the_top_label_are_drawn_or_refused_in_words(other_rows: Predictions, kind: str) -> None:
    generator = np.random.default_rng(2)
    confidence = generator.uniform(0.4, 1.0, 300)
    top = TopLabelPredictions.from_correct(confidence, generator.random(300) < confidence)
    if kind in OF_THE_TOP_LABEL:
        KINDS[kind](top, PlotOptions(width=COLUMN))
        return
    with pytest.raises(IncompatiblePredictions, match=r"all classes|was not fitted on"):
        KINDS[kind](top, replace(options_of(kind, other_rows), methods=None))


@pytest.mark.parametrize("kind", ALL)
def test_rows_with_counts_of_annotators_are_drawn_or_refused_in_words(
    other_rows: Predictions, kind: str
) -> None:
    counts = np.eye(2)[other_rows.labels] * 3 + 1
    soft = SoftLabelPredictions.from_logits(other_rows.scores, counts)
    try:
        figure = KINDS[kind](soft, replace(options_of(kind, other_rows), methods=None))
    except CalibrantError as error:
        assert "annotators" in str(error)  # noqa: PT017
        assert kind in ("consistency", "corp", "decomposition", "subgroups", "methods", "conventions")
    else:
        assert visible_text(figure)


@pytest.mark.parametrize("kind", sorted(set(ALL) - set(IN_PARTS)))
def test_kinds_that_need_all_rows_refuse_parts(rows: Predictions, other_rows: Predictions, kind: str) -> None:
    with pytest.raises(IncompatiblePredictions, match=f"{kind!r} needs all rows at once"):
        KINDS[kind](in_parts(rows, 700), options_of(kind, other_rows))


def test_before_and_after_of_parts_are_those_of_all_rows(rows: Predictions, other_rows: Predictions) -> None:
    whole = KINDS["before-after"](rows, PlotOptions(validation=other_rows))
    parts = KINDS["before-after"](in_parts(rows, 700), PlotOptions(validation=in_parts(other_rows, 200)))
    assert to_svg(whole) == to_svg(parts)


def test_a_calibrator_and_rows_to_fit_on_are_one_too_many(rows: Predictions, other_rows: Predictions) -> None:
    both = PlotOptions(calibrator=TemperatureScaling(2.0), validation=other_rows)
    with pytest.raises(InvalidArgument, match="not both"):
        KINDS["risk-coverage"](rows, both)


def test_a_top_label_calibrator_is_drawn_beside_top_label_rows() -> None:
    generator = np.random.default_rng(2)
    confidence = generator.uniform(0.4, 1.0, 600)
    top = TopLabelPredictions.from_correct(confidence, generator.random(600) < confidence**2)
    fitted = PlattScaling().fit(top.take(np.arange(300)).as_binary())
    figure = KINDS["before-after"](top.take(np.arange(300, 600)), PlotOptions(calibrator=fitted))
    assert "after (platt), ECE" in visible_text(figure)


def test_the_worst_classes_come_first() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(900, 9)) * 3
    labels = (logits / 2 + generator.gumbel(size=logits.shape)).argmax(axis=1)
    figure = KINDS["class-wise"](Predictions.from_logits(logits, labels), PlotOptions(width=TEXT))
    titles = [ax.get_title() for ax in figure.axes]
    assert len(titles) == 6
    errors = [float(title.split("ECE ")[1]) for title in titles]
    assert errors == sorted(errors, reverse=True)
    assert titles[0].startswith("class ")
