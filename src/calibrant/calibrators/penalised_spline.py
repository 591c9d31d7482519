"""A penalised spline for one binary problem: logistic regression whose waviness the rows themselves choose.

It is fitted to counts per distinct log-odds; what it is a part of is not known here.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit

from calibrant._typing import Floats
from calibrant.calibrators.curves import Curve
from calibrant.calibrators.natural_spline import knots_at_quantiles, roughness_form, spline_basis
from calibrant.calibrators.tally import ScoreTally
from calibrant.solvers.newton import Quadratic, minimise_newton

PENALTIES = (1e2, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
"""Strengths of the roughness penalty that are tried, from a straight line to almost free."""

_PATIENCE = 2


def fit_spline(tally: ScoreTally, knots: int, shrinkage: float) -> Curve:
    """Return the spline from log-odds to log-odds whose leave-one-out log-loss is least.

    Parameters
    ----------
    tally : ScoreTally
        Positive and all rows at each distinct log-odds x.
    knots : int
        Most knots. They stand at quantiles of x, positive and negative rows counting half each.
    shrinkage : float
        Pseudo-rows ρ that hold the values at the knots to x itself.

    Notes
    -----
    For each strength λ Newton's method minimises Σ w [log(1 + exp f(x)) - y f(x)] + λ/2 ∫ f″² +
    ρ/2 · mean over knots t of (f(t) - t)². The leave-one-out loss is the approximation of one Newton step
    from the full fit (Rad & Maleki, JRSS B 2020): a row with gradient g, curvature v and
    a = bᵀ H⁻¹ b would be given f(x) + a g / (1 - a v). Strengths are tried from stiff to free until two in
    turn are no better.
    """
    at = knots_at_quantiles(tally.scores, _balanced(tally), knots)
    roughness, directions = np.linalg.eigh(roughness_form(at))
    problem = _Problem(tally, spline_basis(at, tally.scores) @ directions)
    moved = best = np.zeros(len(at))
    least, worse = np.inf, 0
    for strength in PENALTIES:
        penalty = strength * np.maximum(roughness, 0.0) + shrinkage / len(at)
        moved = problem.minimise(moved, penalty)
        loss = problem.leave_one_out(moved, penalty)
        worse = 0 if loss < least else worse + 1
        if loss < least:
            least, best = loss, moved
        if worse == _PATIENCE:
            break
    return Curve(at, at + directions @ best)


def _balanced(tally: ScoreTally) -> Floats:
    halves = [part / total for part in (tally.positives, tally.negatives) if (total := part.sum()) > 0]
    weight: Floats = np.sum(halves, axis=0)
    return weight


class _Problem:
    """The penalised log-loss of f(x) = x + θ·b(x), in directions that the penalty keeps apart.

    Since f(x) = x has no roughness, penalties act on θ alone, and one that is large in one direction does not
    drown another in rounding.
    """

    def __init__(self, tally: ScoreTally, basis: Floats) -> None:
        self._tally = tally
        self._basis = basis

    def minimise(self, start: Floats, penalty: Floats) -> Floats:
        """Return the θ of least loss."""
        free = np.full(len(start), np.inf)
        return minimise_newton(lambda moved: self._at(moved, penalty), start=start, lower=-free, upper=free).x

    def leave_one_out(self, moved: Floats, penalty: Floats) -> float:
        """Return the summed log-loss of every row under the fit to all others, approximately."""
        inverse = np.linalg.inv(self._at(moved, penalty).hessian)
        fitted = self._tally.scores + self._basis @ moved
        share = expit(fitted)
        leverage = np.einsum("ij,ij->i", self._basis @ inverse, self._basis)
        pull = leverage / (1 - leverage * share * (1 - share))
        loss = self._tally.positives @ log_expit(fitted - pull * (1 - share))
        loss += self._tally.negatives @ log_expit(-fitted - pull * share)
        return -float(loss)

    def _at(self, moved: Floats, penalty: Floats) -> Quadratic:
        fitted = self._tally.scores + self._basis @ moved
        share = expit(fitted)
        expected = self._tally.weight * share
        # Not Σ w log(1 + exp f) - y f, whose terms cancel where the scores are large.
        loss = self._tally.weight @ np.log1p(np.exp(-np.abs(fitted)))
        loss += self._tally.negatives @ np.maximum(fitted, 0.0) - self._tally.positives @ np.minimum(
            fitted, 0.0
        )
        curvature = self._basis * (expected * (1 - share))[:, None]
        return Quadratic(
            float(loss + moved @ (penalty * moved) / 2),
            self._basis.T @ (expected - self._tally.positives) + penalty * moved,
            curvature.T @ self._basis + np.diag(penalty),
        )
