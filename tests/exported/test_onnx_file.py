"""ONNX files of `calibrant export` are run; any other, and any damage, is an error that names the file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.exported import onnx_file
from calibrant.exported.opening import open_exported
from tests.exported.graphs import FACTS, brightness


def test_images_are_given_their_probabilities(tmp_path: Path) -> None:
    model = open_exported(brightness(tmp_path / "a.onnx"))
    assert model.facts == FACTS
    assert (model.method, model.temperature, model.classes) == ("temperature", 2.0, ("bird", "cat"))
    grey = np.full((100, 1, 4, 4), 51, np.uint8)
    assert model.probabilities(grey) == pytest.approx(np.tile([0.2, 0.8], (100, 1)))
    colour = np.zeros((1, 3, 4, 4), np.uint8)
    colour[:, 1] = 255
    assert model.probabilities(colour)[0, 0] == pytest.approx(150 / 255)


def _cut(path: Path) -> None:
    whole = brightness(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _bent(path: Path) -> None:
    whole = bytearray(brightness(path).read_bytes())
    whole[10:60] = b"\xff" * 50
    path.write_bytes(whole)


def _in_no_encoding(path: Path) -> None:
    path.write_bytes(brightness(path).read_bytes().replace(b"softens", b"\xff\xfe\xfd\xfc\xfb\xfa\xf9"))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "cannot read"),
    "a folder": (lambda path: path.mkdir(), "cannot read"),
    "empty": (Path.touch, "is empty. Export it again"),
    "text": (lambda path: path.write_text("no model"), "is no ONNX file"),
    "noise": (lambda path: path.write_bytes(np.random.default_rng(0).bytes(5000)), "is no ONNX file"),
    "cut": (_cut, "is no ONNX file"),
    "bent": (_bent, "is no ONNX file"),
    "text in no encoding": (_in_no_encoding, "is no ONNX file"),
    "foreign": (lambda path: brightness(path, None), "says neither its classes nor its calibration"),
    "another size": (lambda path: brightness(path, side=5), r"shape \(n, 1, 4, 4\), and its graph takes"),
    "another input": (lambda path: brightness(path, name="images"), "it takes images and gives"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_such_file_is_refused(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write, message = HOSTILE[kind]
    write(tmp_path / "a.onnx")
    with pytest.raises(UnreadableFile, match=rf"a\.onnx.*({message})|({message}).*a\.onnx"):
        open_exported(tmp_path / "a.onnx")
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((0.0, 0.5, 0.5), r"2 classes it answered an array of the shape \(1, 3\)"),
        ((0.5, 1.0), "are no probabilities"),
        ((0.9, 0.1), "are no probabilities"),
        ((float("nan"), 1.0), "are no probabilities"),
    ],
)
def test_what_is_no_answer_is_refused(answer: tuple[float, ...], message: str, tmp_path: Path) -> None:
    model = open_exported(brightness(tmp_path / "a.onnx", answer=answer))
    with pytest.raises(UnreadableFile, match=message):
        model.probabilities(np.full((1, 1, 4, 4), 255, np.uint8))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.onnx")
    with pytest.raises(UnreadableFile, match="it is a pipe or a device"):
        open_exported(tmp_path / "a.onnx")


def test_a_file_longer_than_a_protobuf_message_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = brightness(tmp_path / "a.onnx")
    monkeypatch.setattr(onnx_file, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(UnreadableFile, match="is larger than 2 GB"):
        open_exported(path)


def test_a_file_of_logits_predicts_no_images(tmp_path: Path) -> None:
    model = open_exported(brightness(tmp_path / "a.onnx"))
    of_logits = replace(model, facts=replace(FACTS, takes="logits", pixels=None))
    with pytest.raises(ValueError, match="takes logits and no images"):
        _ = of_logits.image_size
