"""Fakes of the services in the place of their packages, and the rows of a short training."""

from __future__ import annotations

import sys

import pytest

from tests.train.loggers.fake_mlflow import FakeMlflow
from tests.train.loggers.fake_wandb import FakeWandb


@pytest.fixture
def wandb(monkeypatch: pytest.MonkeyPatch) -> FakeWandb:
    """Return what stands for Weights & Biases."""
    monkeypatch.delenv("WANDB_PROJECT", raising=False)
    fake = FakeWandb()
    monkeypatch.setitem(sys.modules, "wandb", fake)
    return fake


@pytest.fixture
def mlflow(monkeypatch: pytest.MonkeyPatch) -> FakeMlflow:
    """Return what stands for MLflow."""
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME", raising=False)
    fake = FakeMlflow()
    monkeypatch.setitem(sys.modules, "mlflow", fake)
    return fake
