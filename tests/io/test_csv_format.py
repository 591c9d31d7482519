"""CSV as people and other tools write it."""

from __future__ import annotations

import csv as csv_module
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io import read, read_checked, write
from calibrant.predictions import Predictions
from tests.io.same_rows import csv


def test_the_file_reads_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    rows = Predictions.from_probs([0.75, 0.5], [1, 0], classes=["bird", "cat"], ids=["x", "y,z"])
    write(rows, path)
    assert path.read_bytes().decode() == (
        'labels,prob_0,prob_1,ids,classes\n1,0.25,0.75,x,"[""bird"", ""cat""]"\n0,0.5,0.5,"y,z",\n'
    )


def test_another_reader_finds_as_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    write(Predictions.from_logits(np.eye(3), [0, 1, 2], groups=["a\rb", "c\nd", 'e"f']), path)
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv_module.DictReader(handle))
    assert [row["groups"] for row in rows] == ["a\rb", "c\nd", 'e"f']


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("labels,logit\n0,1.5\n1,-2\n", [[0.0, 1.5], [0.0, -2.0]]),
        ("labels,prob\n0,0.25\n1,0.5\n", [[0.75, 0.25], [0.5, 0.5]]),
        ("label,logit_0\n0,1.5\n1,-2\n", [[0.0, 1.5], [0.0, -2.0]]),
        ("label,prob_0,prob_1\n0,0.25,0.75\n1,1,0\n", [[0.25, 0.75], [1.0, 0.0]]),
        ("logit_1,label,logit_0\n1,0,2\n3,1,4\n", [[2.0, 1.0], [4.0, 3.0]]),
        ("\ufefflabels,logit\n0,1.5\n1,-2\n", [[0.0, 1.5], [0.0, -2.0]]),
        ("labels,logit\r\n0,1.5\r\n1,-2\r\n", [[0.0, 1.5], [0.0, -2.0]]),
        ("labels,logit\n0,1.5\n1,-2", [[0.0, 1.5], [0.0, -2.0]]),
        ("labels,logit\n\n0,1.5\n\n1,-2\n\n", [[0.0, 1.5], [0.0, -2.0]]),
        (" labels , logit \n 0 , 1.5 \n1, -2\n", [[0.0, 1.5], [0.0, -2.0]]),
        ('"labels","logit"\n"0","1.5"\n"1","-2"\n', [[0.0, 1.5], [0.0, -2.0]]),
        ("labels,logit\n0.0,15e-1\n1.0,-2e0\n", [[0.0, 1.5], [0.0, -2.0]]),
    ],
    ids=[
        "one logit",
        "one prob",
        "logit_0 alone",
        "two probs",
        "any order",
        "byte order mark",
        "dos line ends",
        "no last line end",
        "blank lines",
        "blanks",
        "everything quoted",
        "other ways to write numbers",
    ],
)
def test_tables_of_others(tmp_path: Path, text: str, scores: list[list[float]]) -> None:
    rows = read(csv(tmp_path, text))
    assert rows.scores.tolist() == scores
    assert rows.labels.tolist() == [0, 1]


def test_ten_columns_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    header = ",".join(f"logit_{index}" for index in (10, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3))
    text = f"labels,{header}\n3,{','.join(str(index) for index in (10, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3))}\n"
    assert read(csv(tmp_path, text)).scores.tolist() == [list(range(11))]


def test_columns_that_nobody_reads_are_named(tmp_path: Path) -> None:
    _, ignored = read_checked(csv(tmp_path, "file,labels,logit,split\na.png,0,1,test\n"))
    assert ignored == ("file", "split")


def test_columns_of_others_by_name(tmp_path: Path) -> None:
    path = csv(tmp_path, "truth,out_0,out_1\n1,0.25,0.75\n")
    with pytest.raises(
        UnreadableFile, match=r"no columns logit_0… or prob_0… \(its columns: truth, out_0, out_1\)"
    ):
        read(path)
    assert read(path, logits_key="out", label_key="truth").kind == "logits"
    assert read(path, logits_key="out", label_key="truth", kind="probs").kind == "probs"


def test_logits_and_probs_need_a_choice(tmp_path: Path) -> None:
    path = csv(tmp_path, "labels,logit,prob\n1,2,0.75\n")
    with pytest.raises(UnreadableFile, match="columns of logits and of probs: choose with --kind"):
        read(path)
    assert read(path, kind="probs").scores.tolist() == [[0.25, 0.75]]
    assert read_checked(path, kind="logits")[1] == ("prob",)


