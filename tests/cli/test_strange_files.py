"""What stands where a file should: pipes, devices, links that lead nowhere, folders, impossible names."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from calibrant.pictures.picture import UnreadableImage, open_picture
from tests.cli.program import run_program


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """A command that waits for a pipe fails here instead of waiting for ever."""

    def fail(number: int, frame: FrameType | None) -> None:
        raise AssertionError("the command waits")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def link_to(target: str) -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        path.symlink_to(target)
        return path

    return made


def folder(path: Path) -> Path:
    path.mkdir()
    return path


STRANGE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "pipe": (pipe, "it is a pipe or a device"),
    "device without end": (link_to("/dev/zero"), "it is a pipe or a device"),
    "dangling link": (link_to("gone"), "it is a link to gone, which is not there"),
    "folder": (folder, "folder"),
    "link to itself": (lambda path: link_to(path.name)(path), "its links lead in a circle"),
    "long name": (lambda path: path.with_name(f"{'a' * 300}{path.suffix}"), "longer than the system allows"),
    "long path": (lambda path: path.parent.joinpath(*["b" * 200] * 30, path.name), "longer than the system"),
    "NUL": (
        lambda path: path.with_name(f"a\0b{path.suffix}"),
        "null byte|null character|that no file can have",
    ),
    "memory of a process": (link_to("/proc/self/mem"), "cannot read|not a readable|no JSON|not a"),
}
READING: dict[str, tuple[str, ...]] = {
    "evaluate": ("evaluate", "FILE.npz"),
    "evaluate csv": ("evaluate", "FILE.csv"),
    "evaluate npy": ("evaluate", "FILE.logits.npy"),
    "evaluate parquet in parts": ("evaluate", "FILE.parquet", "--in-parts"),
    "evaluate safetensors": ("evaluate", "FILE.safetensors"),
    "evaluate tensors": ("evaluate", "FILE.pt"),
    "doctor": ("doctor", "FILE.arrow"),
    "report": ("report", "FILE.npz", "-o", "OUT.html"),
    "stored report": ("report", "FILE.json", "-o", "OUT.html"),
    "calibrator": ("apply", "FILE.json", "rows.npz", "-o", "OUT.npz"),
    "apply": ("apply", "calibrator.json", "FILE.npz", "-o", "OUT.npz"),
    "convert": ("convert", "FILE.npz", "OUT.csv"),
    "recipe": ("run", "FILE.toml"),
    "study": ("study", "FILE.toml"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with rows and a calibrator."""
    folder = tmp_path_factory.mktemp("strange")
    (folder / "rows.csv").write_text("labels,logit_0,logit_1\n0,1,0\n1,0,1\n1,1,0\n0,0,1\n1,0,2\n")
    assert run_program("convert", folder / "rows.csv", folder / "rows.npz").code == 0
    assert run_program("fit", folder / "rows.npz", "-o", folder / "calibrator.json").code == 0
    return folder


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("command", READING)
def test_it_is_refused_in_words(
    command: str, strange: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    before = sorted(place.iterdir())
    made, said = STRANGE[strange]
    name = next(word for word in READING[command] if word.startswith("FILE"))
    path = made(tmp_path / name)
    done = run_program(*(path if word == name else word for word in READING[command]))
    assert done.code == 2, (done.out, done.err)
    assert any(word in done.err for word in said.split("|")), done.err
    assert "Traceback" not in done.err
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize("strange", ["long name", "NUL", "pipe"])
@pytest.mark.parametrize(
    "words",
    [
        ("convert", "rows.npz", "FILE.csv"),
        ("fit", "rows.npz", "-o", "FILE.json"),
        ("apply", "calibrator.json", "rows.npz", "-o", "FILE.npz"),
        ("plot", "rows.npz", "-o", "FILE.png"),
        ("report", "rows.npz", "-o", "FILE.html"),
        ("convert", "rows.npz", "FILE.d", "--rows-per-part", "2"),
    ],
    ids=lambda words: words[0],
)
def test_as_a_place_to_write_to_it_is_refused_in_words(
    words: tuple[str, ...], strange: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    name = next(word for word in words if word.startswith("FILE"))
    path = STRANGE[strange][0](tmp_path / name)
    before = sorted(tmp_path.iterdir())
    done = run_program(*(path if word == name else word for word in words))
    assert (done.code, any(word in done.err for word in ("cannot write", "null byte", "null character"))) == (
        2,
        True,
    )
    assert sorted(tmp_path.iterdir()) == before


def test_a_pipe_among_the_images_to_predict(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="a pipe or a device"):
        open_picture(pipe(tmp_path / "photo.png"))
