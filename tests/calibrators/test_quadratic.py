"""Quadratic scaling: a parabola inside the rows' range, straight outside, never falling."""

import numpy as np
import pytest

from calibrant.calibrators import PlattScaling, QuadraticScaling
from calibrant.errors import UnreadableFile
from calibrant.metrics import nll
from calibrant.predictions import Predictions


def two_normals(n: int, *, wide: float, seed: int = 0) -> Predictions:
    """Scores normal in each class with two variances: the true log-odds is quadratic."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, n)
    return Predictions.from_logits(
        np.where(labels == 1, 2.0, -1.0) + generator.normal(size=n) * np.where(labels == 1, wide, 1.0), labels
    )


def logit_after(fit: QuadraticScaling, z: np.ndarray) -> np.ndarray:
    probs = fit.predict_proba(z)
    return np.log(probs[:, 1]) - np.log(probs[:, 0])


def test_inside_the_range_it_is_a_parabola() -> None:
    fit = QuadraticScaling().fit(two_normals(5000, wide=1.2))
    z = np.linspace(*fit.ranges_[0], 50)
    line = np.polynomial.Polynomial.fit(z, logit_after(fit, z), 2)
    np.testing.assert_allclose(logit_after(fit, z), line(z), atol=1e-9)


def test_outside_it_goes_on_straight() -> None:
    fit = QuadraticScaling().fit(two_normals(2000, wide=1.2))
    low, high = fit.ranges_[0]
    beyond = logit_after(fit, high + np.arange(4.0))
    np.testing.assert_allclose(np.diff(beyond), fit.coefficients_[0, 1], rtol=1e-9)
    before = logit_after(fit, low - np.arange(4.0))
    np.testing.assert_allclose(-np.diff(before), fit.coefficients_[0, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("wide", [0.5, 1.0, 2.5])
def test_it_never_falls(wide: float) -> None:
    after = logit_after(QuadraticScaling().fit(two_normals(800, wide=wide)), np.linspace(-30, 30, 500))
    assert (np.diff(after) >= -1e-9).all()


def test_it_beats_platt_where_variances_differ() -> None:
    validation, test = two_normals(4000, wide=1.6), two_normals(4000, wide=1.6, seed=1)
    quadratic, platt = (
        nll(method.fit(validation).transform(test)).value for method in (QuadraticScaling(), PlattScaling())
    )
    assert quadratic < platt - 0.003


def test_an_outlier_makes_it_straighter() -> None:
    rows = two_normals(2000, wide=1.2)
    far = Predictions.from_logits(np.append(rows.scores[:, 1], 1000.0), np.append(rows.labels, 1))
    z = np.linspace(-2, 3, 20)
    curved = logit_after(QuadraticScaling().fit(far), z)
    np.testing.assert_allclose(curved, PlattScaling().fit(far).slopes_[0] * (z - z[0]) + curved[0], atol=0.35)


def test_damaged_files_are_refused() -> None:
    good = {"coefficients": [[1.0, 1.0, 0.0]], "unbounded": [], "ranges": [[-1.0, 1.0]]}
    for key, value, message in (
        ("ranges", [[1.0, -1.0]], "ranges must ascend"),
        ("ranges", [[0.0, 1.0]] * 2, "'ranges' must have the shape 1 × 2"),
        ("coefficients", [[-1.0, 1.0, 0.0]], "at least 0"),
    ):
        with pytest.raises(UnreadableFile, match=message):
            QuadraticScaling()._restore({**good, key: value})
