"""The honest choice among calibrators, by log-loss on rows held out of each fit, never by ECE.

`analysis.choose` explains the choice; comparing with test rows is `analysis.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.averaging import CandidateScore, decode_scores, encode_scores, paired_with_best
from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.basis import BasisScaling
from calibrant.calibrators.beta import BetaCalibration
from calibrant.calibrators.canonical import canonical_rows
from calibrant.calibrators.held_out import HeldOut, cross_validate
from calibrant.calibrators.identity import Identity
from calibrant.calibrators.platt import PlattScaling
from calibrant.calibrators.structured_matrix import StructuredMatrixScaling
from calibrant.calibrators.structured_vector import StructuredVectorScaling
from calibrant.calibrators.temperature import TemperatureScaling
from calibrant.engine import Engine
from calibrant.errors import FitFailed, InvalidArgument, InvalidPredictions, NotFitted, UnreadableFile
from calibrant.metrics import nll
from calibrant.predictions import Predictions
from calibrant.printable import shown

FEWEST_ROWS = 20
"""With fewer distinct rows nothing is cross-validated, and the simplest candidate is taken."""


@dataclass(frozen=True, eq=False, slots=True)
class AutoFit:
    """The choice: the fitted candidate, how all did, which were refused and why, and their held-out rows."""

    chosen: Calibrator
    candidates: tuple[CandidateScore, ...]
    refused: dict[str, str]
    weight: Floats | None = None
    held_out: dict[str, HeldOut] = field(default_factory=dict)


@final
class AutoCalibrator(Calibrator):
    """Calibrate by a candidate within one standard error of the least cross-validated log-loss.

    Parameters
    ----------
    candidates : sequence of Calibrator, optional
        Unfitted, of different methods, the simplest first. By default identity, temperature, then Platt and
        beta (two classes) or structured vector and structured matrix scaling (more), and basis scaling.

    Attributes
    ----------
    chosen_ : Calibrator
        The chosen one, fitted on all rows.
    candidates_ : tuple of CandidateScore
        The candidates in order: cross-validated log-loss, paired difference to the least with its standard
        error, and a share of 1 for the chosen one. Empty below 20 distinct rows.
    refused_ : dict of str to str
        Candidates that could not be fitted on these rows, and why.
    held_out_ : dict of str to HeldOut
        By method, each distinct row, in canonical order, scored by fits without its fold. Not stored.
    held_out_weight_ : float64 array, (n,), or None
        Weights of those rows. Not stored.

    Raises
    ------
    InvalidArgument
        No candidates, or two of one method.
    FitFailed
        Every candidate was refused.

    Notes
    -----
    Basis scaling is taken where its loss is within one standard error of the least, else the simplest
    candidate that is: the rule of one standard error (Breiman, Friedman, Olshen & Stone, Classification and
    Regression Trees, 1984, section 3.4.3), with the error of the *paired* difference, several times smaller
    than that of either loss. Basis scaling comes first because it is an average over candidates that leans
    to the simpler ones by itself, where choosing takes one of them whole. All are fitted on the same five
    folds, dealt by distinct row, so weights equal repeated rows.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> logits = generator.normal(size=(400, 3))
    >>> labels = (logits + generator.gumbel(size=(400, 3))).argmax(axis=1)
    >>> AutoCalibrator().fit(3 * logits, labels).chosen_.method
    'temperature'
    """

    method: ClassVar[str] = "auto"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "where you do not want to choose: it cross-validates and says what it chose"

    def __init__(self, candidates: Sequence[Calibrator] | None = None) -> None:
        methods = None if candidates is None else [candidate.method for candidate in candidates]
        if methods is not None and (not methods or len(set(methods)) < len(methods)):
            raise InvalidArgument(f"candidates must be calibrators of different methods; got {methods}.")
        self.candidates = candidates
        self.fit_: AutoFit | None = None

    @property
    def chosen_(self) -> Calibrator:
        """The chosen candidate, fitted on all rows."""
        return self._fitted().chosen

    @property
    def candidates_(self) -> tuple[CandidateScore, ...]:
        """How the candidates did, in order."""
        return self._fitted().candidates

    @property
    def refused_(self) -> dict[str, str]:
        """Candidates that could not be fitted, and why."""
        return dict(self._fitted().refused)

    @property
    def held_out_(self) -> dict[str, HeldOut]:
        """By method, each distinct row scored by fits without its fold."""
        return dict(self._fitted().held_out)

    @property
    def held_out_weight_(self) -> Floats | None:
        """Weights of the distinct rows."""
        return self._fitted().weight

    @property
    def level_counts(self) -> bool:
        """Whether a constant added to a row changes what the chosen candidate makes of it."""
        return self.chosen_.level_counts

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit of the chosen candidate was free to choose."""
        return self.chosen_.free_parameters

    def parameters(self) -> dict[str, Any]:
        """Return the chosen method with its parameters, how the candidates did, and which were refused."""
        fit = self._fitted()
        return {
            "chosen": fit.chosen.method,
            "parameters": fit.chosen.parameters(),
            "candidates": encode_scores(fit.candidates),
            "refused": fit.refused,
        }

    def describe(self) -> str:
        """Say what was chosen."""
        return f"chosen by cross-validated log-loss: {self.chosen_.describe()}"

    def _fitted(self) -> AutoFit:
        if self.fit_ is None:
            raise NotFitted("this auto calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        candidates = _default_candidates(predictions.k) if self.candidates is None else self.candidates
        self.fit_ = _choose(predictions, candidates, engine)
        return nll(self._transform(predictions), engine=engine).value

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        return self.chosen_._transform(predictions)

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        chosen, refused = parameters.get("chosen"), parameters.get("refused")
        if not isinstance(chosen, Calibrator):
            raise UnreadableFile(f"'chosen' must be a method; got {shown(repr(chosen))}.")
        if not isinstance(refused, dict) or not all(isinstance(reason, str) for reason in refused.values()):
            raise UnreadableFile(f"'refused' must map methods to reasons; got {shown(repr(refused))}.")
        self.fit_ = AutoFit(chosen, decode_scores(parameters, "candidates"), refused)


def _default_candidates(k: int) -> Sequence[Calibrator]:
    between: tuple[Calibrator, ...] = (PlattScaling(), BetaCalibration())
    if k > 2:
        between = (StructuredVectorScaling(), StructuredMatrixScaling())
    return (Identity(), TemperatureScaling(), *between, BasisScaling())


def _choose(predictions: Predictions, candidates: Sequence[Calibrator], engine: Engine) -> AutoFit:
    rows = canonical_rows(predictions)
    if rows.n < FEWEST_ROWS:
        return AutoFit(deepcopy(candidates[0]).fit(predictions, engine=engine), (), {})
    fitted: dict[str, Calibrator] = {}
    held_out: dict[str, HeldOut] = {}
    refused: dict[str, str] = {}
    for candidate in candidates:
        try:
            whole = deepcopy(candidate).fit(predictions, engine=engine)
            own = whole.held_out_ if isinstance(whole, BasisScaling) else None
            held_out[candidate.method] = cross_validate(candidate, rows, engine) if own is None else own
        except (FitFailed, InvalidArgument, InvalidPredictions) as error:
            refused[candidate.method] = str(error)
        else:
            fitted[candidate.method] = whole
    if not fitted:
        reasons = " ".join(f"{method}: {reason}" for method, reason in refused.items())
        raise FitFailed(f"no candidate can be fitted on these rows. {reasons}")
    assert rows.sample_weight is not None
    losses = np.stack([held_out[method].losses for method in fitted])
    means, differences, stderrs = paired_with_best(losses, rows.sample_weight)
    chosen = _chosen(list(fitted), differences <= stderrs)
    scores = tuple(
        CandidateScore(method, nll, difference, stderr, float(index == chosen))
        for index, (method, nll, difference, stderr) in enumerate(
            zip(fitted, means.tolist(), differences.tolist(), stderrs.tolist(), strict=True)
        )
    )
    return AutoFit(fitted[scores[chosen].name], scores, refused, rows.sample_weight, held_out)


def _chosen(methods: Sequence[str], as_good: Booleans) -> int:
    """Return the average's position if it is as good as the least, else that of the simplest that is."""
    average = BasisScaling.method
    if average in methods and as_good[methods.index(average)]:
        return methods.index(average)
    return int(as_good.argmax())
