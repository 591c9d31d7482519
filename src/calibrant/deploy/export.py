"""`export`: an image model as an ONNX file or a program of `torch.export`, checked before it gets its name.

What was written is loaded again and compared with Python on images; a file that differs is not kept.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from calibrant.atomic import replacing
from calibrant.deploy.images import ImageModel
from calibrant.errors import ExportFailed, MissingExtra

Format = Literal["onnx", "torch"]
SUFFIXES: dict[Format, str] = {"onnx": ".onnx", "torch": ".pt2"}
MOST_DIFFERENCE = 1e-5
INPUT, OUTPUT = "pixels", "probabilities"
METADATA = "calibrant.json"

_TRACED = 2


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file.

    Attributes
    ----------
    path : Path
        Where it is.
    images : int
        How many were compared.
    difference : float
        Largest absolute difference of a probability from Python's.
    """

    path: Path
    images: int
    difference: float


def export(
    model: ImageModel, path: Path, *, form: Format, metadata: Mapping[str, str], images: Tensor
) -> Exported:
    """Write a model for any number of images, compared with its network and its calibrator in Python.

    Parameters
    ----------
    model : ImageModel
        What is written.
    path : Path
        Where to.
    form : {"onnx", "torch"}
        ONNX, run by ONNX Runtime, or a program of `torch.export`.
    metadata : mapping of str to str
        Kept in the file.
    images : Tensor
        uint8 (n, channels, side, side), to compare on; at least two.

    Raises
    ------
    ExportFailed
        PyTorch cannot write this network, or what was written says something else. There is no file then.
    MissingExtra
        ONNX is not installed.
    """
    if form == "onnx":
        check_onnx()
    write, run = (_write_onnx, _run_onnx) if form == "onnx" else (_write_torch, _run_torch)
    wanted = torch.tensor(model.of_calibrator(images))
    with replacing(path) as temporary:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            _trying(lambda: write(model, temporary, metadata, images[:_TRACED]))
            found = _trying(lambda: run(temporary, images))
        difference = float((found - wanted).abs().max())
        if not difference <= MOST_DIFFERENCE:
            raise ExportFailed(
                "the exported model says other probabilities than Python: they differ by up to "
                f"{difference:.2g} on {len(images):,} images, and {MOST_DIFFERENCE:g} is allowed. "
                "Nothing was written."
            )
    return Exported(path, len(images), difference)


def check_onnx() -> None:
    """Raise `MissingExtra` unless ONNX files can be written and run here."""
    for package in ("onnx", "onnxscript", "onnxruntime"):
        if find_spec(package) is None:
            raise MissingExtra("Exporting to ONNX", "export", package)


def _trying(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        said = str(error).strip().splitlines() or [""]
        raise ExportFailed(
            f"this network cannot be exported ({type(error).__name__}: {said[0]}). Nothing was written."
        ) from error


def _write_onnx(model: ImageModel, path: Path, metadata: Mapping[str, str], traced: Tensor) -> None:
    import onnx

    program = torch.onnx.export(
        model,
        (traced,),
        dynamo=True,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        verbose=False,
    )
    assert program is not None
    written = program.model_proto
    onnx.helper.set_model_props(written, dict(metadata))
    onnx.save_model(written, str(path))


def _run_onnx(path: Path, images: Tensor) -> Tensor:
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    return torch.from_numpy(session.run([OUTPUT], {INPUT: images.numpy()})[0])


def _write_torch(model: ImageModel, path: Path, metadata: Mapping[str, str], traced: Tensor) -> None:
    frozen = deepcopy(model).requires_grad_(False)
    shapes = ({0: torch.export.Dim("batch")},)
    # PyTorch 2.6 is strict unless told otherwise, and then cannot follow basis scaling.
    program = torch.export.export(frozen, (traced,), dynamic_shapes=shapes, strict=False)
    with path.open("wb") as stream:
        torch.export.save(program, stream, extra_files={METADATA: json.dumps(dict(metadata))})


def _run_torch(path: Path, images: Tensor) -> Tensor:
    with path.open("rb") as stream:
        program = torch.export.load(stream)
    with torch.inference_mode():
        probs: Tensor = program.module()(images)
    return probs
