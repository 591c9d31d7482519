"""Exported networks say what Python says, for any number of images; one that does not is not kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

import calibrant
from calibrant.calibrators import calibrator
from calibrant.datasets.normalisation import Normalisation
from calibrant.deploy import compared, onnx_graph
from calibrant.deploy.export import Format, export
from calibrant.deploy.facts import facts_for
from calibrant.deploy.images import ImageModel
from calibrant.errors import ExportFailed, UnwritableFile
from calibrant.exported.facts import ModelFacts, PixelFacts
from calibrant.exported.opening import open_exported
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.predictions import Predictions

METHODS = ("temperature", "basis")
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


def facts(method: str = "temperature") -> ModelFacts:
    fitted = calibrator(method).fit(Predictions.from_logits(np.eye(3), np.array([0, 1, 0])))
    pixels = PixelFacts(32, 3, NORMALISATION.mean, NORMALISATION.std)
    return facts_for(fitted, classes=("bird", "cat", "</script>"), takes="pixels", pixels=pixels)


@pytest.mark.parametrize("form", ["onnx", "torch"])
@pytest.mark.parametrize("method", METHODS)
def test_it_says_what_python_says(method: str, form: Format, tmp_path: Path) -> None:
    model, wanted = image_model(method)
    path = tmp_path / "model"
    found = export(model, path, form=form, facts=facts(), inputs=PIXELS)
    assert (found.compared, found.path) == (60, path)
    assert found.difference <= 1e-6
    read = open_exported(path)
    assert read.probabilities(PIXELS.numpy()) == pytest.approx(wanted, abs=1e-6)
    assert read.probabilities(PIXELS[:1].numpy()) == pytest.approx(wanted[:1], abs=1e-6)


@pytest.mark.parametrize("form", ["onnx", "torch"])
def test_what_it_is_stands_in_the_file(form: Format, tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    export(model, tmp_path / "a", form=form, facts=facts(), inputs=PIXELS)
    assert open_exported(tmp_path / "a").facts == facts()
    if form == "onnx":
        stored = {each.key: each.value for each in onnx.load(str(tmp_path / "a")).metadata_props}
        assert float(stored["temperature"]) == facts().temperature


@pytest.mark.parametrize("form", ["onnx", "torch"])
def test_compared_on_one_image_it_takes_any_number(form: Format, tmp_path: Path) -> None:
    model, wanted = image_model("temperature")
    assert export(model, tmp_path / "a", form=form, facts=facts(), inputs=PIXELS[:1]).compared == 1
    assert open_exported(tmp_path / "a").run(PIXELS.numpy()) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("form", ["onnx", "torch"])
def test_neither_folders_of_this_machine_nor_images_stand_in_the_file(form: Format, tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    export(model, tmp_path / "a", form=form, facts=facts(), inputs=PIXELS)
    content = (tmp_path / "a").read_bytes()
    for folder in (Path(calibrant.__file__).parent, Path(torch.__file__).parent, Path(__file__).parent):
        assert str(folder).encode() not in content
    assert PIXELS[0].numpy().tobytes() not in content


def test_one_that_says_something_else_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = image_model("temperature")
    monkeypatch.setattr(compared, "MOST_OF_A_NETWORK", -1.0)
    with pytest.raises(ExportFailed, match=r"differ by up to .* on 60 inputs"):
        export(model, tmp_path / "a.pt2", form="torch", facts=facts(), inputs=PIXELS)
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    model.calibrated.model = _Unwritable()
    with pytest.raises(ExportFailed, match="this model cannot be exported"):
        export(model, tmp_path / "a.pt2", form="torch", facts=facts(), inputs=PIXELS)
    assert list(tmp_path.iterdir()) == []


class _Unwritable(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(np.zeros((len(x), 3), np.float32))


def test_arithmetic_that_is_not_the_calibrators_is_noticed(tmp_path: Path) -> None:
    model, _ = image_model("vector")
    model.calibrated.head.get_buffer("head.slopes").mul_(1.01)
    with pytest.raises(ExportFailed, match="says other probabilities than Python"):
        export(model, tmp_path / "a.pt2", form="torch", facts=facts(), inputs=PIXELS)
    assert list(tmp_path.iterdir()) == []


def test_weights_beyond_a_protobuf_message_are_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = image_model("temperature")
    monkeypatch.setattr(onnx_graph, "MOST_BYTES", 1000)
    monkeypatch.setattr(onnx_graph, "graph_of", None)
    with pytest.raises(ExportFailed, match=r"an ONNX file holds at most 2 GB .* -o model\.pt2"):
        export(model, tmp_path / "a.onnx", form="onnx", facts=facts(), inputs=PIXELS)
    export(model, tmp_path / "a.pt2", form="torch", facts=facts(), inputs=PIXELS)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt2"]


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    model, _ = image_model("temperature")
    for place in (tmp_path, tmp_path / "absent" / "a.pt2"):
        with pytest.raises(UnwritableFile, match="cannot write"):
            export(model, place, form="torch", facts=facts(), inputs=PIXELS)
    assert list(tmp_path.iterdir()) == []
