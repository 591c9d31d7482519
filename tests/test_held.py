"""One process at a time writes to a folder; the second is told who does, or waits; the dead hold nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from unittest.mock import Mock

import filelock
import pytest

from calibrant.errors import CalibrantError, FolderInUse, UnwritableFile
from calibrant.held import HOLDER, LOCK, held
from calibrant.recipes.backbone import backbone_folder
from calibrant.recipes.library import load_recipe, write_recipe
from calibrant.recipes.recipe import BackboneSpec
from tests.cli.program import run_program

HOLDING = """
import sys
from calibrant.held import held

say = lambda words: print(words, flush=True)
with held(sys.argv[1], waiting=sys.argv[2] == "waiting", told=say):
    print("holds", flush=True)
    sys.stdin.read()
print("ends", flush=True)
"""
Starter = Callable[[Path, str], subprocess.Popen[str]]


@pytest.fixture
def started() -> Iterator[Starter]:
    """Return a function that starts a process which holds a folder until its input ends."""
    running: list[subprocess.Popen[str]] = []

    def start(folder: Path, how: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-c", HOLDING, str(folder), how]
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(child)
        return child

    yield start
    for child in running:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            assert stream is not None
            stream.close()


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_the_second_is_told_who_holds_it_and_a_dead_process_holds_nothing(
    tmp_path: Path, started: Starter
) -> None:
    child = started(tmp_path, "at once")
    assert line_of(child) == "holds"
    who = rf"process {child.pid} on {re.escape(socket.gethostname())} \(since 20\d\d-.*\) writes to it"
    with pytest.raises(FolderInUse, match=rf"{re.escape(str(tmp_path))} is in use: {who}"), held(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert (tmp_path / HOLDER).exists()
    with held(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_who_waits_gets_it_afterwards(tmp_path: Path, started: Starter) -> None:
    first = started(tmp_path, "at once")
    assert line_of(first) == "holds"
    second = started(tmp_path, "waiting")
    assert f"in use: process {first.pid} on" in line_of(second)
    said: list[str] = []
    listener = Thread(target=lambda: said.append(line_of(second)))
    listener.start()
    assert second.poll() is None
    assert said == []
    assert first.stdin is not None
    first.stdin.close()
    assert line_of(first) == "ends"
    listener.join()
    assert said == ["holds"]


def test_a_process_may_hold_it_twice_but_not_two_of_its_threads(tmp_path: Path) -> None:
    caught: list[CalibrantError] = []

    def other() -> None:
        try:
            with held(tmp_path):
                pass
        except CalibrantError as error:
            caught.append(error)

    with held(tmp_path):
        with held(tmp_path):
            pass
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert f"process {os.getpid()}" in str(caught[0])
    with held(tmp_path):
        pass


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="there is no such folder"), held(tmp_path / "gone"):
        pass


def test_two_processes_at_one_run(tmp_path: Path, started: Starter) -> None:
    folder = tmp_path / "lenet5-digits" / "seed-0"
    folder.mkdir(parents=True)
    child = started(folder, "at once")
    assert line_of(child) == "holds"
    tiny = ("train.epochs=1", "data.train_rows=16", "train.device=cpu", "train.threads=1")
    words = [word for setting in tiny for word in ("--set", setting)]
    done = run_program("run", "lenet5-digits", *words, "--seed", 0, "--runs", tmp_path)
    assert (done.code, f"{folder} is in use: process {child.pid} on" in done.err) == (2, True), done.err
    assert {path.name for path in folder.iterdir()} == {LOCK, HOLDER}


def test_two_processes_at_one_folder_of_parts(tmp_path: Path, started: Starter) -> None:
    (tmp_path / "rows.csv").write_text("labels,logit_0,logit_1\n0,1,0\n1,0,1\n1,1,0\n0,0,1\n1,0,2\n")
    assert run_program("convert", tmp_path / "rows.csv", tmp_path / "parts", "--rows-per-part", 2).code == 0
    assert run_program("fit", tmp_path / "rows.csv", "-o", tmp_path / "c.json").code == 0
    target = tmp_path / "calibrated"
    target.mkdir()
    child = started(target, "at once")
    assert line_of(child) == "holds"
    words = ("apply", tmp_path / "c.json", tmp_path / "parts", "-o", target, "--in-parts")
    done = run_program(*words)
    assert (done.code, f"{target} is in use: process {child.pid} on" in done.err) == (2, True), done.err
    child.kill()
    child.wait()
    assert run_program(*words).code == 0
    assert len(list(target.glob("*.parquet"))) == 3


def test_of_several_processes_none_waits_for_the_network_they_start_from(
    tmp_path: Path, started: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = BackboneSpec(recipe="lenet5-digits")
    folder = backbone_folder(spec, tmp_path / "runs")
    folder.mkdir(parents=True)
    assert line_of(started(folder, "at once")) == "holds"
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "1")
    monkeypatch.setenv("RANK", "0")
    recipe = load_recipe("lenet5-digits").model_copy(update={"backbone": spec})
    write_recipe(recipe, tmp_path / "second.toml")
    done = run_program("run", tmp_path / "second.toml", "--runs", tmp_path / "runs")
    assert (done.code, f"{folder} is in use: process" in done.err) == (2, True), done.err
    assert "Waiting" not in done.err


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP])
def test_without_locks_it_goes_on_and_says_so(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: object, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    said: list[str] = []
    with held(tmp_path, told=said.append), held(tmp_path):
        assert not (tmp_path / HOLDER).exists()
    assert len(said) == 1
    assert f"the file system of {tmp_path} has no locks" in said[0]


@pytest.mark.parametrize("error", [NotImplementedError("no flock"), filelock.Timeout("lock")])
def test_older_locks_that_say_it_otherwise(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filelock.FileLock, "acquire", Mock(side_effect=error))
    monkeypatch.setattr(fcntl, "flock", Mock(side_effect=OSError(errno.ENOLCK, "No locks available")))
    said: list[str] = []
    with held(tmp_path, told=said.append):
        pass
    assert "has no locks" in said[0]


def test_a_note_of_the_holder_that_cannot_be_removed_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, held(tmp_path):
        patch.setattr(Path, "unlink", Mock(side_effect=OSError(errno.EIO, "Input/output error")))
    with held(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]
