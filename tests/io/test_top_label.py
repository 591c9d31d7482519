"""Files of confidences alone: they come back as they were written, and what is missing has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibrant.errors import InvalidPredictions, UnreadableFile
from calibrant.io import FORMATS, read, read_checked, read_raw, write
from calibrant.predictions import Predictions, RawTopLabel, TopLabelPredictions
from tests.io.same_rows import csv, npz
from tests.top_label_rows import image_net, image_net_file


@pytest.fixture(params=sorted(FORMATS))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


def assert_same(found: TopLabelPredictions, wanted: TopLabelPredictions) -> None:
    assert isinstance(found, TopLabelPredictions)
    assert found.classes == wanted.classes
    for name in ("confidence", "correct", "prediction", "labels", "sample_weight", "groups", "ids"):
        one, other = getattr(found, name), getattr(wanted, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.dtype == other.dtype, name
            assert one.tolist() == other.tolist(), name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    rows=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 2**60), st.integers(0, 3)), min_size=1, max_size=9
    ),
    known=st.booleans(),
)
def test_reading_gives_back_what_was_written(
    path: Path, rows: list[tuple[float, int, int]], known: bool
) -> None:
    confidence, large, small = zip(*rows, strict=True)
    labels = [number % 4 for number in large]
    wanted = (
        TopLabelPredictions.from_labels(confidence, small, labels)
        if known
        else TopLabelPredictions.from_correct(confidence, [number % 2 for number in large])
    )
    write(wanted, path)
    found, ignored = read_checked(path)
    assert ignored == ()
    assert_same(found, wanted)


def test_all_that_belongs_to_the_rows_survives(path: Path) -> None:
    wanted = TopLabelPredictions.from_labels(
        [0.1, 1 / 3],
        [1, 0],
        [0, 0],
        classes=["bird, small", 'the "cat"'],
        sample_weight=[0.1, 2],
        groups=["north\rpole", "south"],
        ids=[7, 2**53 + 1],
    )
    write(wanted, path)
    assert_same(read(path), wanted)


def test_the_table_reads_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    write(TopLabelPredictions.from_correct([0.75, 0.5], [True, False]), path)
    assert path.read_text() == "confidence,correct\n0.75,1\n0.5,0\n"


@pytest.mark.parametrize(
    "text",
    [
        "confidence,correct\n0.75,1\n0.5,0\n",
        "correct,confidence\nTrue,0.75\nFalse,0.5\n",
        '"correct","confidence"\n"true","0.75"\n"false","0.5"\n',
        "confidence,correct\r\n0.75,1.0\r\n0.5,0.0\r\n",
        "confidence,prediction,labels\n0.75,3,3\n0.5,1,2\n",
        "label,confidence,prediction\n3,0.75,3\n2,0.5,1\n",
        "confidence,prediction,labels,correct\n0.75,3,3,1\n0.5,1,2,0\n",
    ],
)
def test_tables_of_others(tmp_path: Path, text: str) -> None:
    rows = read(csv(tmp_path, text))
    assert isinstance(rows, TopLabelPredictions)
    assert rows.confidence.tolist() == [0.75, 0.5]
    assert rows.correct.tolist() == [True, False]


def test_what_nobody_reads_is_named(tmp_path: Path) -> None:
    assert read_checked(csv(tmp_path, "prompt,confidence,correct,labels\nhello,0.5,1,4\n"))[1] == (
        "prompt",
        "labels",
    )
    assert read_checked(npz(tmp_path, confidence=[0.5], correct=[True], epoch=3))[1] == ("epoch",)


def test_labels_under_another_name(tmp_path: Path) -> None:
    file = npz(tmp_path, confidence=[0.5, 0.5], prediction=[1, 2], truth=[1, 1])
    assert read(file, label_key="truth").correct.tolist() == [True, False]
    with pytest.raises(UnreadableFile, match=r"has no 'answers' .*--label-key"):
        read(file, label_key="answers")


@pytest.mark.parametrize(
    "text", ["confidence\n0.5\n", "confidence,labels\n0.5,1\n", "confidence,prediction\n0.5,1\n"]
)
def test_nothing_says_which_rows_are_right(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="neither 'correct' nor 'prediction' with 'labels'"):
        read(csv(tmp_path, text))
    header = text.partition("\n")[0].split(",")
    with pytest.raises(UnreadableFile, match="nothing says which rows are right"):
        read(npz(tmp_path, **{name: [1] for name in header}))


def test_damaged_cells(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match="correct must be 1 or 0, or True or False; got 'perhaps' at row 1"
    ):
        read(csv(tmp_path, "confidence,correct\n0.5,1\n0.5,perhaps\n"))
    with pytest.raises(UnreadableFile, match="whole numbers"):
        read(csv(tmp_path, "confidence,prediction,labels\n0.5,1.5,1\n"))
    with pytest.raises(
        InvalidPredictions, match=r"rows\.csv: confidence must lie in 0\.\.1; got 75\.0 at row 0"
    ):
        read(csv(tmp_path, "confidence,correct\n75,1\n"))


def test_unchecked_rows_come_as_they_are(tmp_path: Path) -> None:
    found = read_raw(csv(tmp_path, "confidence,correct\n75,1\n"))
    assert isinstance(found, RawTopLabel)
    assert (found.confidence.tolist(), found.prediction) == ([75.0], None)


def test_scores_of_all_classes_come_first(tmp_path: Path) -> None:
    table = csv(tmp_path, "labels,prob,confidence,correct\n1,0.75,0.75,1\n0,0.5,0.5,1\n")
    arrays = npz(tmp_path, labels=[1, 0], probs=[0.75, 0.5], confidence=[0.75, 0.5], correct=[1, 1])
    for path in (table, arrays):
        found, ignored = read_checked(path)
        assert isinstance(found, Predictions)
        assert ignored == ("confidence", "correct")


def test_asked_for_scores_a_file_of_confidences_has_none(path: Path) -> None:
    write(TopLabelPredictions.from_correct([0.5], [True]), path)
    for options in ({"kind": "probs"}, {"logits_key": "outputs"}):
        with pytest.raises(UnreadableFile, match="no"):
            read(path, **options)  # type: ignore[arg-type]


@pytest.mark.data
def test_a_real_file(tmp_path: Path) -> None:
    found = read(image_net_file())
    assert_same(found, image_net())
    assert float(found.correct.mean()) == pytest.approx(0.77138, abs=1e-12)
    write(found, tmp_path / "rows.csv")
    assert read(tmp_path / "rows.csv").content_hash == found.content_hash
