"""The model of the structured methods: softmax(Σ_j φ_j(z) (α_j I + D_j + M_j) + b), ready to be applied.

It is arithmetic on given numbers; how they are found is the business of `structured_loss`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats, Scores
from calibrant.calibrators import document
from calibrant.calibrators.basis_functions import BASIS_FUNCTIONS, log_probs_of
from calibrant.calibrators.class_scores import check_class_count, class_probs
from calibrant.errors import UnreadableFile


@dataclass(frozen=True, eq=False, slots=True)
class StructuredSoftmax:
    """Scores that are affine in basis functions of the log-probabilities at a temperature.

    Attributes
    ----------
    temperature : float
        T > 0, at which the log-probabilities are taken.
    slopes : dict of str to float64 array, (k,)
        By basis function, the diagonal α + D: what a class's own feature adds to its score.
    matrices : dict of str to float64 array, (k, k)
        By basis function, M: entry (i, c) is what the feature of class i adds to the score of class c.
    biases : float64 array, (k,)
        b.
    """

    temperature: float
    slopes: Mapping[str, Floats]
    matrices: Mapping[str, Floats]
    biases: Floats

    @property
    def size(self) -> int:
        """How many numbers it holds beside the temperature."""
        arrays = (self.biases, *self.slopes.values(), *self.matrices.values())
        return sum(array.size for array in arrays)

    def probs(self, logits: Scores) -> Floats:
        """Return calibrated probabilities, float64 (n, k), of logits without -inf."""
        check_class_count(len(self.biases), logits.shape[1])
        log_probs = log_probs_of(logits, self.temperature)
        scores = np.broadcast_to(self.biases, log_probs.shape).copy()
        for name in dict.fromkeys((*self.slopes, *self.matrices)):
            feature = BASIS_FUNCTIONS[name](log_probs)
            if name in self.slopes:
                scores += feature * self.slopes[name]
            if name in self.matrices:
                scores += feature @ self.matrices[name]
        return class_probs(scores)


def temperature_model(temperature: float, k: int) -> StructuredSoftmax:
    """Return the model that is temperature scaling, for k classes."""
    return StructuredSoftmax(temperature, {"log": np.ones(k)}, {}, np.zeros(k))


def average(models: Sequence[StructuredSoftmax], shares: Sequence[float]) -> StructuredSoftmax:
    """Return the model whose log-probabilities are the weighted mean of the models', up to normalisation.

    Scores are affine in the numbers, so the mean of the numbers does it: the average costs what one costs.

    Parameters
    ----------
    models : sequence of StructuredSoftmax
        At least one; all of one temperature.
    shares : sequence of float
        How much each counts; they sum to 1.
    """
    weighted = list(zip(models, shares, strict=True))
    return StructuredSoftmax(
        models[0].temperature,
        _mean_by_name([(model.slopes, share) for model, share in weighted]),
        _mean_by_name([(model.matrices, share) for model, share in weighted]),
        np.sum([share * model.biases for model, share in weighted], axis=0),
    )


def encode(model: StructuredSoftmax) -> dict[str, Any]:
    """Return the model as JSON values."""
    return {
        "temperature": model.temperature,
        "slopes": {name: document.encode_array(array) for name, array in model.slopes.items()},
        "matrices": {name: document.encode_array(array) for name, array in model.matrices.items()},
        "biases": document.encode_array(model.biases),
    }


def decode(
    parameters: Mapping[str, Any],
    *,
    slopes: Sequence[str],
    matrices: Sequence[str],
    required: Sequence[str] = (),
) -> StructuredSoftmax:
    """Return the model that `encode` left.

    Parameters
    ----------
    parameters : mapping
        What was read.
    slopes, matrices : sequence of str
        Basis functions that may have slopes, and a matrix.
    required : sequence of str
        Those that must have what they may have.

    Raises
    ------
    UnreadableFile
        A value is missing, of another type or shape, or not finite; a basis function is not among those.
    """
    temperature = document.number(parameters, "temperature", above=0.0)
    assert temperature is not None
    biases = document.decode_array(parameters, "biases", shape=(None,))
    k = len(biases)
    if k < 2:
        raise UnreadableFile(f"'biases' must have at least 2 numbers; got {k}.")
    return StructuredSoftmax(
        temperature,
        _decode_by_name(parameters, "slopes", slopes, required, (k,)),
        _decode_by_name(parameters, "matrices", matrices, required, (k, k)),
        biases,
    )


def _mean_by_name(weighted: Sequence[tuple[Mapping[str, Floats], float]]) -> dict[str, Floats]:
    names = dict.fromkeys(name for arrays, _ in weighted for name in arrays)
    return {
        name: np.sum([share * arrays[name] for arrays, share in weighted if name in arrays], axis=0)
        for name in names
    }


def _decode_by_name(
    parameters: Mapping[str, Any],
    key: str,
    names: Sequence[str],
    required: Sequence[str],
    shape: tuple[int, ...],
) -> dict[str, Floats]:
    stored = parameters.get(key)
    if not isinstance(stored, Mapping) or not all(name in names for name in stored):
        raise UnreadableFile(f"{key!r} must map names among {', '.join(names) or 'none'} to arrays.")
    for name in required:
        if name in names and name not in stored:
            raise UnreadableFile(f"{key!r} must have an array for {name!r}.")
    return {name: document.decode_array(stored, name, shape=shape) for name in stored}
