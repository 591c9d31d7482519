"""An exported program of `torch.export`, opened with PyTorch."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from calibrant.errors import MissingExtra
from calibrant.exported.exported_model import ExportedModel, cannot_run
from calibrant.exported.metadata import facts_of


def open_program(path: Path) -> ExportedModel:
    """Open a program of `calibrant export`.

    Raises
    ------
    UnreadableFile
        It is no such program, damaged, not of `calibrant export`, or holds more than tensors and operations.
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
        module = torch.export.load(stream).module()
    except Exception as error:  # a graph that is none fails in as many ways as it can be damaged
        raise cannot_run(path, error) from error
    finally:
        log.setLevel(level)

    def runs(inputs: NDArray[Any]) -> NDArray[Any]:
        with torch.inference_mode():
            answer: NDArray[Any] = module(torch.from_numpy(inputs)).numpy()
        return answer

    return ExportedModel(path, facts, runs)
