"""Structured vector scaling: vector scaling held to temperature scaling by ridges set by n and k.

Each class keeps a score of its own; where classes are confused with each other, see `structured_matrix`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

from calibrant._typing import Floats
from calibrant.calibrators.anchor import refuse_masked
from calibrant.calibrators.choices import check_amount
from calibrant.calibrators.structured_fit import fit_structured
from calibrant.calibrators.structured_softmax import StructuredSoftmax, decode, encode
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.errors import NotFitted
from calibrant.predictions import Predictions, Table


@final
class StructuredVectorScaling(SummedCalibrator):
    """Calibrate with softmax(a ∘ z + b), z the log-softmax of the logits at the best temperature.

    Parameters
    ----------
    strength : float
        Factor ≥ 0 of both ridges; 1 is the paper's.

    Attributes
    ----------
    temperature_ : float
        T of temperature scaling, which comes first.
    slopes_ : float64 array, (k,)
        a, near 1.
    biases_ : float64 array, (k,)
        b, near 0.

    Raises
    ------
    InvalidArgument
        The strength is negative or not finite.
    InvalidPredictions
        A logit is -inf: every class gets a bias, so none can be masked.

    Notes
    -----
    Berta, Holzmüller, Jordan & Bach, "Structured matrix scaling for multi-class calibration", AISTATS 2026
    (SVS). The loss is the mean log-loss + (k/n) (|a - 1|² + |b|²), n the summed weight: with few rows for
    each class it is temperature scaling, with many it is vector scaling (Guo et al. 2017, section 4.2). It
    has 2k numbers, so it suits any number of classes.

    Examples
    --------
    >>> logits = [[2.0, 0.0], [1.0, 0.0], [0.5, 0.0], [1.5, 0.0], [0.0, 1.0]]
    >>> StructuredVectorScaling().fit(logits, [0, 1, 0, 1, 1]).slopes_.shape
    (2,)
    """

    method: ClassVar[str] = "structured_vector"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "where classes differ in bias or sharpness, at any number of classes and rows"

    def __init__(self, *, strength: float = 1.0) -> None:
        self.strength = check_amount("strength", strength)
        self.model_: StructuredSoftmax | None = None

    @property
    def temperature_(self) -> float:
        """T of temperature scaling."""
        return self._fitted().temperature

    @property
    def slopes_(self) -> Floats:
        """The factors a of the log-probabilities."""
        return self._fitted().slopes["log"]

    @property
    def biases_(self) -> Floats:
        """The vector b."""
        return self._fitted().biases

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return 1 + self._fitted().size

    def parameters(self) -> dict[str, Any]:
        """Return T, a and b."""
        return encode(self._fitted())

    def describe(self) -> str:
        """Say the temperature and the spread of the factors and biases."""
        slopes, biases = self.slopes_, self.biases_
        return (
            f"structured vector scaling: T = {self.temperature_:.4f}, factors {slopes.min():.3f} to "
            f"{slopes.max():.3f}, biases {biases.min():.3f} to {biases.max():.3f}"
        )

    def _fitted(self) -> StructuredSoftmax:
        if self.model_ is None:
            raise NotFitted("this structured_vector calibrator is not fitted: call fit(validation) first.")
        return self.model_

    def _fit_table(self, table: Table) -> float:
        self.model_ = fit_structured(table, mixing=False, strength=self.strength)
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.model_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        refuse_masked(predictions)
        return predictions.with_scores(self._fitted().probs(predictions.logits()), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.model_ = decode(parameters, slopes=("log",), matrices=(), required=("log",))
