"""`export`: a calibrated module as an ONNX file or a program of `torch.export`, checked before it is kept.

What was written is loaded again and compared with the calibrator in Python; a file that differs is not kept.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from calibrant.deploy.compared import Exported, keep_if_equal
from calibrant.deploy.images import ImageModel
from calibrant.deploy.logits import LogitsModel
from calibrant.deploy.onnx_graph import check_onnx, check_size, graph_of, save_graph
from calibrant.exported.facts import ModelFacts
from calibrant.exported.program_check import METADATA

Format = Literal["onnx", "torch"]
SUFFIXES: dict[Format, str] = {"onnx": ".onnx", "torch": ".pt2"}

_TRACED = 2


def export(
    model: ImageModel | LogitsModel, path: Path, *, form: Format, facts: ModelFacts, inputs: Tensor
) -> Exported:
    """Write a model for any number of inputs, compared with its network and its calibrator in Python.

    Parameters
    ----------
    model : ImageModel or LogitsModel
        What is written.
    path : Path
        Where to.
    form : {"onnx", "torch"}
        ONNX, run by ONNX Runtime, or a program of `torch.export`.
    facts : ModelFacts
        Kept in the file.
    inputs : Tensor
        Images, uint8 (n, channels, side, side), or logits, float32 (n, k), to compare on; one or more.

    Raises
    ------
    ExportFailed
        PyTorch cannot write this network, it is too large for ONNX, or what was written says something else.
        There is no file then.
    MissingExtra
        ONNX is not installed.
    """
    if form == "onnx":
        check_onnx()
        check_size(model)
    write = _write_onnx if form == "onnx" else _write_torch
    # Two, since one would be traced as fixed; empty, since a program keeps what it was traced on.
    traced = torch.zeros((_TRACED, *inputs.shape[1:]), dtype=inputs.dtype)
    return keep_if_equal(
        path,
        lambda temporary: write(model, temporary, facts, traced),
        inputs=inputs.numpy(),
        wanted=model.of_calibrator(inputs),
        network=isinstance(model, ImageModel),
    )


def _write_onnx(model: ImageModel | LogitsModel, path: Path, facts: ModelFacts, traced: Tensor) -> None:
    save_graph(graph_of(model, traced, takes=facts.takes), facts, path)


def _write_torch(model: ImageModel | LogitsModel, path: Path, facts: ModelFacts, traced: Tensor) -> None:
    frozen = deepcopy(model).requires_grad_(False)
    shapes = ({0: torch.export.Dim("batch")},)
    # PyTorch 2.6 is strict unless told otherwise, and then cannot follow basis scaling.
    program = torch.export.export(frozen, (traced,), dynamic_shapes=shapes, strict=False)
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # it names folders of this machine
    with path.open("wb") as stream:
        torch.export.save(program, stream, extra_files={METADATA: json.dumps(facts.to_metadata())})
