"""A module as an ONNX graph for any number of rows, and the graph as a file with its facts."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from calibrant.errors import ExportFailed, MissingExtra
from calibrant.exported.ends import OUTPUT
from calibrant.exported.facts import ModelFacts
from calibrant.exported.onnx_file import MOST_BYTES

if TYPE_CHECKING:
    import onnx


def check_onnx() -> None:
    """Raise `MissingExtra` unless ONNX files can be written and run here."""
    for package in ("onnx", "onnxscript", "onnxruntime"):
        if find_spec(package) is None:
            raise MissingExtra("Exporting to ONNX", "export", package)


def check_size(model: nn.Module) -> None:
    """Raise `ExportFailed` where the weights alone are too large for an ONNX file."""
    size = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
    if size > MOST_BYTES:
        raise ExportFailed(
            f"the weights take {size / 1e9:.1f} GB, and an ONNX file holds at most 2 GB (it is one protobuf "
            "message). Write a program of torch.export instead, which has no such limit: -o model.pt2. "
            "Nothing was written."
        )


def graph_of(model: nn.Module, traced: Tensor, *, takes: str) -> onnx.ModelProto:
    """Return the graph of a module, with its input named `takes`.

    Parameters
    ----------
    model : nn.Module
        In evaluation mode.
    traced : Tensor
        Two inputs.
    takes : str
        Name of the input.
    """
    program = torch.onnx.export(
        model,
        (traced,),
        dynamo=True,
        input_names=[takes],
        output_names=[OUTPUT],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        verbose=False,
    )
    assert program is not None
    graph: onnx.ModelProto = program.model_proto
    return graph


def save_graph(graph: onnx.ModelProto, facts: ModelFacts, path: Path) -> None:
    """Write a graph with its facts; without the notes of its nodes, which name folders of this machine."""
    import onnx

    for node in (*graph.graph.node, *(node for function in graph.functions for node in function.node)):
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    onnx.helper.set_model_props(graph, facts.to_metadata())
    onnx.save_model(graph, str(path))
