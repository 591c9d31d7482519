"""Files that change while they are read: the error says so, and no signal ends the process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.errors import UnreadableFile
from calibrant.io import files, growth, read, shards, table, write
from calibrant.io.format import ReadOptions
from calibrant.io.npy_format import NPY
from calibrant.io.place import Place
from calibrant.io.registry import FORMATS, format_of
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident_logits

N = 6000
SUFFIXES = (".npz", ".npy", ".csv", ".parquet", ".arrow", ".safetensors", ".pt")


def rows(seed: int = 0) -> Predictions:
    logits, labels = overconfident_logits(N, 4, seed=seed)
    return Predictions.from_logits(logits, labels)


def file_of(folder: Path, suffix: str) -> Path:
    path = folder / f"rows{suffix}"
    if suffix == ".npz":
        np.savez(path, logits=rows().scores, labels=rows().labels)
    else:
        write(rows(), path)
    return path


def later(path: Path) -> None:
    """Make the time of the file another, however coarse the clock of the disk is."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 10)


def test_every_format_is_tried() -> None:
    assert {*SUFFIXES, ".feather", ".pth"} == FORMATS.keys()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rows_that_were_read_stay_when_the_file_is_cut_off(suffix: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, suffix)
    whole, part = read(path), shards(path, rows=1000)[1].read()
    os.truncate(path, 0)
    assert whole.content_hash == rows().content_hash
    assert part.scores.tolist() == rows().scores[1000:2000].tolist()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_cut_off_between_two_parts(suffix: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, suffix)
    cut = shards(path, rows=1000)
    cut[0].read()
    cut_off(path)
    for shard in cut:
        with pytest.raises(UnreadableFile, match=r"rows\..* has changed since .*whatever writes it"):
            shard.read()


@pytest.mark.parametrize("suffix", [".npy", ".parquet"])
def test_replaced_between_two_passes_by_rows_that_look_alike(suffix: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, suffix)
    parts = table(path, rows=1000)
    first = TemperatureScaling().fit(parts).temperature_
    assert first > 1
    write(rows(seed=1), path)
    later(path)
    with pytest.raises(UnreadableFile, match="has changed since it was first looked at"):
        TemperatureScaling().fit(parts)


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_written_to_while_it_is_read(
    suffix: str, in_parts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, suffix)
    cut = shards(path, rows=1000)

    class Growing:
        def __init__(self, place: Place) -> None:
            self.format = format_of(place)

        def read(self, place: Place, options: ReadOptions) -> Any:
            with path.open("ab") as handle:
                handle.write(b"1,0,0,0,0\n")
            return self.format.read(place, options)

        def read_span(self, place: Place, *arguments: Any) -> Any:
            found = self.format.read_span(place, *arguments)
            with path.open("ab") as handle:
                handle.write(b"1,0,0,0,0\n")
            return found

    monkeypatch.setattr("calibrant.io.shard.format_of", Growing)
    monkeypatch.setattr(files, "format_of", Growing)
    with pytest.raises(UnreadableFile, match=rf"rows\{suffix} has changed since it was first looked at"):
        cut[2].read() if in_parts else read(path)


def test_labels_beside_the_scores_that_are_written_anew(tmp_path: Path) -> None:
    np.save(tmp_path / "a.logits.npy", rows().scores)
    np.save(tmp_path / "a.labels.npy", rows().labels)
    with NPY.opened(Place.of(tmp_path / "a.logits.npy"), ReadOptions()) as arrays:
        later(tmp_path / "a.labels.npy")
        with pytest.raises(UnreadableFile, match=r"a\.labels\.npy has changed since it was first looked at"):
            arrays.read("labels", None)


def test_some_rows_of_a_batch_that_is_much_larger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.arrow"
    columns = pa.table({"logits": list(rows().scores), "labels": rows().labels})
    with pa.ipc.new_file(str(path), columns.schema) as writer:
        writer.write_table(columns, max_chunksize=N)
    cut = shards(path, rows=100)
    assert len(cut) == 60
    allocated = pa.total_allocated_bytes()
    found = cut[30].read()
    assert pa.total_allocated_bytes() - allocated < N * 4 * 4 // 10
    os.truncate(path, 0)
    assert found.scores.tolist() == rows().scores[3000:3100].tolist()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2"])
def test_rows_of_any_order_and_type(order: Any, dtype: str, tmp_path: Path) -> None:
    scores = np.array(rows().scores, dtype, order=order)
    np.save(tmp_path / "a.logits.npy", scores)
    np.save(tmp_path / "a.labels.npy", rows().labels)
    path = tmp_path / "a.logits.npy"
    assert read(path).scores.tolist() == scores.tolist()
    parts = [shard.read().scores.tolist() for shard in shards(path, rows=999)]
    assert [row for part in parts for row in part] == scores.tolist()


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".parquet"])
def test_more_than_fits_into_memory_is_read_in_parts(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, suffix)
    monkeypatch.setattr(growth, "free_memory", lambda: 100_000)
    with pytest.raises(
        UnreadableFile, match=r"bytes to read at once, and 100,000 bytes of memory are free.*--in-"
    ):
        read(path)
    assert shards(path, rows=1000)[5].read().n == 1000
