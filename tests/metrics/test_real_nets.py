"""Agreement with reference values for the predictions of trained networks, from independent float64 code."""

import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.metrics import METRICS, Rows
from calibrant.predictions import Predictions
from tests.real_predictions import NETS, NETS_WITH_VALIDATION, expected, predictions_of

NAMES = ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "classwise_ece")
NAMES_AFTER = ("nll", "brier", "ece", "classwise_ece")

pytestmark = pytest.mark.data


def assert_agreement(
    rows: Predictions, names: tuple[str, ...], reference: dict[str, float | None], suffix: str
) -> None:
    shared = Rows(rows)
    for name in names:
        value = reference[name + suffix]
        assert value is not None
        assert METRICS[name](shared).value == pytest.approx(value, abs=1e-6), name + suffix


def test_every_net_of_the_reference_is_checked() -> None:
    assert set(NETS) == set(expected())
    assert len(NETS) == 9
    assert {net for net, row in expected().items() if row["temperature"]} == set(NETS_WITH_VALIDATION)


@pytest.mark.parametrize("net", NETS)
def test_as_the_net_came(net: str) -> None:
    rows = predictions_of(net, "test")
    assert (rows.n, rows.k) == (expected()[net]["n"], expected()[net]["k"])
    assert_agreement(rows, NAMES, expected()[net], "")


@pytest.mark.parametrize("net", NETS_WITH_VALIDATION)
def test_after_temperature_scaling_on_its_validation_rows(net: str) -> None:
    scaling = TemperatureScaling().fit(predictions_of(net, "val"))
    assert scaling.temperature_ == pytest.approx(expected()[net]["temperature"], rel=1e-6)
    after = scaling.transform(predictions_of(net, "test"))
    assert_agreement(after, NAMES_AFTER, expected()[net], "_after")
    assert METRICS["accuracy"](after).value == METRICS["accuracy"](predictions_of(net, "test")).value


# Mukhoti et al., Calibrating Deep Neural Networks using Focal Loss, NeurIPS 2020, table 1: ECE before
# temperature scaling, per cent, with the same 15 bins.
@pytest.mark.parametrize(
    ("net", "published"),
    [
        ("c10-resnet50-cross-entropy", 4.35),
        ("c10-wide-resnet-brier", 1.25),
        ("c10-densenet121-focal", 1.22),
        ("c100-resnet50-brier", 6.52),
        ("c100-densenet121-brier", 5.17),
    ],
)
def test_published_ece(net: str, published: float) -> None:
    value = METRICS["ece"](predictions_of(net, "test")).value
    assert 100 * value == pytest.approx(published, abs=0.006)