def test_whole_numbers_as_identifiers_come_back_as_numbers(tmp_path: Path) -> None:
    rows = read(csv(tmp_path, "labels,logit,ids,groups\n0,1,12,a\n1,2,-3,4\n"))
    assert rows.ids is not None
    assert rows.groups is not None
    assert rows.ids.tolist() == [12, -3]
    assert rows.groups.tolist() == ["a", "4"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"its columns: none"),
        ("labels,logit\n", "a header but no rows"),
        ("labels,logit", "a header but no rows"),
        ("logit_0,logit_1\n1,2\n", r"no column 'labels' .*--label-key"),
        ("labels\n1\n", "no columns logit_0…"),
        ("labels,logit_0,logit_2\n0,1,2\n", "columns up to logit_2 but no logit_1"),
        ("labels,logit_1,logit_2\n0,1,2\n", "columns up to logit_2 but no logit_0"),
        ("labels,logit_0,logit_0\n0,1,2\n", "the column 'logit_0' twice"),
        ("labels,logit_0, logit_0,logit_1\n0,1,5,2\n", "the column 'logit_0' twice"),
        ("labels,labels,logit\n0,1,2\n", "the column 'labels' twice"),
        ("labels;logit_0;logit_1\n0;1;2\n", "separated by ';'; separate them by commas"),
        ("labels\tlogit_0\n0\t1\n", r"separated by '\\t'; separate them by commas"),
        ("labels,logit_0,logit_1\n0,1,2\n1,abc,3\n", "'abc' in row 1, column 'logit_0', is no number"),
        ("labels,logit_0,logit_1\n0,1,2\n1,,3\n", "'' in row 1, column 'logit_0', is no number"),
        ("labels,logit_0,logit_1\n0,1_0,2\n1,,3\n", "'1_0' in row 0, column 'logit_0', is no number"),
        ("labels,logit_0,logit_1\n0,\u0663,2\n1,,3\n", "'\u0663' in row 0, column 'logit_0', is no number"),
        (
            "labels,logit_0,logit_1\n0,1,2\ncat,1,3\n",
            "'cat' in row 1, column 'labels', is no number.*classes are numbered from 0",
        ),
        ("labels,logit_0,logit_1\n0,1,2\n1,3\n", r"row 1 has 2 columns and the header 3\. Is it cut off\?"),
        ("labels,logit_0,logit_1,ids\n0,1,2,a\n1,2,3\n", "row 1 has 3 columns and the header 4"),
        ("labels,logit\n0,1\n1.5,1\n", "labels must be whole numbers; got 1.5 at row 1"),
        ("labels,logit\n0,1\nnan,1\n", "labels must be whole numbers; got nan at row 1"),
        ("labels,logit\n0,1\n1e30,1\n", r"labels must be whole numbers; got 1e\+30 at row 1"),
        ('labels,logit,groups\n0,1,a\n1,2,"b\n', "unexpected end of data"),
        ("labels,logit,classes\n0,1,bird\n1,2,\n", "must start with a JSON list of names"),
        ('labels,logit,classes\n0,1,"[1, 2]"\n', "must start with a JSON list of names"),
        ('labels,logit,classes\n0,1,"{}"\n', "must start with a JSON list of names"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"(?s)rows\.csv.*{message}"):
        read(csv(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("labels,logit\n0,nan\n", "got nan at row 0, class 1"),
        ("labels,logit\n0,1e999\n", "got inf at row 0, class 1"),
        ("labels,prob\n0,1.5\n", "got 1.5 at row 0"),
        ("labels,logit_0,logit_1\n2,1,2\n", "labels must lie in 0..1"),
        ("labels,logit_0,logit_1\n-1,1,2\n", "got -1 at row 0"),
        ("labels,prob_0,prob_1\n1,0.2,0.2\n", "row 0 sums to 0.4"),
        ("labels,logit,sample_weight\n1,0.2,0\n", "sample_weight is 0 on every row"),
        ('labels,logit,classes\n0,1,"[""bird""]"\n', "2 classes but 1 class names"),
    ],
)
def test_rows_that_are_no_predictions(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CalibrantError, match=rf"rows\.csv: .*{message}"):
        read(csv(tmp_path, text))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_an_error(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("labels,logit,groups\n0,1,Vögel\n".encode(encoding))
    with pytest.raises(UnreadableFile, match=r"it is no text in UTF-8 .*Save it as UTF-8"):
        read(path)


@pytest.mark.parametrize("row", ["0,1,5,0,7", "17,0,1.5,0.5"])
def test_rows_longer_than_the_header_are_refused(tmp_path: Path, row: str) -> None:
    path = csv(tmp_path, f"labels,logit_0,logit_1\n{row}\n")
    with pytest.raises(UnreadableFile, match=r"row 0 has [45] columns and the header 3.*decimal points"):
        read(path)


def test_commas_behind_the_last_column_are_no_columns(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "labels,logit_0,logit_1\n0,1.5,0.5,,\n1,0.5,1.5,,\n")).n == 2
