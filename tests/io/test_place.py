"""Paths and URLs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import MissingExtra, UnreadableFile, UnwritableFile
from calibrant.io import FORMATS, convert, read, read_raw, shards, write
from calibrant.io.place import Place
from calibrant.predictions import joined
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def memory() -> Iterator[str]:
    """Return the URL of an empty folder that is nowhere on disk."""
    filesystem = fsspec.filesystem("memory")
    filesystem.mkdirs("/rows", exist_ok=True)
    yield "memory://rows"
    filesystem.rm("/rows", recursive=True)


def put(source: Path, url: str) -> str:
    with fsspec.open(url, "wb") as handle:
        handle.write(source.read_bytes())
    return url


@pytest.mark.parametrize(
    ("given", "address", "name"),
    [
        ("rows.npz", "rows.npz", "rows.npz"),
        (Path("a/rows.NPZ"), "a/rows.NPZ", "rows.NPZ"),
        ("s3://bucket/a/rows.npz", "s3://bucket/a/rows.npz", "rows.npz"),
        (Path("s3://bucket/a/rows.npz"), "s3://bucket/a/rows.npz", "rows.npz"),
        (Path("file:///tmp/rows.npz"), "file:///tmp/rows.npz", "rows.npz"),
        ("https://host/rows.npz?download=1", "https://host/rows.npz?download=1", "rows.npz"),
        (Path("simplecache::s3://b/rows.npz"), "simplecache::s3://b/rows.npz", "rows.npz"),
        ("c:/rows.npz", "c:/rows.npz", "rows.npz"),
    ],
)
def test_addresses(given: str | Path, address: str, name: str) -> None:
    place = Place.of(given)
    assert (str(place), place.name, place.suffix) == (address, name, ".npz")
    assert (place.local is None) == ("://" in address)


def test_a_file_whose_name_looks_like_a_url_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("memory:").mkdir()
    write(overconfident(3, 2), tmp_path / "memory:" / "rows.npz")
    assert read(Path("memory:/rows.npz")).n == 3


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_format_is_read_from_a_url(tmp_path: Path, memory: str, suffix: str) -> None:
    rows = overconfident(50, 4, weighted=True)
    write(rows, tmp_path / f"rows{suffix}")
    url = put(tmp_path / f"rows{suffix}", f"{memory}/rows{suffix}")
    wanted = read(tmp_path / f"rows{suffix}")
    for path in (url, Path(url), f"file://{tmp_path}/rows{suffix}"):
        assert_identical(read(path), wanted)
        assert_identical(joined([shard.read() for shard in shards(path, rows=20)]), wanted)
    assert read_raw(url).source == url


def test_a_folder_of_parts_is_read_from_a_url(tmp_path: Path, memory: str) -> None:
    rows = overconfident(50, 4)
    write(rows, tmp_path / "rows.npz")
    convert(tmp_path / "rows.npz", tmp_path / "parts", rows_per_part=20)
    for part in sorted((tmp_path / "parts").iterdir()):
        put(part, f"{memory}/parts/{part.name}")
    assert_identical(read(f"{memory}/parts"), rows)
    assert [shard.place.name for shard in shards(f"{memory}/parts")] == [
        "part-00000.parquet", "part-00001.parquet", "part-00002.parquet",
    ]  # fmt: skip


def test_arrays_beside_one_another_are_found_at_a_url(tmp_path: Path, memory: str) -> None:
    for name, array in (("logits", np.eye(3)), ("labels", np.arange(3))):
        np.save(tmp_path / f"{name}.npy", array)
        put(tmp_path / f"{name}.npy", f"{memory}/{name}.npy")
    assert read(f"{memory}/logits.npy").labels.tolist() == [0, 1, 2]
    assert shards(f"{memory}/logits.npy", rows=2)[1].read().scores.tolist() == [[0.0, 0.0, 1.0]]


def test_what_is_not_there_is_named(memory: str) -> None:
    with pytest.raises(UnreadableFile, match=r"memory://rows/absent\.npz: there is no such file"):
        read(f"{memory}/absent.npz")
    with pytest.raises(UnreadableFile, match=r"unknown://a/b\.npz"):
        read("unknown://a/b.npz")


def test_urls_are_not_written_to(tmp_path: Path, memory: str) -> None:
    rows = overconfident(5, 2)
    write(rows, tmp_path / "rows.npz")
    for url in (f"{memory}/new.npz", Path(f"{memory}/new.npz")):
        with pytest.raises(UnwritableFile, match=r"cannot write memory://rows/new\.npz.*this machine only"):
            write(rows, url)
        with pytest.raises(UnwritableFile, match="this machine only"):
            convert(tmp_path / "rows.npz", url)
    assert fsspec.filesystem("memory").ls("/rows") == []


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtra, match=r"calibrant\[remote\]"):
        read("memory://rows/rows.npz")


@pytest.mark.parametrize(
    ("package", "suffix", "extra"),
    [
        ("pyarrow", ".parquet", "parquet"),
        ("pyarrow", ".arrow", "parquet"),
        ("pyarrow", ".feather", "parquet"),
        ("safetensors", ".safetensors", "safetensors"),
        ("torch", ".pt", "train"),
        ("torch", ".pth", "train"),
    ],
)
def test_the_extra_of_a_format_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, suffix: str, extra: str
) -> None:
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(b"anything")
    monkeypatch.setitem(sys.modules, package, None)
    for action in (lambda: read(path), lambda: shards(path), lambda: write(overconfident(3, 2), path)):
        with pytest.raises(MissingExtra, match=rf"calibrant\[{extra}\]"):
            action()
    assert path.read_bytes() == b"anything"


def test_files_of_numpy_load_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np, calibrant; from calibrant.io import read, shards, write\n"
        f"rows = calibrant.Predictions.from_logits(np.eye(3), [0, 1, 2]); folder = {str(tmp_path)!r}\n"
        "for suffix in ('.npz', '.csv', '.npy'):\n"
        "    write(rows, f'{folder}/rows{suffix}'); read(f'{folder}/rows{suffix}')\n"
        "    shards(f'{folder}/rows{suffix}')[0].read()\n"
        "print([m for m in ('fsspec', 'pyarrow', 'safetensors', 'torch') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
