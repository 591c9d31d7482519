"""Sound predictions to spoil, and what one check says of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from calibrant._typing import Kind
from calibrant.analysis import doctor
from calibrant.analysis.checks import Finding
from calibrant.predictions import RawPredictions, RawTopLabel
from tests.drawn_predictions import overconfident_logits


def sound(n: int = 1000, k: int = 4, *, kind: Kind = "logits", **options: Any) -> RawPredictions:
    """Rows without a fault: twice over-confident, unless another temperature is asked for."""
    logits, labels = overconfident_logits(n, k, **options)
    return RawPredictions(logits if kind == "logits" else softmax(logits), kind, labels)


def sound_top_label(n: int = 1000, k: int = 4, **options: Any) -> RawTopLabel:
    """Return such rows of which only the top label was kept."""
    logits, labels = overconfident_logits(n, k, **options)
    return RawTopLabel(softmax(logits).max(axis=1), prediction=logits.argmax(axis=1), labels=labels)


def softmax(logits: Any) -> Any:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


Raw = RawPredictions | RawTopLabel


def finding(name: str, raw: Raw, fit: Raw | None = None, *, of: str = "file") -> Finding | None:
    """Return what one check says; no check speaks twice of one file."""
    spoken = [found for found in doctor(raw, fit).findings if (found.name, found.of) == (name, of)]
    assert len(spoken) <= 1
    return spoken[0] if spoken else None


def fires(name: str, raw: Raw, fit: Raw | None = None, *, of: str = "file") -> Finding:
    """Return what a check says that must speak, in whole sentences."""
    found = finding(name, raw, fit, of=of)
    assert found is not None, f"{name} is silent"
    assert found.what.endswith((".", "?", "…")), found.what
    assert found.advice.endswith((".", "?"))
    return found


def silent(name: str, raw: Raw, fit: Raw | None = None) -> bool:
    """Say whether a check was made and found nothing in either file."""
    diagnosis = doctor(raw, fit)
    assert name in diagnosis.made
    return all(found.name != name for found in diagnosis.findings)
