"""Parquet and Arrow tables as pandas, Hugging Face and others write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read, read_checked, shards, write
from calibrant.predictions import Predictions, SoftLabelPredictions, TopLabelPredictions, joined
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
feather = pytest.importorskip("pyarrow.feather")

LOGITS = [[2.0, -1.5, 0.0], [0.5, 1.0, 4.0], [0.0, 3.0, 1.0]]


def save(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """Write a table with pyarrow alone, as the suffix says."""
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path, **options)
    elif path.suffix == ".feather":
        feather.write_feather(table, path, **options)
    else:
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, **options)
    return path


@pytest.fixture(params=[".parquet", ".feather", ".arrow"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


def lists(kind: Any, dtype: Any = np.float32) -> Any:
    return pa.array([np.array(row, dtype) for row in LOGITS], kind)


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float32()), pa.list_(pa.float32(), 3), pa.large_list(pa.float32())],
    ids=["list", "fixed", "large"],
)
@pytest.mark.parametrize("key", ["label", "labels"])
def test_scores_in_lists(path: Path, kind: Any, key: str) -> None:
    found = read(save(path, {key: pa.array([0, 1, 2], pa.int8()), "logits": lists(kind)}))
    assert_identical(found, Predictions.from_logits(np.array(LOGITS, np.float32), [0, 1, 2]))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_scores_in_columns_keep_their_float_type(path: Path, dtype: Any) -> None:
    columns = {f"logit_{index}": np.array(LOGITS, dtype)[:, index] for index in (2, 0, 1)}
    found = read(save(path, {**columns, "label": [0, 1, 2]}))
    assert_identical(found, Predictions.from_logits(np.array(LOGITS, dtype), [0, 1, 2]))


def test_the_probability_of_the_positive_class(path: Path) -> None:
    assert read(save(path, {"label": [True, False], "prob": [0.75, 0.5]})).scores.tolist() == [
        [0.25, 0.75],
        [0.5, 0.5],
    ]


def test_counts_and_confidences(path: Path) -> None:
    soft = save(path, {"logits": lists(pa.list_(pa.float32())), "counts": [[1, 0, 2], [3, 0, 0], [0, 1, 1]]})
    assert isinstance(read(soft), SoftLabelPredictions)
    numbered = {f"count_{index}": [1, 2, 3] for index in range(3)}
    assert isinstance(
        read(save(path, {"logits": lists(pa.list_(pa.float32())), **numbered})), SoftLabelPredictions
    )
    top = read(save(path, {"confidence": [0.5, 0.75], "correct": [True, False]}))
    assert isinstance(top, TopLabelPredictions)


def test_groups_that_are_categories_come_as_text(path: Path) -> None:
    groups = pa.array(["north", "south", "north"]).dictionary_encode()
    columns = {
        "label": [0, 1, 1],
        "logit": [1.0, 2.0, 3.0],
        "groups": groups,
        "ids": [5, 6, 7],
        "step": [1, 1, 1],
    }
    found, ignored = read_checked(save(path, columns))
    assert found.groups.tolist() == ["north", "south", "north"]
    assert found.ids.tolist() == [5, 6, 7]
    assert ignored == ("step",)
    parts = [shard.read() for shard in shards(path, rows=2)]
    assert_identical(joined(parts), found)


@pytest.mark.parametrize("size", [1, 3, 7, 50])
def test_rows_lie_in_pieces_of_any_size(path: Path, size: int) -> None:
    rows = overconfident(40, 3)
    columns = {"labels": rows.labels, "logits": pa.FixedSizeListArray.from_arrays(rows.scores.ravel(), 3)}
    options = {".parquet": "row_group_size", ".feather": "chunksize", ".arrow": "max_chunksize"}
    save(path, columns, **{options[path.suffix]: size})
    assert_identical(read(path), rows)
    for count in (1, 9, 10, 41):
        found = shards(path, rows=count)
        assert [shard.span.start for shard in found] == list(range(0, 40, count))
        assert_identical(joined([shard.read() for shard in found]), rows)


def test_an_arrow_stream_is_read_and_a_cut_one_is_not(tmp_path: Path) -> None:
    rows = overconfident(30, 3)
    table = pa.table(
        {"labels": rows.labels, "logits": pa.FixedSizeListArray.from_arrays(rows.scores.ravel(), 3)}
    )
    path = tmp_path / "rows.arrow"
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)
    assert_identical(read(path), rows)
    assert_identical(joined([shard.read() for shard in shards(path, rows=10)]), rows)
    content = path.read_bytes()
    for length in range(0, len(content), 13):
        path.unlink()
        path.write_bytes(content[:length])
        with pytest.raises(UnreadableFile, match=r"rows\.arrow"):
            read(path)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"label": [0, 1], "logits": [[1.0, 2.0], [1.0]]}, "'logits' has 1 numbers at row 1 but 2 before"),
        ({"label": [0, None], "logits": [[1.0, 2.0], [1.0, 2.0]]}, "'label' has no value at row 1"),
        ({"label": [0, 1], "logits": [[1.0, 2.0], [1.0, None]]}, "'logits' has no value at row 1"),
        ({"label": [0, 1], "logits": [[1.0, 2.0], None]}, "'logits' has no value at row 1"),
        ({"label": [0, 1], "logit": [1.0, 2.0], "ids": ["a", None]}, "'ids' has no value at row 1"),
        ({"label": [0, 1], "outputs": [[1.0, 2.0], [1.0, 2.0]]}, "--logits-key"),
        ({"logits": [[1.0, 2.0], [1.0, 2.0]]}, "no column 'labels' .*--label-key"),
        ({"label": [0, 1], "logits": [[1.0], [2.0]], "probs": [[1.0], [1.0]]}, "choose with --kind"),
        ({"label": [0, 1], "logits": [[1.0], [2.0]], "logit_0": [1.0, 2.0]}, "choose with --logits-key"),
    ],
)
def test_tables_that_are_no_predictions(path: Path, columns: dict[str, Any], message: str) -> None:
    save(path, columns)
    with pytest.raises(UnreadableFile, match=rf"rows\{path.suffix}.*{message}"):
        read(path)


def test_a_missing_value_has_the_row_of_the_file(path: Path) -> None:
    save(path, {"label": [0] * 37 + [None] + [0] * 12, "logit": [1.0] * 50})
    with pytest.raises(UnreadableFile, match="no value at row 37"):
        shards(path, rows=10)[3].read()
    assert shards(path, rows=10)[4].read().n == 10


def test_the_columns_of_others_by_name(path: Path) -> None:
    save(path, {"truth": [0, 1], "outputs": [[0.5, 0.5], [0.25, 0.75]]})
    assert read(path, logits_key="outputs", label_key="truth", kind="probs").kind == "probs"


def test_no_rows_and_the_first_version_of_feather(tmp_path: Path, path: Path) -> None:
    save(path, {"label": pa.array([], pa.int64()), "logit": pa.array([], pa.float64())})
    for reader in (read, shards):
        with pytest.raises(ValueError, match="no rows"):
            reader(path)
    (tmp_path / "old.feather").write_bytes(b"FEA1" + bytes(40) + b"FEA1")
    with pytest.raises(UnreadableFile, match="first version of Feather"):
        read(tmp_path / "old.feather")


def test_others_read_what_was_written(path: Path) -> None:
    write(Predictions.from_logits(np.array(LOGITS, np.float32), [0, 1, 2], classes=["a", "b", "c"]), path)
    table = pq.read_table(path) if path.suffix == ".parquet" else feather.read_table(path)
    assert table.column_names == ["logits", "labels"]
    assert table.column("logits").type == pa.list_(pa.float32(), 3)
    assert table.column("logits").to_pylist() == LOGITS
    assert table.schema.metadata[b"classes"] == b'["a", "b", "c"]'
