"""The look belongs to the figure alone: nothing global changes it or is changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from calibrant.analysis import ReliabilityTable
from calibrant.plots import reliability_figure, save


def test_global_settings_stay_as_they_were(table: ReliabilityTable, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    save(reliability_figure(table), tmp_path / "figure.svg")
    assert dict(matplotlib.rcParams) == before


def test_the_users_settings_do_not_change_the_figure(table: ReliabilityTable, tmp_path: Path) -> None:
    plain = save(reliability_figure(table), tmp_path / "plain.png").read_bytes()
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "savefig.facecolor": "black"}):
        styled = save(reliability_figure(table), tmp_path / "styled.png").read_bytes()
    assert styled == plain


def test_text_is_at_least_ten_points(table: ReliabilityTable) -> None:
    figure = reliability_figure(table)
    figure.draw_without_rendering()
    sizes = [label.get_size() for ax in figure.axes for label in ax.get_xticklabels() + ax.get_yticklabels()]
    assert min(sizes) >= 10
    assert figure.get_size_inches()[0] == 5


def test_pyplot_is_not_loaded() -> None:
    code = "import sys, calibrant.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["calibrant", "calibrant.analysis"])
def test_the_rest_of_the_package_does_not_load_matplotlib(name: str) -> None:
    code = f"import sys, {name}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
