"""When two sets of predictions are the same, and files as other tools write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from calibrant.predictions import Predictions


def assert_same(found: Predictions, wanted: Predictions) -> None:
    """Every number, label, name and identifier is the same; the float type may be wider."""
    assert found.kind == wanted.kind
    np.testing.assert_array_equal(found.scores, wanted.scores, strict=False)
    np.testing.assert_array_equal(found.labels, wanted.labels)
    assert found.classes == wanted.classes
    for name in ("sample_weight", "groups", "ids"):
        one, other = getattr(found, name), getattr(wanted, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.tolist() == other.tolist(), name
    assert found.content_hash == wanted.content_hash


def npz(folder: Path, **arrays: Any) -> Path:
    """Write arrays as other tools do."""
    path = folder / "rows.npz"
    np.savez(path, **arrays)
    return path


def csv(folder: Path, text: str) -> Path:
    """Write text byte for byte."""
    path = folder / "rows.csv"
    path.write_bytes(text.encode("utf-8"))
    return path
