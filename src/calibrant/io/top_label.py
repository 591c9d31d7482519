"""Where files keep predictions of the top label alone: `confidence`, and what says whether it was right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from calibrant.errors import UnreadableFile
from calibrant.io.format import LABEL_KEYS, ReadOptions
from calibrant.io.place import Place
from calibrant.predictions import TopLabelPredictions


def only_top_label(keys: Sequence[str], options: ReadOptions) -> bool:
    """Return whether a file without scores has confidences, and nobody asked for scores."""
    asked = (options.scores_key, options.kind, options.counts_key)
    return "confidence" in keys and all(option is None for option in asked)


def top_label_keys(keys: Sequence[str], path: Place, options: ReadOptions) -> dict[str, str]:
    """Return which array or column of a file holds what: by field of the predictions, the name in the file.

    Raises
    ------
    UnreadableFile
        Nothing in the file says which rows are right.
    """
    wanted = LABEL_KEYS if options.label_key is None else (options.label_key,)
    label = next((key for key in wanted if key in keys), None)
    listed = ", ".join(repr(key) for key in list(keys)[:20])
    if label is None and options.label_key is not None:
        raise UnreadableFile(f"{path} has no {options.label_key!r} (it has {listed}): check --label-key.")
    found = {"confidence": "confidence"}
    if "correct" in keys:
        found["correct"] = "correct"
    if "prediction" in keys and label is not None:
        found |= {"prediction": "prediction", "labels": label}
    if len(found) == 1:
        raise UnreadableFile(
            f"{path} has 'confidence', but neither 'correct' nor 'prediction' with 'labels' "
            f"(it has {listed}), so nothing says which rows are right."
        )
    return found


def top_label_arrays(predictions: TopLabelPredictions) -> dict[str, NDArray[Any]]:
    """Return the arrays to write, by their name in a file."""
    if predictions.prediction is None or predictions.labels is None:
        return {"confidence": predictions.confidence, "correct": predictions.correct}
    return {
        "confidence": predictions.confidence,
        "prediction": predictions.prediction,
        "labels": predictions.labels,
    }
