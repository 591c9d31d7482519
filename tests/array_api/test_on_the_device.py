"""Scores never come to NumPy or to another device: only sums and single numbers leave."""

from __future__ import annotations

from typing import Any

import pytest

from calibrant.array_api import evaluate, fit_temperature, fit_vector, probs, sweep, temper, vector_scale
from tests.drawn_predictions import overconfident

torch = pytest.importorskip("torch")


def refused(*_: Any, **__: Any) -> Any:
    raise AssertionError("a tensor left its device")


@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_no_tensor_becomes_an_array(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    n, k = 300, 3
    rows = overconfident(n, k, weighted=True)
    given = rows.scores if kind == "logits" else rows.probs()
    scores, labels, weight = (torch.asarray(x.copy()) for x in (given, rows.labels, rows.sample_weight))
    scores.requires_grad_()
    listed = torch.Tensor.tolist
    left: list[int] = []

    def counted(tensor: Any) -> Any:
        left.append(tensor.numel())
        return listed(tensor)

    for name in ("numpy", "__array__", "cpu", "__dlpack__"):
        monkeypatch.setattr(torch.Tensor, name, refused)
    monkeypatch.setattr(torch.Tensor, "tolist", counted)
    evaluate(scores, labels, kind=kind, sample_weight=weight)
    assert max(left) <= 6 + 45 * (k + 1)  # means and bins
    if kind == "logits":
        left.clear()
        sweep(scores, labels, [1.0, 2.0], sample_weight=weight)
        fit_temperature(scores, labels, sample_weight=weight)
        fit = fit_vector(scores, labels, sample_weight=weight)
        assert max(left) <= 6 + 45
        for scaled in (temper(scores, 2.0), probs(scores), vector_scale(scores, fit.slopes, fit.biases)):
            assert isinstance(scaled, torch.Tensor)
            assert scaled.shape == (n, k)
            assert not scaled.requires_grad


@pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch sees no CUDA device")
def test_results_stay_on_cuda() -> None:
    logits = torch.asarray(overconfident(100, 3).scores.copy()).to("cuda", torch.bfloat16)
    assert temper(logits, 2.0).device == logits.device
    assert probs(logits).device == logits.device
    assert vector_scale(logits, [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]).device == logits.device
