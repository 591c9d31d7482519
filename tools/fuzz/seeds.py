"""Tiny sound files of rows, calibrators and images, from which fuzzing starts; calibrant writes them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from calibrant import io as files
from calibrant.calibrators import TemperatureScaling
from calibrant.calibrators.registry import CALIBRATORS
from calibrant.deploy.calibrator_file import export_calibrator
from calibrant.deploy.export import Format
from calibrant.predictions import AnyPredictions, Predictions, SoftLabelPredictions, TopLabelPredictions
from tools.fuzz.archive import packed

Seeds = Mapping[str, bytes]


@cache
def rows(k: int = 3, n: int = 40) -> Predictions:
    """Return rows that are twice too sure, with everything that may belong to them."""
    generator = np.random.default_rng(k)
    logits = generator.normal(0, 3, (n, k)).astype(np.float32)
    labels = (logits / 2 + generator.gumbel(size=(n, k))).argmax(axis=1)
    return Predictions.from_logits(logits, labels, classes=[f"class {index}" for index in range(k)])


def few() -> dict[str, AnyPredictions]:
    """Return six rows of every form."""
    small = rows(3, 6)
    text = np.array(["a", "b", "ü", "", "a", "d"])
    return {
        "logits": small,
        "probs": Predictions.from_probs(small.probs(), small.labels),
        "binary": rows(2, 6),
        "described": replace(
            small, sample_weight=np.array([1.0, 0, 2, 1, 0.5, 1]), groups=text, ids=np.arange(6) - 3
        ),
        "counts": SoftLabelPredictions.from_logits(small.scores, np.arange(18).reshape(6, 3)),
        "correct": TopLabelPredictions.from_correct([0.9, 0.8, 0.7, 0.9, 1.0, 0.4], [1, 0, 1, 1, 1, 0]),
        "prediction": TopLabelPredictions.from_labels([0.9, 0.6, 0.8], [0, 1, 2], [0, 1, 1]),
    }


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _written(suffix: str) -> dict[str, bytes]:
    with scratch() as folder:
        found = {}
        for name, predictions in few().items():
            path = folder / f"{name}{suffix}"
            files.write(predictions, path)
            found[path.name] = path.read_bytes()
    return found


def npz() -> Seeds:
    """Return compressed by calibrant; and stored, as `numpy.savez` does."""
    found = _written(".npz")
    stored = io.BytesIO()
    np.savez(stored, logits=rows(3, 6).scores, labels=rows(3, 6).labels, other=np.zeros(2))
    return found | {"stored.npz": stored.getvalue()}


def npy() -> Seeds:
    """Return structured arrays, and plain ones of scores and labels."""
    found = _written(".npy")
    for name, array in {"scores": rows(3, 6).scores, "labels": rows(3, 6).labels}.items():
        content = io.BytesIO()
        np.save(content, np.asfortranarray(array))
        found[f"{name}.npy"] = content.getvalue()
    return found


def csv() -> Seeds:
    """Return comma-separated text; other ends of lines and a mark of byte order."""
    found = _written(".csv")
    return found | {"other.csv": b"\xef\xbb\xbf" + found["logits.csv"].replace(b"\n", b"\r\n")}


def safetensors() -> Seeds:
    """Return tensors as safetensors."""
    return _written(".safetensors")


def parquet() -> Seeds:
    """Return Parquet files."""
    return _written(".parquet")


def arrow() -> Seeds:
    """Return Arrow files."""
    return _written(".arrow")


def torch_files() -> Seeds:
    """Return what PyTorch saves, in both of its containers."""
    old = io.BytesIO()
    content = {
        "logits": torch.ones(6, 3),
        "labels": torch.zeros(6, dtype=torch.int64),
        "classes": ["a", "b", "c"],
    }
    torch.save(content, old, _use_new_zipfile_serialization=False)
    return _written(".pt") | {"old.pt": old.getvalue()}


def parts() -> Seeds:
    """Return folders of two parts."""
    found = {}
    for suffix in (".parquet", ".arrow"):
        written = _written(suffix)
        for name in ("logits", "described"):
            content = written[f"{name}{suffix}"]
            found[f"{name}{suffix}.zip"] = packed({f"part-{n}{suffix}": content for n in range(2)})
    return found


def applied() -> Seeds:
    """Return a folder that `apply` has finished."""
    with scratch() as folder:
        (folder / "rows").mkdir()
        for number in range(2):
            files.write(rows(3, 6), folder / "rows" / f"part-{number}.arrow")
        files.apply(TemperatureScaling(2.0), folder / "rows", folder / "calibrated")
        made = {path.name: path.read_bytes() for path in sorted((folder / "calibrated").iterdir())}
    return {"applied.zip": packed(made), "record.zip": packed({"_calibrant.json": made["_calibrant.json"]})}


def calibrators() -> Seeds:
    """Return every method, fitted on rows of two and of three classes."""
    found = {}
    with scratch() as folder:
        path = folder / "calibrator.json"
        for k in (2, 3):
            for name, method in CALIBRATORS.items():
                method().fit(rows(k)).save(path)
                found[f"{name}-{k}.json"] = path.read_bytes()
    return found


def images() -> Seeds:
    """Return a few pixels in every format and mode that data sets come in."""
    pixels = Image.fromarray(np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3))
    modes: dict[str, Callable[[], Image.Image]] = {
        "rgb.png": lambda: pixels,
        "grey.png": lambda: pixels.convert("L"),
        "palette.png": lambda: pixels.convert("P"),
        "rgb.jpeg": lambda: pixels,
        "rgb.webp": lambda: pixels,
        "rgb.gif": lambda: pixels,
        "rgb.bmp": lambda: pixels,
        "rgb.tiff": lambda: pixels,
    }
    found = {}
    for name, made in modes.items():
        content = io.BytesIO()
        made().save(content, name.rpartition(".")[2])
        found[name] = content.getvalue()
    return found


def onnx_files() -> Seeds:
    """Return a calibrator as an ONNX file."""
    return {"head.onnx": _exported("onnx")}


def programs() -> Seeds:
    """Return a calibrator as a program of `torch.export`."""
    return {"head.pt2": _exported("torch")}


def _exported(form: Format) -> bytes:
    with scratch() as folder:
        TemperatureScaling().fit(rows(2)).save(folder / "calibrator.json")
        export_calibrator(folder / "calibrator.json", folder / "head", form=form)
        return (folder / "head").read_bytes()
