"""What the program leaves behind where it is told to end, and where it finds no place for compiled code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import calibrant
from calibrant.io import write
from calibrant.predictions import Predictions

if sys.platform == "win32":
    pytest.skip("orders to end are of Unix", allow_module_level=True)

_WAITS = """
import signal, sys, time
if "ignored" not in sys.argv:
    for order in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(order, signal.SIG_DFL)
from calibrant.cli import ending, main
from calibrant.atomic import replacing
def app():
    try:
        with replacing("result.json") as temporary:
            temporary.write_text("half")
            print("writing", flush=True)
            time.sleep(60)
    finally:
        print("tidying", flush=True)
        time.sleep("slowly" in sys.argv)
        print("tidied", flush=True)
main.app = app
main.main()
"""


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP])
def test_an_order_to_end_leaves_nothing_half_written(order: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _WAITS], cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"writing\n"
        assert any(tmp_path.iterdir())
        process.send_signal(order)
        assert process.wait(timeout=60) == 128 + order
    assert not any(tmp_path.iterdir())


def test_a_second_order_does_not_interrupt_the_tidying(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _WAITS, "slowly"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == b"tidying\n"
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == b"tidied\n"
        assert process.wait(timeout=60) == 128 + signal.SIGTERM


def test_an_order_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    ignoring = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{_WAITS}"
    process = subprocess.Popen(
        [sys.executable, "-c", ignoring, "ignored"], cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 128 + signal.SIGTERM


_LOADING = """
import builtins, runpy
known = builtins.__import__
def interrupted(name, *more, **options):
    if name == {name!r}:
        raise KeyboardInterrupt
    return known(name, *more, **options)
builtins.__import__ = interrupted
runpy.run_module("calibrant.__main__", run_name="__main__")
"""


@pytest.mark.parametrize("name", ["calibrant.cli.main", "calibrant.analysis"])
def test_a_key_ends_it_with_a_word_while_it_loads(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADING.format(name=name), "evaluate", "rows.npz"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "calibrant: interrupted\n")


@pytest.mark.parametrize("words", [(), ("-W", "error")])
def test_without_a_place_for_compiled_code_it_works_and_says_so(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50))
    write(rows, tmp_path / "rows.npz")
    (temporary := tmp_path / "temporary").mkdir()
    fit = ("-m", "calibrant", "fit", "rows.npz", "-o", "c.json")
    done = _without_a_place(tmp_path, temporary, *words, *fit)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("calibrant: no folder can be written for compiled code") != bool(words)
    assert (tmp_path / "c.json").exists()
    assert not any(temporary.iterdir())


_IN_PROCESSES = """
from multiprocessing import get_context
def work(number):
    import os, calibrant.metrics
    return os.getpid()
if __name__ == "__main__":
    for start in ("fork", "forkserver", "spawn"):
        process = get_context(start).Process(target=work, args=(0,))
        process.start()
        process.join()
        assert process.exitcode == 0
"""


@pytest.mark.parametrize("imported", ["before", "in them"])
def test_processes_leave_no_compiled_code_behind(imported: str, tmp_path: Path) -> None:
    first = "import calibrant.metrics\n" if imported == "before" else ""
    (tmp_path / "processes.py").write_text(first + _IN_PROCESSES)
    with TemporaryDirectory() as temporary:  # not of pytest: sockets in it are to have short names
        done = _without_a_place(tmp_path, Path(temporary), "processes.py")
        assert done.returncode == 0, done.stderr
        assert "no folder can be written" in done.stderr
        for _ in range(100):  # the server of forks ends a moment after its user
            if not any(Path(temporary).iterdir()):
                break
            time.sleep(0.1)
        assert not any(Path(temporary).iterdir())


def _without_a_place(folder: Path, temporary: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python where neither the package nor the user has a folder that can be written."""
    installed = folder / "installed" / "calibrant"
    shutil.copytree(Path(calibrant.__file__).parent, installed, ignore=shutil.ignore_patterns("__pycache__"))
    (installed / "kernels" / "__pycache__").touch()  # so that it is no folder
    nowhere = dict.fromkeys(("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"), f"{os.devnull}/x")
    places = {"PYTHONPATH": str(installed.parent), "TMPDIR": str(temporary)}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **nowhere, **places},
        capture_output=True,
        text=True,
        check=False,
    )
