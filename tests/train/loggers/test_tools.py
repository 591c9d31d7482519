"""Tools are named by words or lists of words, and must be installed."""

from __future__ import annotations

import sys

import pytest

from calibrant.errors import InvalidArgument, MissingPackage
from calibrant.train.loggers.tools import tools_named
from tests.train.loggers.fake_mlflow import FakeMlflow
from tests.train.loggers.fake_wandb import FakeWandb


def test_repeated_or_separated_by_commas(wandb: FakeWandb, mlflow: FakeMlflow) -> None:
    words = ["tensorboard,wandb", "mlflow", "wandb, tensorboard"]
    assert tools_named(words) == ("tensorboard", "wandb", "mlflow")
    assert tools_named([]) == ()


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"tensorboard, wandb, mlflow; got 'neptune'"):
        tools_named(["tensorboard,neptune"])


@pytest.mark.parametrize(
    ("tool", "title", "package"),
    [
        ("tensorboard", "TensorBoard", "tensorboardX"),
        ("wandb", "Weights & Biases", "wandb"),
        ("mlflow", "MLflow", "mlflow"),
    ],
)
def test_what_is_not_installed_is_named(
    tool: str, title: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (package, tool):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingPackage) as raised:
        tools_named([tool])
    assert str(raised.value) == (
        f"Logging to {title} needs the package '{package}', which is not installed. "
        f"Install it with: pip install {package}"
    )
