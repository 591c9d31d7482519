"""A program of `torch.export` with everything taken out that could run as Python.

PyTorch reads pickles and evaluates texts in such a file. What is let through here are tensors as bytes and a
graph of tensor operations; a file with anything else is refused.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import torch

from calibrant.errors import UnreadableFile
from calibrant.exported.operations import OPERATIONS
from calibrant.exported.program_trees import plain_tree
from calibrant.foreign import json_value
from calibrant.refusals import reason

METADATA = "calibrant.json"

_NAMES = re.compile(
    r"archive_format|archive_version|byteorder|\.data/(version|serialization_id)|models/model\.json"
    r"|data/(weights|constants)/(model_\w+_config\.json|(weight|tensor)_\d+)"
    r"|data/sample_inputs/model\.pt|extra/" + re.escape(METADATA)
)
_TEXT = re.compile(r"[\w.\-+:,>/ ]*")
_EXPRESSION = re.compile(
    r"(Symbol\('[a-z]+\d+'(, (positive|integer|nonnegative)=True)*\)"
    r"|(Integer|Mul|Add|Pow|FloorDiv|Mod|Max|Min)(?=\()|[-\d, ()])*"
)
_DESCRIPTIONS = ("metadata", "guards_code")
_TREES = ("in_spec", "out_spec")
_OBJECTS = ("as_custom_obj", "as_operator", "as_opaque")


def harmless(path: Path) -> tuple[BytesIO, dict[str, str]]:
    """Return the program written anew from its tensors and its graph alone, and the metadata.

    Raises
    ------
    UnreadableFile
        It is no such program, damaged, or holds something else.
    """
    try:
        with ZipFile(path) as archive:
            contents = _contents(archive, path)
        metadata = json_value(contents[f"extra/{METADATA}"]) if f"extra/{METADATA}" in contents else {}
        contents["models/model.json"] = _graph(contents["models/model.json"], path)
        for name, content in contents.items():
            if name.endswith("_config.json"):
                _check_tensors(content, path)
        with warnings.catch_warnings(action="ignore"):  # of what PyTorch itself no longer writes
            torch.load(BytesIO(contents["data/sample_inputs/model.pt"]), weights_only=True)
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {reason(error)}.") from error
    except (BadZipFile, LookupError, ValueError, RecursionError, NotImplementedError) as error:
        raise UnreadableFile(f"{path} is no program of torch.export, or a damaged one.") from error
    except Exception as error:  # torch.load says what it refuses in several ways
        raise _foreign(path, "a pickle") from error
    if not isinstance(metadata, Mapping) or not all(isinstance(value, str) for value in metadata.values()):
        raise UnreadableFile(f"{path} is damaged: its metadata are no texts. Export it again.")
    return _written(contents), dict(metadata)


def _contents(archive: ZipFile, path: Path) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for entry in archive.infolist():
        name = entry.filename.partition("/")[2]
        if not _NAMES.fullmatch(name):
            raise _foreign(path, f"the file {entry.filename[:60]!r}")
        if name in contents or entry.compress_type != ZIP_STORED:
            raise UnreadableFile(f"{path} is damaged: {name!r} is in it twice, or packed. Export it again.")
        contents[name] = archive.read(entry)
    return contents


def _graph(content: bytes, path: Path) -> bytes:
    program = json.loads(content)
    _check(program, "", path)
    program["guards_code"] = []
    return json.dumps(program).encode()


def _check(value: Any, key: str, path: Path) -> None:
    """Check every text of the graph, write its trees anew, and empty what only describes it."""
    if isinstance(value, dict):
        for name in value:
            if name in _DESCRIPTIONS:
                value[name] = [] if isinstance(value[name], list) else {}
            elif name in _TREES:
                value[name] = _tree(value[name], path)
            elif name in _OBJECTS or not _TEXT.fullmatch(name):
                raise _foreign(path, f"{name[:60]!r}")
            else:
                _check(value[name], name, path)
    elif isinstance(value, list):
        for each in value:
            _check(each, key, path)
    elif isinstance(value, str):
        if key == "target" and value not in OPERATIONS:
            raise UnreadableFile(
                f"{path} holds {value[:60]!r}, which is not among the operations on tensors that are let in; "
                "export to ONNX instead."
            )
        allowed = _EXPRESSION if key == "expr_str" else _TEXT
        if not allowed.fullmatch(value):
            raise _foreign(path, f"{value[:60]!r}")


def _tree(text: Any, path: Path) -> str:
    plain = plain_tree(text)
    if plain is None:
        raise _foreign(path, f"{str(text)[:60]!r}, which is no tuple, list or dict of tensors")
    return plain


def _check_tensors(content: bytes, path: Path) -> None:
    for name, tensor in json.loads(content)["config"].items():
        if tensor["use_pickle"] or not re.fullmatch(r"(weight|tensor)_\d+", tensor["path_name"]):
            raise _foreign(path, f"{name[:60]!r}, which is no plain tensor")


def _written(contents: Mapping[str, bytes]) -> BytesIO:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(f"archive/{name}", content)
    stream.seek(0)
    return stream


def _foreign(path: Path, what: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path} holds {what}, and only tensors and operations on tensors are let in. `calibrant export` "
        "writes such files; export it again, or as ONNX."
    )
