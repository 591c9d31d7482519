"""One against the rest: any binary calibrator, fitted once for each class, and the rows made whole again.

Methods with a multiclass form of their own do not need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from calibrant.calibrators.anchor import refuse_masked, refuse_masked_parts
from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.class_problems import check_problem_count, problem_classes, whole_rows
from calibrant.calibrators.log_odds import LogOdds
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.platt import PlattScaling
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument, NotFitted, UnreadableFile
from calibrant.predictions import Predictions, Table


@final
class OneVsRest(PartedCalibrator):
    """Calibrate each class's probability by itself, then divide the row by its sum.

    Parameters
    ----------
    binary : Calibrator, optional
        An unfitted calibrator, copied for each class; Platt scaling by default.

    Attributes
    ----------
    members_ : tuple of Calibrator
        The fitted calibrator of each class, or of class 1 alone where there are two.

    Notes
    -----
    Zadrozny & Elkan, KDD 2002. Each class's problem has the two logits (0, x), x = log p - log(1 - p). A row
    whose classes all come out as 0 becomes uniform.

    Examples
    --------
    >>> rows = Predictions.from_logits([[2.0, 0.0, 1.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]], [0, 1, 1])
    >>> len(OneVsRest(PlattScaling(targets="smoothed")).fit(rows).members_)
    3
    """

    method: ClassVar[str] = "one_vs_rest"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "to use any two-class method on many classes"

    def __init__(self, binary: Calibrator | None = None) -> None:
        if isinstance(binary, OneVsRest):
            raise InvalidArgument("one_vs_rest takes a binary calibrator, not itself.")
        self.binary = PlattScaling() if binary is None else binary
        self._members: tuple[Calibrator, ...] = ()

    @property
    def members_(self) -> tuple[Calibrator, ...]:
        """The fitted calibrator of each class."""
        if not self._members:
            raise NotFitted("this one_vs_rest calibrator is not fitted: call fit(validation) first.")
        return self._members

    @property
    def sums_over_rows(self) -> bool:
        """Whether the fit of the binary method takes soft labels."""
        return self.binary.sums_over_rows

    def parameters(self) -> dict[str, Any]:
        """Return the method and what it learned of each class."""
        return {"binary": self.binary.method, "members": [member.parameters() for member in self.members_]}

    def describe(self) -> str:
        """Say which method is applied how often."""
        count = len(self.members_)
        return f"one against the rest: {self.binary.method}, {count} time{'s' if count > 1 else ''}"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(member.free_parameters for member in self.members_)

    def _fit_table(self, table: Table) -> float:
        refuse_masked_parts(table)
        log_odds = table.derived(LogOdds)
        self._members = tuple(
            deepcopy(self.binary).fit(Table.of(log_odds.derived(partial(_binary, label=label)), 2))
            for label in problem_classes(table.k)
        )
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return bool(self._members)

    def _transform(self, predictions: Predictions) -> Predictions:
        check_problem_count(len(self._members), predictions.k)
        refuse_masked(predictions)
        log_odds = LogOdds(predictions, DEFAULT_ENGINE)
        members = zip(log_odds.classes, self.members_, strict=True)
        columns = [
            member.transform(_binary(log_odds, DEFAULT_ENGINE, label=label)).probs()[:, 1]
            for label, member in members
        ]
        uniform = np.full((predictions.n, predictions.k), 1 / predictions.k)
        return predictions.with_scores(whole_rows(np.stack(columns), uniform), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        """Take the binary calibrator and its fitted copies, which the loader has built from their values."""
        binary, members = parameters["binary"], parameters["members"]
        if len(members) in (0, 2):
            raise UnreadableFile("'members' must be one for two classes, else one for each.")
        self.binary, self._members = binary, tuple(members)


def _binary(log_odds: LogOdds, engine: Engine, *, label: int) -> Predictions:
    """Return the two-class problem of one class."""
    x = log_odds.of(label)
    logits = np.stack((np.zeros_like(x), x), axis=1)
    labels = (log_odds.rows.labels == label).astype(np.int64)
    return replace(log_odds.rows, scores=logits, kind="logits", labels=labels, classes=None)
