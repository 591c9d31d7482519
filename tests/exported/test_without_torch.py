"""An ONNX file predicts images where there is no PyTorch: ONNX Runtime, Pillow and NumPy are all it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tests.exported.graphs import brightness

PROGRAM = """
import sys
for name in {blocked}:
    sys.modules[name] = None
sys.argv = ["calibrant", *sys.argv[1:]]
from calibrant.cli.main import main
main()
"""
ABSENT = (
    "torch",
    "torchvision",
    "timm",
    "datasets",
    "tomli_w",
    "sklearn",
    "onnx",
    "onnxscript",
    "pandas",
    "pyarrow",
    "matplotlib",
    "jinja2",
    "plotly",
    "safetensors",
)


def run(folder: Path, *words: str, blocked: tuple[str, ...] = ABSENT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(blocked=blocked), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )


def test_images_are_predicted_without_pytorch(tmp_path: Path) -> None:
    brightness(tmp_path / "model.onnx")
    (tmp_path / "images").mkdir()
    for name, level in (("dark", 13), ("light", 250)):
        Image.fromarray(np.full((9, 7, 3), level, np.uint8)).save(tmp_path / "images" / f"{name}.png")
    (tmp_path / "images" / "broken.png").write_bytes(b"")
    done = run(tmp_path, "predict", "model.onnx", "images", "--on-corrupt", "skip", "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert [each["words"] for each in content["images"]] == [
        "almost surely cat: about 95 in 100 such answers are right",
        "almost surely bird: about 98 in 100 such answers are right",
    ]
    assert len(content["skipped"]) == 1


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    brightness(tmp_path / "model.onnx")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "0.png")
    for package in ("onnxruntime", "PIL"):
        done = run(tmp_path, "predict", "model.onnx", "0.png", blocked=(package,))
        assert (done.returncode, done.stdout) == (2, "")
        assert "pip install 'calibrant[predict]'" in done.stderr
