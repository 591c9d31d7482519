"""Settings that came later do not make an old run another run."""

from __future__ import annotations

import pytest

from calibrant.errors import InvalidRun
from calibrant.nets.heads import head_named
from calibrant.train.identity import Identity, check_same_run, identity_of
from calibrant.train.spec import TrainSpec
from tests.train.small_runs import data, network

LATER = ("loss", "label_smoothing", "focal_gamma", "mixup", "warmup_epochs", "processes", "channels_last")
LATER += ("rotation", "random_resized_crop")


def identity(**settings: object) -> Identity:
    spec = TrainSpec.model_validate(settings)
    return identity_of(network(), head_named("softmax", classes=2), data(), spec, 0)


def old() -> Identity:
    return {name: value for name, value in identity().items() if name.removeprefix("train.") not in LATER}


def test_an_old_run_is_the_one_with_the_defaults() -> None:
    assert len(old()) == len(identity()) - len(LATER)
    check_same_run(old(), identity(), "the folder")


def test_an_old_run_is_no_run_with_other_settings() -> None:
    with pytest.raises(InvalidRun, match=r'train.loss was "cross-entropy" and is now "brier"'):
        check_same_run(old(), identity(loss="brier"), "the folder")
