"""Small exported files, whole and damaged, made with ONNX alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from calibrant.exported.facts import ModelFacts, PixelFacts

FACTS = ModelFacts(
    method="temperature",
    description="temperature scaling: T = 2.0000 (softens)",
    temperature=2.0,
    classes=("bird", "cat"),
    takes="pixels",
    pixels=PixelFacts(4, 1, (0.5,), (0.5,)),
    features=None,
    fitted_on="unknown",
    split_hash=None,
    version="0.1.0",
)


def brightness(
    path: Path,
    facts: ModelFacts | None = FACTS,
    *,
    side: int = 4,
    answer: tuple[float, ...] = (0.0, 1.0),
    name: str = "pixels",
) -> Path:
    """Write a file that gives (b + answer₀, answer₁ - b), b being an image's brightness in 0..1."""
    numbers = {
        "levels": np.array(255.0, np.float32),
        "signs": np.array([1.0, *[-1.0] * (len(answer) - 1)], np.float32),
        "answer": np.array(answer, np.float32),
        "axes": np.array([1, 2, 3]),
    }
    nodes = [
        helper.make_node("Cast", [name], ["number"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["number", "axes"], ["mean4"]),
        helper.make_node("Flatten", ["mean4"], ["mean"]),
        helper.make_node("Div", ["mean", "levels"], ["brightness"]),
        helper.make_node("Mul", ["brightness", "signs"], ["signed"]),
        helper.make_node("Add", ["signed", "answer"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "brightness",
        [helper.make_tensor_value_info(name, TensorProto.UINT8, ["batch", 1, side, side])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", len(answer)])],
        [numpy_helper.from_array(value, key) for key, value in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    if facts is not None:
        helper.set_model_props(model, facts.to_metadata())
    onnx.save_model(model, str(path))
    return path
