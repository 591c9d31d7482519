"""Programs of `calibrant export` are run; what could run as Python in such a file is refused or left out."""

from __future__ import annotations

import json
import pickle
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import torch

from calibrant.calibrators import TemperatureScaling
from calibrant.deploy.export import export
from calibrant.deploy.facts import facts_for
from calibrant.deploy.logits import LogitsModel
from calibrant.errors import UnreadableFile
from calibrant.exported.opening import open_exported

GRAPH, WEIGHTS = "archive/models/model.json", "archive/data/weights/model_weights_config.json"
SAMPLES, METADATA = "archive/data/sample_inputs/model.pt", "archive/extra/calibrant.json"
FINDINGS = Path(__file__).parents[1] / "fuzz" / "findings"
LOGITS = torch.tensor([[2.0, 0.0], [0.0, 6.0], [1.0, 1.0]])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files in a program."""
    path = tmp_path_factory.mktemp("program") / "head.pt2"
    calibrator = TemperatureScaling(2.0)
    facts = facts_for(calibrator, classes=("bird", "cat"), takes="logits")
    export(LogitsModel(calibrator), path, form="torch", facts=facts, inputs=LOGITS)
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, contents: dict[str, bytes], *, packed: int = ZIP_STORED) -> Path:
    with ZipFile(path, "w", packed) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_it_says_what_was_exported(program: dict[str, bytes], tmp_path: Path) -> None:
    model = open_exported(written(tmp_path / "a.pt2", program))
    assert (model.classes, model.temperature) == (("bird", "cat"), 2.0)
    assert model.run(LOGITS.numpy()) == pytest.approx(torch.softmax(LOGITS / 2, dim=1).numpy(), abs=1e-7)


class _Touching:
    """What a pickle runs when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.path,)


def _with(name: str, change: Callable[[dict], object]) -> Callable[[dict[str, bytes], Path], None]:
    def changed(contents: dict[str, bytes], trace: Path) -> None:
        content = json.loads(contents[name])
        change(content)
        contents[name] = json.dumps(content).encode().replace(b"TRACE", str(trace).encode())

    return changed


def _node(graph: dict) -> dict:
    return graph["graph_module"]["graph"]["nodes"][-1]


def _opens_a_file(graph: dict) -> None:
    """Have the first operation open a file, which the next one would write to."""
    name = {"name": "filename", "arg": {"as_string": "TRACE"}, "kind": 1}
    shared = {"name": "shared", "arg": {"as_bool": True}, "kind": 1}
    size = {"name": "size", "arg": {"as_int": 16}, "kind": 1}
    first = graph["graph_module"]["graph"]["nodes"][0]
    first.update(target="torch.ops.aten.from_file.default", inputs=[name, shared, size])


_FACTORY = json.dumps({"default_factory_module": "colorsys", "default_factory_name": "x", "dict_context": []})


def _signature(graph: dict) -> dict:
    signature: dict = graph["graph_module"]["module_call_graph"][0]["signature"]
    return signature


def _nested(graph: dict, **node: str) -> None:
    tree = json.loads(_signature(graph)["in_spec"])
    tree[1]["children_spec"][1].update(node)
    _signature(graph)["in_spec"] = json.dumps(tree)


def _facts_with(contents: dict[str, bytes], **values: str) -> None:
    contents[METADATA] = json.dumps(json.loads(contents[METADATA]) | values).encode()


def _pickled(contents: dict[str, bytes], trace: Path) -> None:
    contents[SAMPLES] = pickle.dumps(_Touching(trace))


