"""Where rows start: always where the csv module says, however blocks of bytes cut them."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.io import csv_rows, read, shards
from calibrant.io.csv_rows import find_rows
from calibrant.predictions import joined
from tests.io.kinds_of_rows import assert_identical

CELLS = st.sampled_from(
    ["1", "-2.5", "", "a,b", 'a "quoted" one', "two\nlines", "dos\r\nline", "Vögel 猫", '"', 'x"y']
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Text that the csv module writes, with blank lines between rows, sometimes all in quotation marks."""
    text = StringIO()
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    text.write(draw(st.sampled_from(["", "\ufeff"])))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(text, lineterminator=ending, quoting=quoting)
    writer.writerow(draw(st.lists(CELLS, min_size=1, max_size=3)))
    for row in draw(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=8)):
        text.write(ending * draw(st.sampled_from([0, 0, 0, 1, 2])))
        writer.writerow(row)
    content = text.getvalue().encode()
    return content.rstrip(b"\r\n") if draw(st.booleans()) else content


@given(content=tables(), every=st.integers(1, 4), block=st.integers(1, 40))
def test_rows_start_where_the_csv_module_says(content: bytes, every: int, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_BLOCK", block)
        found = find_rows(BytesIO(content), every)
    wanted = [row for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")) if row][1:]
    if not wanted:
        assert found is None
        return
    assert found is not None
    assert found.n == len(wanted)
    pieces = [content[start:end].decode() for start, end in found.pieces]
    rows = [[row for row in csv.reader(StringIO(piece, newline="")) if row] for piece in pieces]
    assert [row for piece in rows for row in piece] == wanted
    assert all(len(piece) == every for piece in rows[:-1])


def test_a_quotation_mark_inside_a_cell_is_no_beginning() -> None:
    found = find_rows(BytesIO(b'ids,x\n5" screw,1\n6" nail,2\nplain,3\n'), 1)
    assert found is not None
    assert (found.n, found.starts) == (3, [6, 17, 27])


def test_lines_that_end_in_carriage_returns_alone_are_one_shard(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"labels,logit\r0,1.5\r1,2\r")
    assert read(path).n == 2
    found = shards(path, rows=1)
    assert [shard.n for shard in found] == [2]
    assert_identical(joined([shard.read() for shard in found]), read(path))
