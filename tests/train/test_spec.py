"""A training spec takes what recipes say and refuses what makes no sense."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from calibrant.train.spec import TrainSpec


def test_the_settings_of_a_published_run() -> None:
    spec = TrainSpec.model_validate(
        {
            "optimiser": "sgd",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "weight_decay": 5e-4,
            "schedule": "step",
            "epochs": 30,
            "batch_size": 128,
            "crop_padding": 4,
            "flip": True,
        }
    )
    assert (spec.step_epochs, spec.step_factor) == (10, 0.1)


@pytest.mark.parametrize(
    "bad",
    [
        {"optimizer": "adam"},
        {"optimiser": "rmsprop"},
        {"learning_rate": 0.0},
        {"epochs": 0},
        {"batch_size": 1},
        {"threads": 0},
        {"precision": "16-mixed"},
        {"early_stopping_patience": 0},
        {"optimiser": "adam", "momentum": 0.9},
        {"optimiser": "sgd", "nesterov": True},
        {"loss": "hinge"},
        {"label_smoothing": 0.2},
        {"loss": "focal", "label_smoothing": 0.2},
        {"focal_gamma": 3.0},
        {"mixup": -0.1},
        {"mixup": 1e308},
        {"threads": 2000},
        {"crop_padding": 257},
        {"warmup_epochs": 16},
        {"processes": 65},
        {"random_resized_crop": 1.5},
    ],
)
def test_what_makes_no_sense_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrainSpec.model_validate(bad)
