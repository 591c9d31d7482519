"""A disk without room: every command that writes names the file and says so, and leaves no half of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calibrant.atomic import replacing
from calibrant.deploy.compared import trying
from calibrant.errors import UnwritableFile
from calibrant.io import write
from tests.cli.conftest import birds_and_cats
from tests.cli.program import run_program

ROOM = 4 << 10
TINY = ("train.epochs=1", "train.batch_size=8", "train.device=cpu", "train.threads=1", "data.train_rows=16")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a disk of its own, a file in memory of 1 MiB."""
    place = tmp_path_factory.mktemp("disk")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "calibrant-tests", str(place)]
    try:
        done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program `mount`")
    if done.returncode != 0:
        pytest.skip(f"a disk of its own cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with rows of more bytes than there will be room, in a file and in parts."""
    folder = tmp_path_factory.mktemp("rows")
    write(birds_and_cats(3000, 1), folder / "rows.npz")
    assert run_program("fit", folder / "rows.npz", "-o", folder / "c.json").code == 0
    assert run_program("convert", folder / "rows.npz", folder / "parts", "--rows-per-part", 1500).code == 0
    return folder


def fill(disk: Path, room: int) -> None:
    """Leave so many bytes on the disk."""
    filling = disk / "filling"
    filling.unlink(missing_ok=True)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with filling.open("wb") as handle:
        handle.write(bytes(free - room))


COMMANDS = [
    *(("convert", "rows.npz", f"DISK/out{suffix}")
      for suffix in (".npz", ".npy", ".csv", ".parquet", ".arrow", ".safetensors", ".pt")),
    ("convert", "rows.npz", "DISK/out", "--rows-per-part", "1000"),
    ("apply", "c.json", "rows.npz", "-o", "DISK/out.npz"),
    ("apply", "c.json", "parts", "-o", "DISK/out.parquet"),
    ("plot", "rows.npz", "-o", "DISK/out.png"),
    ("plot", "rows.npz", "-o", "DISK/out.svg"),
    ("plot", "rows.npz", "-o", "DISK/out.pdf"),
    ("report", "rows.npz", "-o", "DISK/out.html"),
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: f"{words[0]} {words[-1][5:]}")
def test_nothing_half_written_is_left(
    words: tuple[str, ...], rows: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rows)
    fill(disk, ROOM)
    done = run_program(*(word.replace("DISK", str(disk)) for word in words))
    assert done.code == 2, done.err
    assert f"calibrant: cannot write {disk}/out" in done.err
    assert "the disk is full" in done.err
    assert [path.name for path in disk.iterdir()] == ["filling"]


def test_a_calibrator_without_any_room(rows: Path, disk: Path) -> None:
    fill(disk, 0)
    done = run_program("fit", rows / "rows.npz", "-o", disk / "c.json")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        f"calibrant: cannot write {disk / 'c.json'}: the disk is full.",
    )
    assert [path.name for path in disk.iterdir()] == ["filling"]


def test_parts_that_are_finished_stay_and_the_others_follow(rows: Path, disk: Path) -> None:
    part = (rows / "parts" / "part-00000.parquet").stat().st_size
    fill(disk, 3 * part // 2 + (16 << 10))
    target = disk / "calibrated"
    done = run_program("apply", rows / "c.json", rows / "parts", "-o", target, "--in-parts")
    assert (done.code, "part-00001.parquet: the disk is full" in done.err) == (2, True), done.err
    assert {path.name for path in target.iterdir()} == {".lock", "_calibrant.json", "part-00000.parquet"}
    (disk / "filling").unlink()
    done = run_program("apply", rows / "c.json", rows / "parts", "-o", target, "--in-parts")
    assert (done.code, (target / "part-00001.parquet").is_file()) == (0, True), done.err
    subprocess.run(["rm", "-r", str(target)], check=True)


def test_a_run_goes_on_once_there_is_room(disk: Path, tmp_path: Path) -> None:
    settings = [word for setting in TINY for word in ("--set", setting)]
    fill(disk, 64 << 10)
    done = run_program("run", "lenet5-digits", *settings, "--seed", 0, "--runs", disk)
    assert (done.code, "checkpoint.pt: the disk is full" in done.err) == (2, True), done.err
    folder = disk / "lenet5-digits" / "seed-0"
    assert not folder.exists()
    assert run_program("run", "lenet5-digits", *settings, "--seed", 0, "--runs", tmp_path).code == 0
    subprocess.run(["rm", "-r", str(disk / "lenet5-digits")], check=True)


def test_a_network_is_not_blamed_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(UnwritableFile, match=r"model\.onnx: the disk is full"),
        replacing(tmp_path / "model.onnx"),
    ):
        trying(fails)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_a_library_writes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OSError(28, "No space left on device", "/cache/images.arrow")

    monkeypatch.setattr("calibrant.cli.main.app", fails)
    done = run_program()
    assert (done.code, done.err) == (2, "calibrant: cannot write /cache/images.arrow: the disk is full.\n")


def test_what_is_printed_has_no_room_either(rows: Path) -> None:
    words = [sys.executable, "-m", "calibrant", "evaluate", str(rows / "rows.npz"), "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "calibrant: cannot write the results: the disk is full.\n")
