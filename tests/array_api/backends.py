"""The array libraries and devices that the contract is kept on, skipped with a reason where absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import array_api_strict
import numpy as np
import pytest


@dataclass(frozen=True)
class Backend:
    """How arrays of NumPy come to a library's device, and how near float64 its results are."""

    name: str
    make: Callable[[Any], Any]
    tolerance: float = 1e-12


def _strict(device: str) -> Callable[[Any], Any]:
    return lambda values: array_api_strict.asarray(values.copy(), device=array_api_strict.Device(device))


def _strict_narrow(values: Any) -> Any:
    narrow = values.astype(np.float32) if values.dtype == np.float64 else values
    return _strict("no_float64")(narrow)


def _torch(device: str) -> Callable[[Any], Any]:
    def make(values: Any) -> Any:
        import torch

        return torch.asarray(values.copy()).to(device)

    return make


def _jax(values: Any) -> Any:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax.numpy.asarray(values)


def _no_cuda() -> bool:
    if find_spec("torch") is None:
        return True
    import torch

    return not torch.cuda.is_available()


NUMPY = Backend("numpy", np.asarray)
STRICT = Backend("array-api-strict", _strict("CPU_DEVICE"))
ELSEWHERE = Backend("array-api-strict on another device", _strict("device2"))
NARROW = Backend("array-api-strict without float64", _strict_narrow, tolerance=3e-6)
TORCH = Backend("torch", _torch("cpu"))

_no_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
_no_device = pytest.mark.skipif(_no_cuda(), reason="PyTorch sees no CUDA device")
_no_jax = pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")

BACKENDS = [
    pytest.param(NUMPY, id="numpy"),
    pytest.param(STRICT, id="strict"),
    pytest.param(ELSEWHERE, id="strict-device2"),
    pytest.param(NARROW, id="strict-no-float64"),
    pytest.param(TORCH, id="torch", marks=_no_torch),
    pytest.param(Backend("torch on CUDA", _torch("cuda")), id="torch-cuda", marks=_no_device),
    pytest.param(Backend("jax", _jax), id="jax", marks=_no_jax),
]


def values_of(array: Any) -> Any:
    """Bring an array of any library to NumPy, for tests alone."""
    if hasattr(array, "tolist"):
        return np.array(array.tolist(), dtype=np.float64)
    return np.array([[float(array[i, j]) for j in range(array.shape[1])] for i in range(array.shape[0])])
