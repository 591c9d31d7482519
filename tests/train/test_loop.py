"""Training learns, reports, stops early where asked, and leaves a tidy folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from calibrant.errors import FitFailed, InvalidArgument
from calibrant.nets.heads import head_named
from calibrant.train.history import EpochRow, best_epoch
from calibrant.train.loop import fit
from calibrant.train.predict import predict_logits
from calibrant.train.progress import BatchReport
from calibrant.train.spec import TrainSpec
from calibrant.train.validation import score
from tests.train.small_runs import EPOCHS, data, network, run, same_weights, weights


class Listener:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.reports: list[BatchReport] = []
        self.rows: list[EpochRow] = []

    def on_batch(self, report: BatchReport) -> None:
        self.reports.append(report)

    def on_epoch(self, row: EpochRow) -> None:
        self.rows.append(row)


def test_a_run_leaves_weights_and_history_only(tmp_path: Path) -> None:
    result = run(tmp_path / "runs" / "one")
    folder = tmp_path / "runs" / "one"
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "metrics.jsonl", "model.safetensors"]
    stored = load_file(folder / "model.safetensors")
    assert all(torch.equal(stored[name], tensor) for name, tensor in result.net.state_dict().items())
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    assert (result.epoch, result.validation_used_for_early_stopping) == (EPOCHS, False)


@pytest.mark.parametrize(
    ("head", "settings"),
    [
        ("softmax", {}),
        ("sigmoid", {}),
        ("sigmoid", {"loss": "focal"}),
        ("softmax", {"loss": "adaptive-focal"}),
        ("softmax", {"loss": "brier"}),
        ("softmax", {"precision": "bf16-mixed"}),
        ("softmax", {"channels_last": False}),
    ],
)
def test_it_learns(head: str, settings: dict[str, object], tmp_path: Path) -> None:
    spec = TrainSpec.model_validate({"epochs": 8, "batch_size": 16, "device": "cpu", **settings})
    net = network(head=head)
    result = fit(net, head_named(head, classes=2), data(), spec, folder=tmp_path, seed=0)
    assert result.history[-1].train_loss < 0.5 * result.history[0].train_loss
    assert result.history[-1].val_accuracy > 0.8


def test_the_last_line_describes_the_weights(tmp_path: Path) -> None:
    result = run(tmp_path)
    validation = data().validation
    logits = predict_logits(result.net, validation, data().normalisation)
    scores = score(logits, validation, head_named("softmax", classes=2).loss)
    last = result.history[-1]
    assert (scores.nll, scores.ece) == pytest.approx((last.val_nll, last.val_ece), rel=1e-6)


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    first, second = run(tmp_path / "1"), run(tmp_path / "2")
    assert same_weights(first.net, second.net)


def test_the_seed_decides_order_augmentation_and_dropout(tmp_path: Path) -> None:
    first, second = (run(tmp_path / str(seed), net=network(0), seed=seed) for seed in (1, 2))
    assert not same_weights(first.net, second.net)


def test_the_global_generator_is_left_alone(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    run(tmp_path)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_number_of_threads_holds_while_training_only(tmp_path: Path) -> None:
    class Threads(Listener):
        def on_batch(self, report: BatchReport) -> None:
            seen.add(torch.get_num_threads())

    seen: set[int] = set()
    before = torch.get_num_threads()
    run(tmp_path, threads=2, epochs=1, batch_size=70, progress=Threads())
    assert seen == {2}
    assert torch.get_num_threads() == before


def test_progress_is_told_of_batches_and_epochs(tmp_path: Path) -> None:
    listener = Listener()
    result = run(tmp_path, progress=listener)
    assert tuple(listener.rows) == result.history
    assert [report.batch for report in listener.reports] == [1, 2, 3, 4, 5] * EPOCHS
    assert {(report.epochs, report.batches) for report in listener.reports} == {(EPOCHS, 5)}
    assert listener.reports[-1].loss == result.history[-1].train_loss


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    first, listener = run(tmp_path), Listener()
    again = run(tmp_path, progress=listener)
    assert same_weights(first.net, again.net)
    assert again.history == first.history
    assert listener.reports == []


def test_early_stopping_keeps_the_best_epoch_and_says_so(tmp_path: Path) -> None:
    options = {"epochs": 30, "learning_rate": 0.01}
    result = run(tmp_path / "stopped", early_stopping_patience=2, **options)
    assert result.validation_used_for_early_stopping
    assert len(result.history) == result.epoch + 2 < 30
    assert result.epoch == best_epoch(result.history)
    until_best = run(tmp_path / "best", **{**options, "epochs": result.epoch})
    assert same_weights(result.net, until_best.net)
    again = run(tmp_path / "stopped", early_stopping_patience=2, **options)
    assert (again.epoch, again.history) == (result.epoch, result.history)


def test_mixed_precision_trains_and_predicts_in_float32(tmp_path: Path) -> None:
    result = run(tmp_path, precision="bf16-mixed")
    assert {tensor.dtype for tensor in result.net.parameters()} == {torch.float32}
    assert not same_weights(result.net, run(tmp_path / "full").net)


def test_sgd_with_a_schedule(tmp_path: Path) -> None:
    before = weights(network())
    result = run(tmp_path, optimiser="sgd", learning_rate=0.1, momentum=0.9, nesterov=True, schedule="cosine")
    assert not torch.equal(before["conv1.weight"], result.net.state_dict()["conv1.weight"])


def test_a_diverging_run_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        FitFailed, match=r"the training loss of epoch \d is (nan|inf).*Lower train.learning_rate"
    ):
        run(tmp_path, optimiser="sgd", learning_rate=1e30)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="no CUDA device here"):
        run(tmp_path, device="cuda")


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("channels_last", [True, False])
def test_the_layout_of_the_weights(channels_last: bool, finished: bool, tmp_path: Path) -> None:
    if finished:
        run(tmp_path, channels_last=channels_last)
    weight = run(tmp_path, channels_last=channels_last).net.state_dict()["conv1.weight"]
    assert weight.is_contiguous(memory_format=torch.channels_last) is channels_last


def test_the_validation_loss_is_the_one_that_is_minimised_and_the_log_loss_stands_beside_it(
    tmp_path: Path,
) -> None:
    row = run(tmp_path, loss="brier", mixup=0.4).history[-1]
    assert 0 <= row.val_loss <= 2
    plain = run(tmp_path / "plain").history[-1]
    assert plain.val_loss == pytest.approx(plain.val_nll, rel=1e-5)
    assert row.val_loss != pytest.approx(row.val_nll, rel=1e-3)
