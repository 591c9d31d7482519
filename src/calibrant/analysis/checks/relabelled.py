"""Labels that fit much better under another numbering: shifted by one, columns swapped or permuted."""

from __future__ import annotations

import numpy as np

from calibrant._typing import Booleans, Integers
from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, chance_of_at_least, in_words

_EFFECT = 0.3
_FEWEST = 5
_CANDIDATE_LEVEL = 0.01


def relabelled(sample: Sample) -> Finding | None:
    """Find classes whose column is called by another number than their label.

    Every second row gives, for each predicted class, the label that its rows mostly carry, where that is
    another class by more than chance (p < 0.01, five rows). The remaining rows decide: among those with
    such a prediction the other class must be right more often, by 30 points and with p < 0.0001.
    """
    prediction, labels = sample.prediction, sample.labels
    assert prediction is not None
    assert labels is not None
    renamed = _mostly_labelled(prediction[::2], labels[::2], sample.k)
    moved = np.flatnonzero(renamed != np.arange(sample.k))
    deciding = np.isin(prediction, moved)
    deciding[::2] = False
    count = int(deciding.sum())
    if count == 0:
        return None
    before = int((prediction == labels)[deciding].sum())
    after = int((renamed[prediction] == labels)[deciding].sum())
    p_value = chance_of_at_least(after, before + after, 0.5)
    if p_value >= LEVEL or after - before < _EFFECT * count:
        return None
    concerned: Booleans = np.isin(prediction, moved)
    return Finding(
        "relabelled",
        "warning",
        f"{_pattern(sample, renamed, moved)}: then {after / count:.1%} of {count:,} rows not used to find "
        f"this are right, and {before / count:.1%} as it is ({in_words(p_value)}).",
        "Bring labels and columns into the same order of classes before anything else.",
        int(concerned.sum()),
        sample.place(int(np.argmax(concerned))),
    )


def _mostly_labelled(prediction: Integers, labels: Integers, k: int) -> Integers:
    """Return for each predicted class what to rename it to: itself, unless another label is commoner."""
    pairs, counts = np.unique(prediction * k + labels, return_counts=True)
    own = np.zeros(k, np.int64)
    same = pairs // k == pairs % k
    own[pairs[same] // k] = counts[same]
    renamed = np.arange(k, dtype=np.int64)
    order = np.argsort(counts, kind="stable")
    commonest = {
        int(pair) // k: (int(pair) % k, int(count))
        for pair, count in zip(pairs[order], counts[order], strict=True)
    }
    for predicted, (label, count) in commonest.items():
        together = count + int(own[predicted])
        if (
            label != predicted
            and together >= _FEWEST
            and chance_of_at_least(count, together, 0.5) < _CANDIDATE_LEVEL
        ):
            renamed[predicted] = label
    return renamed


def _pattern(sample: Sample, renamed: Integers, moved: Integers) -> str:
    shifts = set((renamed[moved] - moved).tolist())
    if len(moved) > 2 or (len(moved) == 1 and sample.k > 2):
        if shifts == {1}:
            return "the labels look one too high: subtract 1 from them"
        if shifts == {-1}:
            return "the labels look one too low: add 1 to them"
    if len(moved) == 2 and (renamed[moved] == moved[::-1]).all():
        first, second = (sample.class_name(int(index)) for index in moved)
        return f"the columns of {first} and {second} look swapped"
    listed = ", ".join(
        f"column {index} holds {sample.class_name(int(renamed[index]))}" for index in moved[:3].tolist()
    )
    return f"the columns look like another order of classes ({listed}{', …' if len(moved) > 3 else ''})"
