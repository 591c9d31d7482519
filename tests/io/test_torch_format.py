"""What PyTorch saves, and what must never be run."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read, read_checked, shards

torch = pytest.importorskip("torch")

LOGITS = np.array([[2.0, -1.5], [0.5, 1.0], [0.0, 3.0]], np.float32)
LABELS = np.array([0, 1, 1])


def save(path: Path, content: Any, **options: Any) -> Path:
    torch.save(content, path, **options)
    return path


def rows(**more: Any) -> dict[str, Any]:
    return {"logits": torch.tensor(LOGITS), "labels": torch.tensor(LABELS), **more}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_every_float_type_keeps_its_numbers(tmp_path: Path, dtype: str) -> None:
    scores = torch.tensor(LOGITS).to(getattr(torch, dtype)).requires_grad_()
    path = save(tmp_path / "rows.pt", rows(logits=scores))
    found = read(path)
    assert found.scores.dtype == np.dtype("float32" if dtype == "bfloat16" else dtype)
    assert found.scores.tolist() == LOGITS.tolist()
    assert shards(path, rows=2)[1].read().scores.tolist() == LOGITS[2:].tolist()


def test_a_dict_may_hold_more(tmp_path: Path) -> None:
    more = {"classes": ["bird", "cat"], "ids": ["x", "y", "z"], "epoch": 7, "loss": torch.tensor(0.5)}
    found, ignored = read_checked(save(tmp_path / "rows.pth", rows(**more)))
    assert (found.classes, found.ids.tolist()) == (("bird", "cat"), ["x", "y", "z"])
    assert ignored == ("loss",)


def test_a_pair_needs_a_kind(tmp_path: Path) -> None:
    path = save(tmp_path / "rows.pt", (torch.tensor(LOGITS), torch.tensor(LABELS)))
    with pytest.raises(UnreadableFile, match="say with --kind what its scores are"):
        read(path)
    assert read(path, kind="logits").labels.tolist() == LABELS.tolist()


def test_the_old_form_of_files_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "rows.pt", rows(), _use_new_zipfile_serialization=False)
    assert read(path).scores.tolist() == LOGITS.tolist()
    assert [shard.n for shard in shards(path, rows=2)] == [2, 1]


class _Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return (Path.touch, (self.target,))


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_that_runs_code_is_refused_and_not_run(tmp_path: Path, zipped: bool) -> None:
    ran = tmp_path / "ran"
    path = save(tmp_path / "rows.pt", rows(trap=_Trap(ran)), _use_new_zipfile_serialization=zipped)
    for reader in (read, shards):
        with pytest.raises(UnreadableFile, match=r"rows\.pt is not a file of plain tensors; nothing else"):
            reader(path)
    assert not ran.exists()


def test_a_bare_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "rows.pt").write_bytes(pickle.dumps(_Trap(ran)))
    with pytest.raises(UnreadableFile, match=r"rows\.pt"):
        read(tmp_path / "rows.pt")
    assert not ran.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (torch.zeros(3, 2), "holds a Tensor; it must be a dict"),
        ([torch.zeros(3, 2)], "holds a list"),
        ({"state": torch.zeros(3)}, "neither 'logits' nor 'probs'"),
        (rows(logits=torch.zeros(3, 2).to_sparse()), "'logits' is sparse or quantised"),
        ({"logits": torch.zeros(3, 2)}, "no 'labels'"),
    ],
)
def test_contents_that_are_no_predictions(tmp_path: Path, content: Any, message: str) -> None:
    path = save(tmp_path / "rows.pt", content)
    with pytest.raises(UnreadableFile, match=message):
        read(path)
