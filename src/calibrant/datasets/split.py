"""Which images train, which validate and which test, decided by their content and a seed.

The order of the rows on disk plays no part, so a data set of the hub and its copy in a folder split alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from calibrant.datasets.images import Images, Source
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


@dataclass(frozen=True, eq=False)
class Split:
    """The three parts of a data set.

    Attributes
    ----------
    train, validation, test : Images
        The parts. Test rows that the source came with keep their order.
    """

    train: Images
    validation: Images
    test: Images

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, of which images are in which part, whatever their order."""
        whole = hashlib.sha256()
        for part in (self.train, self.validation, self.test):
            whole.update(len(part).to_bytes(8, "little"))
            whole.update(b"".join(sorted(_content_hashes(part))))
        return whole.hexdigest()


def split(source: Source, spec: DataSpec) -> Split:
    """Split a source into training, validation and test rows.

    Rows are taken in the order of SHA-256(seed, image), a shuffle that depends on nothing else. The parts are
    views of the source where no row is left over, and its own rows are then in their order.

    Parameters
    ----------
    source : Source
        Decoded rows, with or without official test rows.
    spec : DataSpec
        Gives `validation`, `train_rows` and `split_seed`.

    Raises
    ------
    DataUnavailable
        Too few rows for the training rows asked for, or for three parts that are not empty.
    """
    order = _shuffled(source.train, spec.split_seed)
    held_out = round(spec.validation * len(order))
    if source.test is None:
        train_rows = spec.train_rows or max(0, len(order) - 2 * held_out)
        train, others = order[:train_rows], order[train_rows:]
        half = len(others) // 2
        parts = [train, others[:half], others[half:]]
        _check_sizes(spec, *map(len, parts))
        return Split(*source.train.divide(parts))
    validation, train = order[:held_out], order[held_out:][: spec.train_rows]
    _check_sizes(spec, len(train), len(validation), len(source.test))
    of_train, of_validation = source.train.divide([train, validation])
    return Split(of_train, of_validation, source.test)


def _check_sizes(spec: DataSpec, train: int, validation: int, test: int) -> None:
    if not (train and validation and test):
        raise DataUnavailable(
            "training, validation and test need images each; "
            f"they would get {train}, {validation} and {test}. Change data.train_rows or data.validation."
        )
    if spec.train_rows is not None and train < spec.train_rows:
        raise DataUnavailable(
            f"data.train_rows asks for {spec.train_rows} training images; {train} are left for training. "
            "Ask for fewer, or lower data.validation."
        )


def _shuffled(images: Images, seed: int) -> list[int]:
    prefix = f"{seed}:".encode()
    keys = [hashlib.sha256(prefix + content).digest() for content in _content_hashes(images)]
    labels: Sequence[int] = images.labels.tolist()
    return sorted(range(len(images)), key=lambda row: (keys[row], labels[row]))


def _content_hashes(images: Images) -> list[bytes]:
    return [hashlib.sha256(pixels.tobytes()).digest() for pixels in images.pixels.numpy()]
