"""An exported ONNX file, opened with ONNX Runtime: no PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from calibrant.errors import MissingExtra, UnreadableFile
from calibrant.exported.exported_model import OUTPUT, ExportedModel
from calibrant.exported.facts import ModelFacts
from calibrant.exported.metadata import facts_of

MOST_BYTES = 2**31 - 1
"""An ONNX file is one protobuf message, which is no longer than this."""

_TYPES = {"pixels": "tensor(uint8)", "logits": "tensor(float)", "features": "tensor(float)"}
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
        inputs = [_Input(each.name, each.type, list(each.shape[1:])) for each in session.get_inputs()]
        outputs = [each.name for each in session.get_outputs()]
    except Exception as error:  # ONNX Runtime has an error of its own for each kind of damage
        raise UnreadableFile(
            f"{path} is no ONNX file that can be run ({type(error).__name__}). Is it whole? Export it again."
        ) from error
    facts = facts_of(metadata, path)
    _check_ends(inputs, outputs, facts, path)

    def runs(inputs: NDArray[Any]) -> NDArray[Any]:
        answers: list[NDArray[Any]] = session.run([OUTPUT], {facts.takes: inputs})
        return answers[0]

    return ExportedModel(path, facts, runs)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"{path} is larger than 2 GB, which no ONNX file of `calibrant export` is.")
        return path.read_bytes()
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror or error}.") from error


@dataclass(frozen=True, slots=True)
class _Input:
    """What a graph takes; the shape is that of one row."""

    name: str
    type: str
    shape: list[int | str]


def _check_ends(inputs: list[_Input], outputs: list[str], facts: ModelFacts, path: Path) -> None:
    """Check that what goes in and comes out is what the metadata say."""
    if [each.name for each in inputs] != [facts.takes] or OUTPUT not in outputs:
        raise UnreadableFile(
            f"{path} is damaged: it should take {facts.takes!r} and give {OUTPUT!r}, and it takes "
            f"{', '.join(each.name for each in inputs)} and gives {', '.join(outputs)}. Export it again."
        )
    found, wanted = inputs[0], _row_shape(facts)
    if found.type != _TYPES[facts.takes] or found.shape != wanted:
        raise UnreadableFile(
            f"{path} is damaged: its metadata say that it takes {_TYPES[facts.takes]} of the shape "
            f"(n, {', '.join(map(str, wanted))}), and its graph takes {found.type} of "
            f"(n, {', '.join(map(str, found.shape))}). Export it again."
        )


def _row_shape(facts: ModelFacts) -> list[int]:
    """Return the shape of one input."""
    if facts.pixels is not None:
        return [facts.pixels.channels, facts.pixels.size, facts.pixels.size]
    return [facts.features or len(facts.classes)]
