"""Small files that would fill the memory or take for ever are refused or read in good time."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io import growth, parquet_format, read, shards, write
from calibrant.predictions import Predictions

MANY = 10**12


def header(shape: tuple[int, ...], dtype: str = "<f4") -> bytes:
    """The head of an `.npy` file."""
    found = io.BytesIO()
    descr = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(found, descr)
    return found.getvalue()


def test_an_archive_that_would_fill_the_memory(tmp_path: Path) -> None:
    path, rows = tmp_path / "bomb.npz", 30_000_000
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("logits.npy", "w") as member,
    ):
        member.write(header((rows, 10)))
        for _ in range(rows * 40 // 2**24 + 1):
            member.write(bytes(2**24))
    assert path.stat().st_size < 10_000_000
    with pytest.raises(UnreadableFile, match=r"has .* bytes that would become 1,.*numpy\.savez"):
        read(path)


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_rows_of_next_to_nothing(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is computed for each of them would fill the memory."""
    monkeypatch.setattr(growth, "LARGE", 1 << 20)
    path, n = tmp_path / f"zeros{suffix}", 60_000
    logits, labels = np.zeros(n, np.float16), np.zeros(n, np.int8)
    if suffix == ".npz":
        np.savez_compressed(path, logits=logits, labels=labels)
    else:
        pq.write_table(pa.table({"labels": labels, "logit": logits}), path, compression="zstd")
    message = "60,000 rows .*in .* takes 3,84[01],.* read it in parts: --in-parts"
    with pytest.raises(UnreadableFile, match=message):
        read(path)
    with pytest.raises(UnreadableFile, match=message):
        shards(path)[0].read()
    write(
        Predictions.from_logits(np.random.default_rng(0).normal(size=n), labels), tmp_path / f"rows{suffix}"
    )
    assert read(tmp_path / f"rows{suffix}").n == n
    if suffix == ".parquet":
        assert sum(shard.read().n for shard in shards(path, rows=4096)) == n