EXPRESSION = "Path('TRACE').touch()"
HOSTILE: dict[str, tuple[Callable[[dict[str, bytes], Path], object], str]] = {
    "a pickle of inputs": (_pickled, "holds a pickle"),
    "a pickle for a tensor": (
        _with(WEIGHTS, lambda found: next(iter(found["config"].values())).update(use_pickle=True)),
        "which is no plain tensor",
    ),
    "a path for a tensor": (
        _with(WEIGHTS, lambda found: next(iter(found["config"].values())).update(path_name="../../x")),
        "which is no plain tensor",
    ),
    "a function of Python": (
        _with(GRAPH, lambda found: _node(found).update(target="torch.hub.load")),
        r"holds 'torch\.hub\.load', which is not among the operations .*; export to ONNX instead",
    ),
    "an operation on a file": (
        _with(GRAPH, lambda found: _opens_a_file(found)),
        r"holds 'torch\.ops\.aten\.from_file\.default', which is not among the operations",
    ),
    "inputs of a module": (
        _with(GRAPH, lambda found: _nested(found, type="collections.defaultdict", context=_FACTORY)),
        "which is no tuple, list or dict",
    ),
    "a name of inputs that is none": (
        _with(GRAPH, lambda found: _nested(found, type="builtins.dict", context='["a.b"]')),
        "which is no tuple, list or dict",
    ),
    "inputs in no form": (
        _with(GRAPH, lambda found: _signature(found).update(out_spec="[2, {}]")),
        "which is no tuple, list or dict",
    ),
    "metadata of another type": (
        lambda contents, trace: _facts_with(contents, takes="features", features="2"),
        "it should take 'features' .* and it takes logits",
    ),
    "metadata of another shape": (
        lambda contents, trace: _facts_with(contents, classes='["a", "b", "c"]'),
        r"takes float32 of the shape \(n, 3\), and its graph takes float32 of the shape \(n, 2\)",
    ),
    "an expression": (
        _with(GRAPH, lambda found: _node(found).update(more={"expr_str": EXPRESSION})),
        'holds "Path',
    ),
    "a name that is code": (
        _with(GRAPH, lambda found: _node(found).update(name='x"]; import os; ["')),
        "only tensors and operations on tensors are let in",
    ),
    "an object": (
        _with(GRAPH, lambda found: _node(found).update(as_custom_obj={"name": "x"})),
        "holds 'as_custom_obj'",
    ),
    "compiled code": (
        lambda contents, trace: contents.update({"archive/data/aotinductor/model/a.so": b"ELF"}),
        r"holds the file 'archive/data/aotinductor/model/a\.so'",
    ),
    "other metadata": (
        lambda contents, trace: contents.update({METADATA: b'{"schema": 1}'}),
        "its metadata are no texts",
    ),
    "no metadata": (
        lambda contents, trace: contents.pop(METADATA),
        "`calibrant export` did not write it",
    ),
    "no graph": (lambda contents, trace: contents.pop(GRAPH), "is no program of torch.export"),
    "half a graph": (
        lambda contents, trace: contents.update({GRAPH: contents[GRAPH][:500]}),
        "is no program of torch.export",
    ),
    "an empty graph": (
        lambda contents, trace: contents.update({GRAPH: b"{}"}),
        "cannot be run",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_more_or_less_than_a_program_is_refused(
    kind: str, program: dict[str, bytes], tmp_path: Path
) -> None:
    change, message = HOSTILE[kind]
    contents, trace = dict(program), tmp_path / "trace"
    change(contents, trace)
    with pytest.raises(UnreadableFile, match=message):
        open_exported(written(tmp_path / "a.pt2", contents))
    assert not trace.exists()


def test_code_that_only_guards_is_left_out(program: dict[str, bytes], tmp_path: Path) -> None:
    contents, trace = dict(program), tmp_path / "trace"
    _with(GRAPH, lambda found: found.update(guards_code=[f"__import__('pathlib').{EXPRESSION}"]))(
        contents, trace
    )
    model = open_exported(written(tmp_path / "a.pt2", contents))
    assert model.run(LOGITS.numpy()).shape == (3, 2)
    assert not trace.exists()


def test_packed_files_and_halves_of_files_are_refused(program: dict[str, bytes], tmp_path: Path) -> None:
    packed = written(tmp_path / "packed.pt2", program, packed=ZIP_DEFLATED)
    with pytest.raises(UnreadableFile, match="twice, or packed"):
        open_exported(packed)
    whole = written(tmp_path / "whole.pt2", program).read_bytes()
    (tmp_path / "half.pt2").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=r"is no program of torch\.export"):
        open_exported(tmp_path / "half.pt2")


def test_pytorchs_warnings_at_inputs_of_older_storages_do_not_reach_the_user(
    program: dict[str, bytes], tmp_path: Path
) -> None:
    older = FINDINGS / "weights" / "pickle-of-a-typed-storage.pt"
    path = written(tmp_path / "older.pt2", program | {SAMPLES: older.read_bytes()})
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with suppress(UnreadableFile):
            open_exported(path)
    assert not [str(each.message) for each in warned if "TypedStorage" in str(each.message)]
