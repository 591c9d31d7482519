"""Without PyTorch, or what reads the data, the package says what to install."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import calibrant.datasets
from calibrant.datasets.load import load
from calibrant.datasets.spec import DataSpec
from calibrant.errors import MissingExtra


def test_a_missing_torch_is_reported_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"Loading images needs the package 'torch'.*calibrant\[train\]"):
        importlib.reload(calibrant.datasets)


def test_digits_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingExtra, match=r"The data set 'digits' needs the package 'scikit-learn'"):
        load(DataSpec(name="digits"))


def test_image_data_sets_without_the_hugging_face_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (
        "calibrant.datasets.hugging_face",
        "calibrant.datasets.columns",
        "calibrant.datasets.fetch",
        "calibrant.datasets.stored",
    ):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.delattr(calibrant.datasets, "hugging_face", raising=False)
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtra, match="Reading image data sets needs the package 'datasets'"):
        load(DataSpec(name="animals"), data_path=tmp_path)
