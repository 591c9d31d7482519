"""An exported ONNX file, opened with ONNX Runtime: no PyTorch."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from calibrant.errors import MissingExtra, UnreadableFile
from calibrant.exported.ends import OUTPUT, Input, check_ends
from calibrant.exported.exported_model import ExportedModel
from calibrant.exported.metadata import facts_of
from calibrant.plain import read_bytes

MOST_BYTES = 2**31 - 1
"""An ONNX file is one protobuf message, which is no longer than this."""

_TYPES = {"tensor(uint8)": "uint8", "tensor(float)": "float32"}
_FATAL_ALONE = 4


def open_onnx(path: Path) -> ExportedModel:
    """Open an ONNX file of `calibrant export`.

    Raises
    ------
    UnreadableFile
        It is no ONNX file, damaged, not of `calibrant export`, or takes other inputs than it says.
    MissingExtra
        ONNX Runtime is not installed.
    """
    if find_spec("onnxruntime") is None:
        raise MissingExtra("Predicting with an ONNX file", "predict", "onnxruntime")
    import onnxruntime

    content = _content(path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _FATAL_ALONE
    try:
        # Without the retry on other providers, of which it would print.
        session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
        metadata = session.get_modelmeta().custom_metadata_map
        inputs = [
            Input(each.name, _TYPES.get(each.type, each.type), tuple(each.shape[1:]))
            for each in session.get_inputs()
        ]
        outputs = [each.name for each in session.get_outputs()]
    except Exception as error:  # ONNX Runtime has an error of its own for each kind of damage
        raise UnreadableFile(
            f"{path} is no ONNX file that can be run ({type(error).__name__}). Is it whole? Export it again."
        ) from error
    facts = facts_of(metadata, path)
    check_ends(inputs, outputs, facts, path)

    def runs(inputs: NDArray[Any]) -> NDArray[Any]:
        answers: list[NDArray[Any]] = session.run([OUTPUT], {facts.takes: inputs})
        return answers[0]

    return ExportedModel(path, facts, runs)


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(f"{path} is larger than 2 GB, which no ONNX file of `calibrant export` is.")
    return read_bytes(path)
