"""Files with counts of annotators: they come back as written, and labels win unless counts are asked for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from calibrant.errors import IncompatiblePredictions, InvalidArgument, InvalidPredictions, UnreadableFile
from calibrant.io import FORMATS, read, read_checked, read_raw, write
from calibrant.predictions import Predictions, SoftLabelPredictions
from tests.io.same_rows import csv, npz
from tests.soft_label_rows import annotated, human_file, soft_label_predictions


@pytest.fixture(params=sorted(FORMATS))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


def assert_same(found: SoftLabelPredictions, wanted: SoftLabelPredictions) -> None:
    assert isinstance(found, SoftLabelPredictions)
    assert (found.kind, found.classes) == (wanted.kind, wanted.classes)
    for name in ("scores", "counts", "sample_weight", "groups", "ids"):
        one, other = getattr(found, name), getattr(wanted, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.tolist() == other.tolist(), name
    assert found.content_hash == wanted.content_hash


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(rows=soft_label_predictions())
def test_reading_gives_back_what_was_written(path: Path, rows: SoftLabelPredictions) -> None:
    write(rows, path)
    found, ignored = read_checked(path)
    assert ignored == ()
    assert_same(found, rows)


def test_all_that_belongs_to_the_rows_survives(path: Path) -> None:
    rows = SoftLabelPredictions.from_probs(
        [0.25, 1 / 3],
        [[1, 2], [0.1, 0.9]],
        classes=["bird, small", 'the "cat"'],
        sample_weight=[0.1, 2],
        groups=["north\rpole", "south"],
        ids=[7, 2**53 + 1],
    )
    write(rows, path)
    assert_same(read(path), rows)


def test_the_table_reads_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    write(SoftLabelPredictions.from_logits([[2, 0.5]], [[3, 1]]), path)
    assert path.read_text() == "count_0,count_1,logit_0,logit_1\n3.0,1.0,2.0,0.5\n"


def test_labels_win_and_the_counts_are_named(tmp_path: Path) -> None:
    arrays = {"logits": [[2.0, 0.0]], "labels": [1], "counts": [[3, 1]]}
    found, ignored = read_checked(npz(tmp_path, **arrays))
    assert isinstance(found, Predictions)
    assert ignored == ("counts",)
    found, ignored = read_checked(csv(tmp_path, "labels,logit_0,logit_1,count_0,count_1\n1,2,0,3,1\n"))
    assert isinstance(found, Predictions)
    assert ignored == ("count_0", "count_1")


def test_counts_that_are_asked_for_win_over_labels(tmp_path: Path) -> None:
    arrays = {"logits": [[2.0, 0.0]], "labels": [1], "people": [[3, 1]]}
    for path in (
        npz(tmp_path, **arrays),
        csv(tmp_path, "labels,logit_0,logit_1,people_0,people_1\n1,2,0,3,1\n"),
    ):
        found, ignored = read_checked(path, counts_key="people")
        assert isinstance(found, SoftLabelPredictions)
        assert found.counts.tolist() == [[3.0, 1.0]]
        assert ignored == ("labels",)


def test_a_label_key_asks_for_labels(tmp_path: Path) -> None:
    path = npz(tmp_path, logits=[[2.0, 0.0]], truth=[1], counts=[[3, 1]])
    assert isinstance(read(path), SoftLabelPredictions)
    assert isinstance(read(path, label_key="truth"), Predictions)
    with pytest.raises(InvalidArgument, match="name one key, not both"):
        read(path, label_key="truth", counts_key="counts")


def test_the_logit_of_the_positive_class_has_counts_of_both(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "logit,count_0,count_1,sample_weight\n1.5,1,2,3\n"))
    assert found.scores.tolist() == [[0.0, 1.5]]
    assert found.shares.tolist() == [[1 / 3, 2 / 3]]
    assert found.sample_weight.tolist() == [3.0]


def test_counts_that_are_not_there(path: Path) -> None:
    write(annotated(3, 2), path)
    with pytest.raises(UnreadableFile, match=r"people.*check --counts-key"):
        read(path, counts_key="people")


def test_a_file_of_neither_labels_nor_counts_says_how_to_name_them(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile,
        match="--label-key; where a command takes counts of annotators, name theirs with --counts-key",
    ):
        read(npz(tmp_path, logits=[[2.0, 0.0]]))


def test_a_missing_column_of_counts_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="columns up to count_2 but no count_1"):
        read(csv(tmp_path, "logit_0,logit_1,logit_2,count_0,count_2\n1,2,3,4,5\n"))


def test_counts_of_confidences_alone_make_no_rows(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="neither 'logits' nor 'probs'"):
        read(npz(tmp_path, confidence=[0.5], correct=[True], counts=[[1, 2]]), counts_key="counts")


def test_invalid_counts_are_reported_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = npz(tmp_path, logits=[[2.0, 0.0]], counts=[[0, 0]])
    with pytest.raises(InvalidPredictions, match=rf"{re.escape(path.name)}: nobody labelled row 0"):
        read(path)


def test_whoever_needs_labels_is_told(path: Path) -> None:
    write(annotated(3, 2), path)
    with pytest.raises(IncompatiblePredictions, match="counts of annotators in place of labels"):
        read_raw(path)


@pytest.mark.data
def test_real_counts_are_read_where_they_are_asked_for() -> None:
    rows, ignored = read_checked(human_file(), counts_key="human_counts")
    assert ignored == ("labels",)
    with np.load(human_file()) as archive:
        np.testing.assert_array_equal(rows.counts, archive["human_counts"])
    assert isinstance(read(human_file()), Predictions)
