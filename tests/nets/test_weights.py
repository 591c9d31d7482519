"""Files of weights are read whole, or refused by name; code in them is never run."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.nets.weights import RUN_HEADER, read_run, read_weights

WEIGHTS = {"conv.weight": torch.arange(6.0).reshape(2, 3), "conv.bias": torch.ones(2)}


class Payload:
    """Would make a file if it were unpickled as Python does."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.target,))


def same(read: dict[str, Tensor]) -> bool:
    return read.keys() == WEIGHTS.keys() and all(torch.equal(read[name], WEIGHTS[name]) for name in read)


def test_safetensors_are_read(tmp_path: Path) -> None:
    save_file(WEIGHTS, tmp_path / "a.safetensors")
    assert same(read_weights(tmp_path / "a.safetensors"))


@pytest.mark.parametrize("suffix", [".pth", ".pt"])
@pytest.mark.parametrize("section", [None, "state_dict", "model"])
def test_what_pytorch_saves_is_read(tmp_path: Path, suffix: str, section: str | None) -> None:
    content = WEIGHTS if section is None else {section: WEIGHTS, "epoch": 3}
    torch.save(content, tmp_path / f"a{suffix}")
    assert same(read_weights(tmp_path / f"a{suffix}"))


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "net.", "module._orig_mod.", "net.net."])
def test_names_are_freed_of_what_wrappers_put_before_them(tmp_path: Path, prefix: str) -> None:
    save_file({prefix + name: tensor for name, tensor in WEIGHTS.items()}, tmp_path / "a.safetensors")
    assert same(read_weights(tmp_path / "a.safetensors"))


def test_a_prefix_of_some_names_is_part_of_them(tmp_path: Path) -> None:
    save_file({"net.a": torch.ones(1), "b": torch.ones(1)}, tmp_path / "a.safetensors")
    assert read_weights(tmp_path / "a.safetensors").keys() == {"net.a", "b"}


def test_code_in_a_file_is_refused_and_not_run(tmp_path: Path) -> None:
    torch.save({"weights": Payload(tmp_path / "ran")}, tmp_path / "a.pth")
    with pytest.raises(UnreadableFile, match="Python objects besides tensors"):
        read_weights(tmp_path / "a.pth")
    (tmp_path / "b.pt").write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    with pytest.raises(UnreadableFile, match=r"b\.pt: it is damaged"):
        read_weights(tmp_path / "b.pt")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("suffix", [".safetensors", ".pth", ".pt"])
@pytest.mark.parametrize("keep", [0, 10, -20])
def test_a_truncated_file_is_named(tmp_path: Path, suffix: str, keep: int) -> None:
    whole = tmp_path / f"whole{suffix}"
    if suffix == ".safetensors":
        save_file(WEIGHTS, whole)
    else:
        torch.save(WEIGHTS, whole)
    cut = tmp_path / f"cut{suffix}"
    cut.write_bytes(whole.read_bytes()[:keep])
    with pytest.raises(UnreadableFile, match=rf"cut{suffix}: it is damaged"):
        read_weights(cut)


@pytest.mark.parametrize(
    "content", [{"epoch": 3}, {}, [torch.ones(2)], {"state_dict": {"a": "b"}}, WEIGHTS["conv.bias"]]
)
def test_a_file_without_a_table_of_tensors_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(UnreadableFile, match=r"no table of tensors by name. Save the network's state_dict"):
        read_weights(tmp_path / "a.pth")


def test_another_suffix_gets_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"ends in none of .safetensors, .pth, .pt"):
        read_weights(tmp_path / "a.npz")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.pth: there is no such file"):
        read_weights(tmp_path / "a.pth")


def test_the_weights_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(InvalidRun, match=r"is not the folder of a finished run: there is no model.safetens"):
        read_run(tmp_path)
    save_file(WEIGHTS, tmp_path / "model.safetensors")
    with pytest.raises(InvalidRun, match=r"not the work of a run. Name it in net.weights"):
        read_run(tmp_path)
    save_file(WEIGHTS, tmp_path / "model.safetensors", metadata={RUN_HEADER: json.dumps({})})
    assert same(read_run(tmp_path))
