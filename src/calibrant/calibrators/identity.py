"""The calibrator that changes nothing: what every other method must beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

from calibrant.calibrators.summed import SummedCalibrator
from calibrant.metrics import nll
from calibrant.predictions import Predictions, Table


@final
class Identity(SummedCalibrator):
    """Leaves every score as it is.

    Examples
    --------
    >>> rows = Predictions.from_logits([[2.0, 0.0], [0.5, 1.0]], [0, 1])
    >>> Identity().fit(rows).transform(rows) is rows
    True
    """

    method: ClassVar[str] = "identity"
    keeps_argmax: ClassVar[bool] = True
    use_when: ClassVar[str] = "as the yardstick that every method must beat"

    def parameters(self) -> dict[str, Any]:
        """Return nothing: there is nothing to learn."""
        return {}

    def describe(self) -> str:
        """Say what it does."""
        return "identity: the scores as they are"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return 0

    def _fit_table(self, table: Table) -> float:
        return nll.over(table).value

    def _is_fitted(self) -> bool:
        return True

    def _transform(self, predictions: Predictions) -> Predictions:
        return predictions

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        return None
