"""Converting: the same rows in another format, whole or not at all, and never all in memory at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import CalibrantError, EmptyPredictions, InvalidArgument, UnreadableFile, UnwritableFile
from calibrant.io import FORMATS, convert, read, shard, write
from calibrant.io.format import Span
from calibrant.io.registry import WRITERS
from calibrant.predictions import Predictions, SoftLabelPredictions, TopLabelPredictions
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical
from tests.io.same_rows import npz

pytestmark = pytest.mark.usefixtures("small_shards")

ROWS = Predictions.from_logits(
    np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32),
    np.arange(50) % 3,
    classes=["bird", "cat", 'the "dog"'],
    sample_weight=np.arange(50) / 7,
    groups=[f"group {number % 4}" for number in range(50)],
    ids=[str(number) if number else "first" for number in range(50)],
)
FORMS = {
    "labels": ROWS,
    "counts": SoftLabelPredictions.from_logits(ROWS.scores, np.eye(3)[ROWS.labels] + 1, classes=ROWS.classes),
    "top": TopLabelPredictions.from_labels(np.linspace(0, 1, 50), ROWS.labels, ROWS.labels[::-1]),
    "probs": Predictions.from_probs(ROWS.probs(), ROWS.labels),
}


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("target", sorted(FORMATS))
@pytest.mark.parametrize("source", [".parquet", ".csv"])
def test_every_form_of_rows_goes_from_format_to_format(
    tmp_path: Path, source: str, target: str, form: str
) -> None:
    write(FORMS[form], tmp_path / f"in{source}")
    wanted = read(tmp_path / f"in{source}")
    done = convert(tmp_path / f"in{source}", tmp_path / f"out{target}")
    found = read(tmp_path / f"out{target}")
    if target == ".csv":
        assert found.content_hash == wanted.content_hash
    else:
        assert_identical(found, wanted)
    assert (done.n, done.parts, done.left_out) == (50, 1, ())
    assert done.k == (None if form == "top" else 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([f"in{source}", f"out{target}"])


def test_formats_that_are_written_row_by_row() -> None:
    assert set(WRITERS) == {".csv", ".parquet", ".arrow", ".feather", ".npy"}


@pytest.mark.parametrize("target", sorted(WRITERS))
def test_no_more_than_one_shard_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    rows = overconfident(50, 3)
    write(rows, tmp_path / "in.parquet")
    reading = shard.Shard.read
    seen: list[Span] = []

    def whole(*_: Any) -> None:
        raise AssertionError("joined in memory")

    def counted(self: shard.Shard) -> Any:
        seen.append(self.span)
        return reading(self)

    monkeypatch.setattr("calibrant.io.converting.joined", whole)
    monkeypatch.setattr(shard.Shard, "read", counted)
    steps: list[int] = []
    convert(tmp_path / "in.parquet", tmp_path / f"out{target}", on_rows=steps.append)
    assert len(seen) == 7
    assert steps == [8] * 6 + [2]


@pytest.mark.parametrize("source", [".npz", ".parquet"])
def test_a_folder_of_parts(tmp_path: Path, source: str) -> None:
    write(ROWS, tmp_path / f"in{source}")
    done = convert(tmp_path / f"in{source}", tmp_path / "parts", rows_per_part=20)
    names = [path.name for path in sorted((tmp_path / "parts").iterdir())]
    assert names == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert [read(tmp_path / "parts" / name).n for name in names] == [20, 20, 10]
    assert_identical(read(tmp_path / "parts"), ROWS)
    assert (done.n, done.parts) == (50, 3)
    again = convert(tmp_path / "parts", tmp_path / "larger", rows_per_part=30)
    assert again.parts == 2
    assert_identical(read(tmp_path / "larger"), ROWS)
    with pytest.raises(UnwritableFile, match="there is one already"):
        convert(tmp_path / "parts", tmp_path / "larger", rows_per_part=30)


def test_keys_and_kind_of_others(tmp_path: Path) -> None:
    source = npz(tmp_path, outputs=[[0.5, 0.5], [0.25, 0.75]], truth=[0, 1], epoch=3)
    done = convert(source, tmp_path / "out.parquet", logits_key="outputs", label_key="truth", kind="probs")
    assert (done.kind, done.columns, done.left_out) == ("probs", ("labels", "probs"), ("epoch",))
    assert read(tmp_path / "out.parquet").kind == "probs"


@pytest.mark.parametrize("target", sorted(FORMATS))
def test_what_fails_leaves_nothing(tmp_path: Path, target: str) -> None:
    lines = ["0,1,2"] * 49 + ["0,nan,2"]
    (tmp_path / "in.csv").write_text("\n".join(["labels,logit_0,logit_1", *lines]))
    with pytest.raises(CalibrantError, match=r"in\.csv: .* row 49"):
        convert(tmp_path / "in.csv", tmp_path / f"out{target}")
    with pytest.raises(CalibrantError, match=r"in\.csv: .* row 49"):
        convert(tmp_path / "in.csv", tmp_path / "parts", rows_per_part=10)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_rows_that_weigh_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("labels,logit,sample_weight\n0,1,0\n1,2,0\n")
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        convert(tmp_path / "in.csv", tmp_path / "out.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_what_cannot_be_asked_for(tmp_path: Path) -> None:
    write(ROWS, tmp_path / "in.npz")
    with pytest.raises(UnreadableFile, match=r"suffix '\.txt'"):
        convert(tmp_path / "in.npz", tmp_path / "out.txt")
    with pytest.raises(InvalidArgument, match="at least one row"):
        convert(tmp_path / "in.npz", tmp_path / "out", rows_per_part=0)
    with pytest.raises(UnwritableFile, match="there is no folder"):
        convert(tmp_path / "in.npz", tmp_path / "missing" / "out.csv")
    with pytest.raises(UnwritableFile, match="there is no folder"):
        convert(tmp_path / "in.npz", tmp_path / "missing" / "out", rows_per_part=5)
