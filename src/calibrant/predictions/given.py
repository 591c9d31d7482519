"""What to say to what is no predictions."""

from __future__ import annotations

from calibrant.errors import InvalidArgument


def not_predictions(given: object) -> InvalidArgument:
    """Return the error for an array, or anything else, where predictions are wanted."""
    return InvalidArgument(
        f"this takes Predictions; got {type(given).__name__}. Make them of arrays with "
        "Predictions.from_logits(logits, labels) or Predictions.from_probs(probs, labels)."
    )
