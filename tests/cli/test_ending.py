"""What the program leaves behind where it is told to end, and where it finds no place for compiled code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

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
    with replacing("result.json") as temporary:
        temporary.write_text("half")
        print("writing", flush=True)
        time.sleep(60)
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


def test_without_a_place_for_compiled_code_it_works_and_says_so(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50))
    write(rows, tmp_path / "rows.npz")
    (tmp_path / "temporary").mkdir()
    installed = tmp_path / "installed" / "calibrant"
    shutil.copytree(Path(calibrant.__file__).parent, installed, ignore=shutil.ignore_patterns("__pycache__"))
    (installed / "kernels" / "__pycache__").touch()  # so that it is no folder
    nowhere = dict.fromkeys(("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"), f"{os.devnull}/x")
    done = subprocess.run(
        [sys.executable, "-m", "calibrant", "fit", "rows.npz", "-o", "c.json"],
        cwd=tmp_path,
        env={
            **os.environ,
            **nowhere,
            "PYTHONPATH": str(installed.parent),
            "TMPDIR": str(tmp_path / "temporary"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("calibrant: no folder can be written for compiled code")
    assert (tmp_path / "c.json").exists()
    assert not any((tmp_path / "temporary").iterdir())
