"""Heads say what their calibrators say, for every method that is a formula of the logits."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from calibrant.calibrators import CALIBRATORS, AutoCalibrator, Calibrator, calibrator
from calibrant.calibrators.basis_functions import BASIS_FUNCTIONS
from calibrant.deploy import CalibratedModel
from calibrant.deploy.heads import FORMULAS, head_of
from calibrant.deploy.heads.one_vs_rest import log_odds
from calibrant.deploy.heads.structured import BASIS
from calibrant.errors import IncompatiblePredictions, InvalidPredictions, NotFitted
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident

TABLES = ("histogram", "isotonic", "bbq", "scaling_binning", "top_label_histogram", "venn_abers", "spline")


def fitted(method: str, rows: Predictions) -> Calibrator:
    return calibrator(method).fit(rows)


def said(head: nn.Module, rows: Predictions) -> np.ndarray:
    return head(torch.tensor(rows.logits(), dtype=torch.float64)).numpy()


@pytest.mark.parametrize("k", [2, 4])
@pytest.mark.parametrize("method", list(FORMULAS))
def test_they_say_what_the_calibrator_says(method: str, k: int) -> None:
    validation, test = overconfident(400, k, seed=1), overconfident(300, k, seed=2)
    found = fitted(method, validation)
    wanted = found.transform(test).probs()
    assert said(head_of(found), test) == pytest.approx(wanted, abs=1e-9)
    if method != "identity":
        assert np.abs(wanted - test.probs()).max() > 1e-3


def test_the_chosen_method_stands_for_the_automatic_one() -> None:
    rows = overconfident(300, 3)
    found = AutoCalibrator().fit(rows)
    assert said(head_of(found), rows) == pytest.approx(found.transform(rows).probs(), abs=1e-9)


@pytest.mark.parametrize("method", list(FORMULAS))
def test_fitted_on_probabilities_they_make_logits_those(method: str) -> None:
    validation, test = overconfident(400, 3, seed=1), overconfident(300, 3, seed=2)
    found = fitted(method, validation.with_scores(validation.probs(), "probs"))
    high = test.with_scores(test.scores + 3 * np.random.default_rng(0).normal(size=(test.n, 1)), "logits")
    assert said(head_of(found), high) == pytest.approx(found.transform(high).probs(), abs=1e-9)


def test_tables_are_refused_in_words() -> None:
    assert set(TABLES) | set(FORMULAS) | {"auto", "one_vs_rest"} == set(CALIBRATORS)
    rows = overconfident(300, 3)
    for method in TABLES:
        with pytest.raises(
            IncompatiblePredictions, match=f"{method} cannot be part of a network: .* temperature"
        ):
            head_of(fitted(method, rows))


@pytest.mark.parametrize("method", list(FORMULAS))
def test_a_masked_class_gets_no_number_where_the_calibrator_has_none(method: str) -> None:
    found = fitted(method, overconfident(400, 3, seed=1))
    logits = np.where([[True, True, False], [True, True, True]], [[2.0, 0.0, 1.0]] * 2, -np.inf)
    rows = Predictions.from_logits(logits, np.zeros(2, np.int64))
    answer = said(head_of(found), rows)
    try:
        assert answer == pytest.approx(found.transform(rows).probs(), abs=1e-9)
    except InvalidPredictions:
        assert np.isnan(answer[0]).all()
        assert answer[1] == pytest.approx(found.transform(rows.take(np.array([1]))).probs()[0], abs=1e-9)


def test_nothing_fitted_is_nothing_to_deploy() -> None:
    with pytest.raises(NotFitted):
        head_of(calibrator("vector"))


def test_basis_functions_are_those_of_the_calibrators() -> None:
    log_probs = np.log(np.random.default_rng(0).dirichlet(np.ones(4), 20))
    assert set(BASIS) == set(BASIS_FUNCTIONS)
    for name, function in BASIS_FUNCTIONS.items():
        assert BASIS[name](torch.tensor(log_probs)).numpy() == pytest.approx(function(log_probs), abs=1e-12)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_one_logit_stands_for_two(shape: tuple[int, ...]) -> None:
    rows = overconfident(300, 2)
    z = (rows.scores[:, 1] - rows.scores[:, 0]).astype(np.float32)
    found = fitted("platt", Predictions.from_logits(z, rows.labels))
    model = CalibratedModel(nn.Identity(), found)
    wanted = found.transform(Predictions.from_logits(z, rows.labels)).probs()
    probs = model(torch.tensor(z).reshape(shape))
    assert probs.dtype == torch.float32
    assert probs.numpy() == pytest.approx(wanted, abs=1e-6)


def test_it_learns_nothing_and_moves_as_a_module() -> None:
    model = CalibratedModel(nn.Linear(3, 2), fitted("matrix", overconfident(300, 2)))
    assert {name for name, _ in model.named_parameters()} == {"model.weight", "model.bias"}
    assert "head.head.weights" in model.state_dict()


@pytest.mark.parametrize("method", [method for method in FORMULAS if method != "identity"])
def test_its_state_holds_all_its_numbers(method: str) -> None:
    one, other = (fitted(method, overconfident(400, 4, seed=seed)) for seed in (1, 2))
    model, copy = (CalibratedModel(nn.Identity(), found) for found in (one, other))
    logits = torch.tensor(overconfident(50, 4, seed=3).logits())
    assert (model(logits) - copy(logits)).abs().max() > 1e-6
    copy.load_state_dict(model.state_dict())
    assert torch.equal(model(logits), copy(logits))


@pytest.mark.parametrize("method", list(FORMULAS))
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_its_numbers_stay_what_they_are_when_the_network_is_cast(method: str, dtype: torch.dtype) -> None:
    found = fitted(method, overconfident(400, 3, seed=1))
    logits = torch.tensor(overconfident(50, 3, seed=3).logits()).to(dtype)
    model = CalibratedModel(nn.Identity(), found)
    wanted = model(logits)
    assert torch.equal(model.to(dtype)(logits), wanted)
    assert {buffer.dtype for buffer in model.head.buffers()} == {torch.float64}


def test_a_head_lies_where_its_network_lies() -> None:
    model = CalibratedModel(nn.Linear(3, 2, device="meta"), fitted("vector", overconfident(300, 2)))
    assert {buffer.device.type for buffer in model.head.buffers()} == {"meta"}


@pytest.mark.parametrize("method", ["temperature", "platt", "vector"])
def test_logits_of_other_classes_are_refused(method: str) -> None:
    model = CalibratedModel(nn.Identity(), fitted(method, overconfident(300, 3)))
    with pytest.raises(IncompatiblePredictions, match="fitted on 3 classes; this network has 5"):
        model(torch.zeros(4, 5))


class Outputs(nn.Module):
    """A network that returns what it is told to."""

    def __init__(self, outputs: object) -> None:
        super().__init__()
        self.outputs = outputs

    def forward(self, batch: torch.Tensor) -> object:
        return self.outputs


@pytest.mark.parametrize(
    ("outputs", "came"),
    [((torch.zeros(2, 3),), "tuple"), (torch.zeros(2, 3, 4, 3), r"a tensor \(2, 3, 4, 3\)")],
)
def test_what_is_no_logits_is_refused(outputs: object, came: str) -> None:
    model = CalibratedModel(Outputs(outputs), fitted("temperature", overconfident(300, 3)))
    with pytest.raises(IncompatiblePredictions, match=f"must return logits .* it returned {came}"):
        model(torch.zeros(2, 3))


def test_many_classes_need_no_square_of_them() -> None:
    rng = np.random.default_rng(0)
    logits = torch.tensor(rng.normal(size=(3, 20_000)) * 3)
    exact = logits[:, :5] - torch.stack(
        [torch.logsumexp(torch.cat((logits[:, :c], logits[:, c + 1 :]), dim=1), dim=1) for c in range(5)],
        dim=1,
    )
    assert log_odds(logits)[:, :5].numpy() == pytest.approx(exact.numpy(), abs=1e-9)
