"""Tables: cells of CSV changed; Parquet and Arrow files written anew with columns of other types."""

from __future__ import annotations

import io
import random
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from tools.fuzz.mutators.draw import Bytes

_CELLS = (
    "", '"', '""', '"a', "1e999", "-inf", "nan", "NaN", "1_0", "0x1", "1.5", "-1", "9007199254740993",
    "1e400", "٣", " 1 ", "True", "\0", "\r", '"\n"', "1,1", "#", "[]", '"[""a"", ""b""]"', "9" * 400,
)  # fmt: skip
_NAMES = (
    "labels", "label", "logit", "prob", "logit_0", "logit_1", "logit_2", "logit_00", "prob_0", "count_0",
    "logit_999999999", "confidence", "correct", "prediction", "sample_weight", "groups", "ids", "classes", "",
    "logits", "probs", "counts",
)  # fmt: skip
_ROWS = 6


def csv_text(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change a cell, a line or the ends of lines."""
    text = content.decode("utf-8", "replace")
    end = draw.choice(("\n", "\n", "\n", "\r\n", "\r"))
    rows = [line.split(",") for line in text.splitlines()]
    if not rows or draw.random() < 0.3:
        return mutated(content)
    row = rows[draw.choice((0, draw.randrange(len(rows))))]
    column = draw.randrange(len(row))
    change = draw.randrange(6)
    if change < 3:
        row[column] = draw.choice(_NAMES if row is rows[0] else _CELLS)
    elif change == 3:
        del row[column]
    elif change == 4:
        row.insert(column, draw.choice(_CELLS))
    else:
        rows.insert(draw.randrange(len(rows) + 1), draw.choice(([], [""], list(row), ["1"] * 3)))
    return (draw.choice(("", "", "", "\ufeff")) + end.join(",".join(cells) for cells in rows)).encode()


def parquet_table(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Write columns of other types, or change the bare bytes."""
    if draw.random() < 0.7:
        return mutated(content)
    target = io.BytesIO()
    try:
        pa.parquet.write_table(
            _table(draw),
            target,
            compression=draw.choice(("none", "snappy", "zstd", "gzip")),
            use_dictionary=draw.random() < 0.5,
            row_group_size=draw.choice((2, _ROWS)),
            write_page_checksum=False,
        )
    except (pa.ArrowException, ValueError):
        return mutated(content)
    return target.getvalue()


def arrow_table(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Write columns of other types, as a file or a stream, or change the bare bytes."""
    if draw.random() < 0.7:
        return mutated(content)
    target = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=draw.choice((None, "lz4", "zstd")))
    try:
        table = _table(draw)
        opened = draw.choice((pa.ipc.new_file, pa.ipc.new_stream))
        with opened(target, table.schema, options=options) as writer:
            writer.write_table(table, draw.choice((2, _ROWS)))
    except (pa.ArrowException, ValueError):
        return mutated(content)
    return target.getvalue()


def _table(draw: random.Random) -> Any:
    names = ["labels", *draw.sample(("logits", "probs"), 1)]
    names += draw.sample(_NAMES, draw.choice((0, 0, 1, 3)))
    names = names if draw.random() < 0.1 else list(dict.fromkeys(names))
    metadata = draw.choice((None, {"classes": '["a", "b"]'}, {"classes": "\0"}, {"classes": "[" * 3000}))
    columns = [_column(name, draw) for name in names]
    return pa.Table.from_arrays(columns, names=names).replace_schema_metadata(metadata)


def _column(name: str, draw: random.Random) -> Any:
    if draw.random() < 0.6:
        if name in ("logits", "probs", "counts"):
            return _lists(
                draw, pa.array([0.5] * 2 * _ROWS, draw.choice((pa.float32(), pa.float64(), pa.float16())))
            )
        return pa.array([0, 1, 1, 0, 1, 0], draw.choice((pa.int64(), pa.int8(), pa.uint64())))
    values = draw.choice((_numbers, _texts, _others, _numbers))(draw)
    if draw.random() < 0.2:
        values = values.dictionary_encode()
    return _lists(draw, pa.concat_arrays([values, values])) if draw.random() < 0.3 else values


def _lists(draw: random.Random, values: Any) -> Any:
    kind = draw.randrange(4)
    if kind == 0:
        return pa.FixedSizeListArray.from_arrays(values, 2)
    offsets = [0, 2, 4, 6, 8, 10, 12] if kind < 3 else [0, 1, 4, 6, 8, 10, 12]
    made = pa.ListArray if kind != 2 else pa.LargeListArray
    return made.from_arrays(pa.array(offsets, pa.int32() if kind != 2 else pa.int64()), values)


def _numbers(draw: random.Random) -> Any:
    kind = draw.choice((pa.int8(), pa.uint64(), pa.float16(), pa.float64(), pa.bool_(), pa.decimal128(9, 2)))
    values = [1, 0, 1, None if draw.random() < 0.3 else 1, 0, 1]
    return pa.array(values, pa.int64()).cast(kind) if kind != pa.float16() else pa.array([0.5] * _ROWS, kind)


def _texts(draw: random.Random) -> Any:
    kind = draw.choice((pa.string(), pa.large_string(), pa.binary(), pa.string_view(), pa.large_binary()))
    return pa.array(["a", "b", "", "é", "\0", "a"], pa.string()).cast(kind)


def _others(draw: random.Random) -> Any:
    made = draw.randrange(6)
    if made == 0:
        return pa.nulls(_ROWS)
    if made == 1:
        return pa.array([{"x": 1}] * _ROWS)
    if made == 2:
        return pa.array([[("a", 1)]] * _ROWS, pa.map_(pa.string(), pa.int32()))
    if made == 3:
        return pa.array([[[1.0]]] * _ROWS)
    if made == 4:
        return pa.array([0] * _ROWS, pa.timestamp("ns", draw.choice((None, "UTC", "Nowhere/Land"))))
    return pa.array([b"ab"] * _ROWS, pa.binary(2))
