"""An exported program of `torch.export`, opened with PyTorch."""

from __future__ import annotations

import logging
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from calibrant.errors import MissingExtra
from calibrant.exported.ends import OUTPUT, Input, check_ends
from calibrant.exported.exported_model import ExportedModel, cannot_run
from calibrant.exported.metadata import facts_of


def open_program(path: Path) -> ExportedModel:
    """Open a program of `calibrant export`.

    Raises
    ------
    UnreadableFile
        It is no such program, damaged, not of `calibrant export`, takes other inputs than it says, or holds
        more than tensors and operations.
    MissingExtra
        PyTorch is not installed.
    """
    if find_spec("torch") is None:
        raise MissingExtra("Predicting with a program of torch.export", "train", "torch")
    import torch

    from calibrant.exported.program_check import harmless

    stream, metadata = harmless(path)
    facts = facts_of(metadata, path)
    log = logging.getLogger("torch.export")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):  # of types that no file of ours has
            program = torch.export.load(stream)
            inputs, outputs = _ends(program)
            module = program.module()
    except Exception as error:  # a graph that is none fails in as many ways as it can be damaged
        raise cannot_run(path, error) from error
    finally:
        log.setLevel(level)
    check_ends(inputs, outputs, facts, path)

    def runs(inputs: NDArray[Any]) -> NDArray[Any]:
        with torch.inference_mode():
            answer: NDArray[Any] = module(torch.from_numpy(inputs)).numpy()
        return answer

    return ExportedModel(path, facts, runs)


def _ends(program: Any) -> tuple[list[Input], list[str]]:
    """Return what the program takes, and what it gives: one output has no name of its own."""
    signature = program.graph_signature
    values = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    inputs = [
        Input(
            name,
            str(values[name].dtype).removeprefix("torch."),
            tuple(side if isinstance(side, int) else str(side) for side in values[name].shape[1:]),
        )
        for name in signature.user_inputs
    ]
    outputs = list(signature.user_outputs)
    return inputs, [OUTPUT] if len(outputs) == 1 else outputs
