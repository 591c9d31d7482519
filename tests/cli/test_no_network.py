"""Nothing looks for a network, but for a name of the hub."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import pytest
from PIL import Image

from tests.cli.program import run_program

SMALL = ("--set", "data.train_rows=50", "--set", "train.epochs=1", "--set", "train.device=cpu")


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where somebody tried to connect to; nobody can."""
    tried: list[str] = []

    def refusing(name: str) -> Callable[..., object]:
        def refuse(*place: object, **how: object) -> object:
            tried.append(f"{name} {place[-1] if name == 'connect' else place[0]}")
            raise OSError(101, "Network is unreachable")

        return refuse

    monkeypatch.setattr(socket.socket, "connect", refusing("connect"))
    monkeypatch.setattr(socket.socket, "connect_ex", refusing("connect"))
    monkeypatch.setattr(socket, "getaddrinfo", refusing("look up"))
    monkeypatch.setattr(socket, "create_connection", refusing("connect to"))
    return tried


def test_predictions_are_measured_repaired_and_drawn_without_a_network(
    validation: Path, held_out: Path, tmp_path: Path, attempts: list[str]
) -> None:
    calibrator, calibrated = tmp_path / "calibrator.json", tmp_path / "calibrated.npz"
    for command in (
        ("evaluate", held_out),
        ("fit", validation, "-o", calibrator),
        ("apply", calibrator, held_out, "-o", calibrated),
        ("compare", held_out, "--validation", validation, "--methods", "temperature,platt"),
        ("doctor", held_out, "--fit", validation),
        ("report", held_out, "--validation", validation, "--methods", "none", "-o", tmp_path / "report.html"),
        ("plot", held_out, "-o", tmp_path / "figure.svg"),
        ("sweep", held_out),
        ("convert", held_out, tmp_path / "rows.parquet"),
        ("environment",),
    ):
        outcome = run_program(*command)
        assert outcome.code in (0, 1), outcome.err
    assert attempts == []


def test_a_network_is_trained_and_predicts_without_one(tmp_path: Path, attempts: list[str]) -> None:
    runs, photo = tmp_path / "runs", tmp_path / "photo.png"
    Image.fromarray(np.eye(8, dtype=np.uint8) * 200).save(photo)
    outcome = run_program("run", "lenet5-digits", "--seed", 0, *SMALL, "--runs", runs)
    assert outcome.code == 0, outcome.err
    outcome = run_program("predict", runs / "lenet5-digits" / "seed-0", photo)
    assert outcome.code == 0, outcome.err
    assert attempts == []


def test_images_of_a_folder_are_read_without_one(
    tmp_path: Path, attempts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "hugging-face")
    for number, name in enumerate(("cat", "dog")):
        (tmp_path / "own" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8), (100 * number,) * 3).save(tmp_path / "own" / name / "0.png")
    outcome = run_program("data", "stats", tmp_path / "own")
    assert outcome.code == 0, outcome.err
    assert attempts == []
    assert datasets.config.HF_UPDATE_DOWNLOAD_COUNTS


@pytest.mark.parametrize(
    "asking",
    [
        ("data", "stats", "nobody/no-such-data"),
        ("run", "lenet5-digits", "--set", 'net.name="timm/resnet18"', "--set", "net.pretrained=true", *SMALL),
    ],
    ids=["a data set", "weights"],
)
def test_a_name_of_the_hub_is_looked_for(
    asking: tuple[str, ...], tmp_path: Path, attempts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run_program(*asking)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert attempts
