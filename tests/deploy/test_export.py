"""Exported networks say what Python says, for any number of images; one that does not is not kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from calibrant.calibrators import calibrator
from calibrant.datasets.normalisation import Normalisation
from calibrant.deploy import export as exporting
from calibrant.deploy.export import INPUT, METADATA, OUTPUT, Format, export
from calibrant.deploy.images import ImageModel
from calibrant.errors import ExportFailed
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.predictions import Predictions

METHODS = ("temperature", "platt", "vector", "matrix", "basis")
PIXELS = torch.randint(0, 256, (60, 3, 32, 32), generator=torch.Generator().manual_seed(0)).to(torch.uint8)
NORMALISATION = Normalisation((0.5, 0.4, 0.6), (0.2, 0.25, 0.3))


def image_model(method: str) -> tuple[ImageModel, np.ndarray]:
    """A small net with a fitted calibrator, and what Python says of the images by the calibrator itself."""
    net = build(NetSpec(name="lenet5"), classes=3, channels=3, image_size=32, seed=0).eval()
    with torch.inference_mode():
        logits = 5 * net(NORMALISATION.apply(PIXELS)).numpy()
    net = nn.Sequential(net, _Times(5.0)).eval()
    labels = (logits / 5 + np.random.default_rng(0).gumbel(size=logits.shape)).argmax(axis=1)
    rows = Predictions.from_logits(logits, labels)
    fitted = calibrator(method).fit(rows)
    return ImageModel(net, NORMALISATION, fitted), fitted.transform(rows).probs()


class _Times(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.factor * x


def run(path: Path, form: Format, pixels: torch.Tensor) -> np.ndarray:
    if form == "onnx":
        session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
        return np.asarray(session.run([OUTPUT], {INPUT: pixels.numpy()})[0])
    with path.open("rb") as stream:
        return np.asarray(torch.export.load(stream).module()(pixels).numpy())


@pytest.mark.parametrize("form", ["onnx", "torch"])
@pytest.mark.parametrize("method", METHODS)
def test_it_says_what_python_says(method: str, form: Format, tmp_path: Path) -> None:
    model, wanted = image_model(method)
    path = tmp_path / "model"
    found = export(model, path, form=form, metadata={"method": method}, images=PIXELS)
    assert (found.images, found.path) == (60, path)
    assert found.difference <= 1e-6
    assert run(path, form, PIXELS) == pytest.approx(wanted, abs=1e-6)
    assert run(path, form, PIXELS[:1]) == pytest.approx(wanted[:1], abs=1e-6)


def test_what_it_is_stands_in_the_file(tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    said = {"classes": '["bird", "cat", "</script>"]', "method": "temperature"}
    export(model, tmp_path / "a.onnx", form="onnx", metadata=said, images=PIXELS)
    read = onnx.load(str(tmp_path / "a.onnx"))
    assert {each.key: each.value for each in read.metadata_props} == said
    export(model, tmp_path / "a.pt2", form="torch", metadata=said, images=PIXELS)
    extra = {METADATA: ""}
    with (tmp_path / "a.pt2").open("rb") as stream:
        torch.export.load(stream, extra_files=extra)
    assert json.loads(extra[METADATA]) == said


def test_one_that_says_something_else_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = image_model("temperature")
    real = exporting._run_torch
    monkeypatch.setattr(exporting, "_run_torch", lambda path, images: real(path, images) + 0.01)
    with pytest.raises(ExportFailed, match=r"differ by up to 0\.01 on 60 images"):
        export(model, tmp_path / "a.pt2", form="torch", metadata={}, images=PIXELS)
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    model.calibrated.model = _Unwritable()
    with pytest.raises(ExportFailed, match="this network cannot be exported"):
        export(model, tmp_path / "a.pt2", form="torch", metadata={}, images=PIXELS)
    assert list(tmp_path.iterdir()) == []


class _Unwritable(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(np.zeros((len(x), 3), np.float32))


def test_arithmetic_that_is_not_the_calibrators_is_noticed(tmp_path: Path) -> None:
    model, _ = image_model("vector")
    model.calibrated.head.get_buffer("slopes").mul_(1.01)
    with pytest.raises(ExportFailed, match="says other probabilities than Python"):
        export(model, tmp_path / "a.pt2", form="torch", metadata={}, images=PIXELS)
    assert list(tmp_path.iterdir()) == []