@pytest.mark.parametrize("key", ["logits", "labels", "groups", "ids", "classes"])
@pytest.mark.parametrize("levels", [1, 9])
def test_lists_that_are_many_times_the_same(key: str, levels: int, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    found = [0.5] * 2000 if levels == 1 else [0.5] * 10
    for _ in range(levels):
        found = [found] * (1000 if levels == 1 else 10)
    content = {"logits": torch.zeros((10, 2)), "labels": torch.zeros(10, dtype=torch.int64), key: found}
    torch.save(content, tmp_path / "rows.pt")
    wanted = "most of them the same list" if levels == 1 else "a list of lists of lists"
    with pytest.raises(UnreadableFile, match=rf"rows\.pt: .*{wanted}"):
        read(tmp_path / "rows.pt")


def test_names_of_classes_are_text(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    rows = {"logits": torch.zeros((2, 2)), "labels": torch.zeros(2, dtype=torch.int64)}
    for names in (["a", None], ["a", 3.5], ["a", ["b"] * 3]):
        torch.save({**rows, "classes": names}, tmp_path / "rows.pt")
        with pytest.raises(UnreadableFile, match=r"'classes' must be a list of names, which are text"):
            read(tmp_path / "rows.pt")


def test_texts_of_which_one_is_long_and_all_are_it(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    rows = {"logits": torch.zeros((5000, 2)), "labels": torch.zeros(5000, dtype=torch.int64)}
    torch.save({**rows, "groups": ["a" * 1_000_000] * 5000}, tmp_path / "rows.pt")
    with pytest.raises(UnreadableFile, match=r"the list 'groups' has .* would become 20,000,000,000"):
        read(tmp_path / "rows.pt")


def test_one_row_of_very_many_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "LARGE", 1 << 20)
    np.savez(tmp_path / "wide.npz", logits=np.zeros((1, 90_000), np.int8), labels=np.zeros(1, np.int8))
    with pytest.raises(UnreadableFile, match=r"1 rows of 90,000 classes in .* takes 46,080,064"):
        read(tmp_path / "wide.npz")


def test_rows_that_find_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(Predictions.from_logits(np.zeros((1000, 2)), np.zeros(1000, int)), tmp_path / "rows.csv")
    monkeypatch.setattr(growth, "free_memory", lambda: 65_023)
    with pytest.raises(UnreadableFile, match=r"65,024 bytes to read at once, and 65,023 .* --in-parts"):
        read(tmp_path / "rows.csv")


def test_an_archive_that_promises_more_than_it_has(tmp_path: Path) -> None:
    path = tmp_path / "shape.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("logits.npy", header((MANY, 10)) + bytes(100))
        archive.writestr("labels.npy", header((MANY,), "<i8"))
    with pytest.raises(UnreadableFile, match=r"not a readable \.npz file"):
        read(path)


def test_tensors_that_lie_beyond_the_file(tmp_path: Path) -> None:
    promised = {
        "logits": {"dtype": "F32", "shape": [MANY, 10], "data_offsets": [0, 40 * MANY]},
        "labels": {"dtype": "I64", "shape": [MANY], "data_offsets": [40 * MANY, 48 * MANY]},
    }
    text = json.dumps(promised).encode()
    for length in (len(text), 1 << 62):
        path = tmp_path / "shape.safetensors"
        path.write_bytes(struct.pack("<Q", length) + text)
        with pytest.raises(UnreadableFile, match=r"not a readable \.safetensors file"):
            read(path)


def test_a_header_of_very_many_classes(tmp_path: Path) -> None:
    k = 200_000
    path = tmp_path / "wide.csv"
    names = ",".join(f"logit_{label}" for label in range(k))
    path.write_text(f"label,{names}\n1,{','.join('0' * k)}\n", encoding="utf-8")
    assert read(path).k == k


def test_a_column_twice_among_very_many(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"logit_{label % 199_999}" for label in range(200_000)) + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="the column 'logit_0' twice"):
        read(path)


@pytest.fixture
def a_mebibyte_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (growth, parquet_format):
        monkeypatch.setattr(module, "LARGE", 1 << 20)


@pytest.mark.usefixtures("a_mebibyte_is_large")
@pytest.mark.parametrize("dictionary", [False, True])
@pytest.mark.parametrize("lists", [False, True])
def test_rows_of_a_parquet_file_that_are_all_the_same(tmp_path: Path, lists: bool, dictionary: bool) -> None:
    path, rows = tmp_path / "same.parquet", 100_000
    scores = {"logit_0": pa.array(np.zeros(rows)), "logit_1": pa.array(np.zeros(rows))}
    if lists:
        scores = {"logits": pa.ListArray.from_arrays(np.arange(rows + 1) * 2, np.zeros(2 * rows))}
    table = pa.table({"labels": np.zeros(rows, np.int8), **scores})
    pq.write_table(table, path, use_dictionary=dictionary, compression="zstd")
    for whole in (read, lambda there: next(iter(shards(there))).read()):
        with pytest.raises(
            UnreadableFile, match=r"what it holds has .* become [12],[0-9]{3},[0-9]{3}.*dictionaries"
        ):
            whole(path)


@pytest.mark.usefixtures("a_mebibyte_is_large")
@pytest.mark.parametrize("made", ["new_file", "new_stream"])
def test_batches_of_an_arrow_file_that_are_all_the_same(tmp_path: Path, made: str) -> None:
    path, rows = tmp_path / "same.arrow", 100_000
    group = pa.record_batch({name: np.zeros(rows) for name in ("labels", "logit_0", "logit_1")})
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with getattr(pa.ipc, made)(path, group.schema, options=packed) as writer:
        writer.write_batch(group)
    for whole in (read, shards):
        with pytest.raises(UnreadableFile, match=r"would become [12],[47]00,000.*without compression"):
            whole(path)
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").pipe("/same.arrow", path.read_bytes())
    for whole in (read, shards):
        with pytest.raises(UnreadableFile, match=r"same\.arrow: what it holds has .* would become 2,4"):
            whole("memory://same.arrow")


def test_an_archive_with_two_arrays_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "twice.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("logits.npy", "labels.npy", "labels"):
            archive.writestr(name, header((2,), "<i8") + bytes(16))
    with pytest.raises(UnreadableFile, match="holds two arrays of one name"):
        read(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_decoded_without_a_limit(tmp_path: Path, method: int) -> None:
    path = tmp_path / "other.npz"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("logits.npy", header((2, 2), "<f8") + bytes(32))
        archive.writestr("labels.npy", header((2,), "<i8") + bytes(16))
    with pytest.raises(UnreadableFile, match="compressed in a way that NumPy does not use"):
        read(path)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((-1, 3), "<f8"),
        ((True, 3), "<f8"),
        ((1 << 70,), "<f8"),
        ((MANY,), "|V0"),
        ((1 << 62, 0), "<f8"),
    ],
)
def test_an_array_of_an_impossible_shape(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    path = tmp_path / "shape.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("logits.npy", header(shape, dtype) + bytes(24))
        archive.writestr("labels.npy", header((2,), "<i8") + bytes(16))
    with pytest.raises(CalibrantError):
        read(path)
    (tmp_path / "a.logits.npy").write_bytes(header(shape, dtype) + bytes(24))
    np.save(tmp_path / "a.labels.npy", np.zeros(2, np.int64))
    with pytest.raises(CalibrantError):
        read(tmp_path / "a.logits.npy")


def test_a_tensor_that_repeats_one_number(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    path = tmp_path / "stride.pt"
    torch.save({"logits": torch.zeros(1).expand(1 << 27, 2), "labels": torch.zeros(2)}, path)
    with pytest.raises(UnreadableFile, match=r"the tensor 'logits' has 4 bytes that would become .*clone"):
        read(path)


@pytest.mark.usefixtures("a_mebibyte_is_large")
def test_narrow_numbers_that_would_become_wide_ones(tmp_path: Path) -> None:
    path, n = tmp_path / "narrow.npz", 200_000
    np.savez_compressed(path, logits=np.zeros(n, np.int8), labels=np.zeros(2, np.int8))
    with pytest.raises(UnreadableFile, match=r"its member 'logits' has .* would become 1,600,000"):
        read(path)


@pytest.mark.usefixtures("a_mebibyte_is_large")
@pytest.mark.parametrize("suffix", [".npz", ".parquet", ".arrow"])
def test_rows_that_are_mostly_zeros_are_written_so_that_they_can_be_read(tmp_path: Path, suffix: str) -> None:
    probs = np.zeros((400, 1000), np.float32)
    probs[np.arange(400), np.arange(400)] = 1
    rows = Predictions.from_probs(probs, np.zeros(400, np.int64))
    write(rows, tmp_path / f"rows{suffix}")
    assert (read(tmp_path / f"rows{suffix}").scores == probs).all()
