"""Predictions files hold what the network says, in the order of the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

import calibrant
from calibrant.datasets.images import Images
from calibrant.train.predict import predict_logits, write_predictions
from tests.train.small_runs import data, network


def test_logits_are_those_of_the_network_in_evaluation_mode() -> None:
    net, images = network(), data().test
    inputs = data().normalisation.apply(images.pixels)
    logits = predict_logits(net, images, data().normalisation)
    assert net.training
    assert logits.dtype == np.float32
    with torch.no_grad():
        np.testing.assert_allclose(logits, net.eval()(inputs), rtol=1e-5, atol=1e-6)


def test_more_images_than_fit_a_batch_keep_their_order() -> None:
    images = Images(data().test.pixels.repeat(40, 1, 1, 1), data().test.labels.repeat(40))
    logits = predict_logits(network(), images, data().normalisation)
    np.testing.assert_allclose(logits[:30], logits[-30:], rtol=1e-4, atol=1e-6)


def test_files_have_logits_labels_and_classes(tmp_path: Path) -> None:
    written = write_predictions(network(), data(), tmp_path / "run")
    for name, images, predictions in (
        ("val", data().validation, written.validation),
        ("test", data().test, written.test),
    ):
        stored = calibrant.read(tmp_path / "run" / f"{name}.npz")
        np.testing.assert_array_equal(stored.scores, predictions.scores)
        np.testing.assert_array_equal(stored.labels, images.labels)
        assert stored.classes == ("dark", "bright")
        assert stored.kind == "logits"


def test_one_logit_becomes_two_columns(tmp_path: Path) -> None:
    written = write_predictions(network(head="sigmoid"), data(), tmp_path)
    assert written.test.scores.shape == (30, 2)
    assert not written.test.scores[:, 0].any()
