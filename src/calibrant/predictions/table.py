"""Rows in one part or many, and the engine that goes over them: what a solver over sums asks.

Whoever sums does not know whether the rows are in memory, in files or on other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from calibrant._typing import Floats, Kind
from calibrant.engine import DEFAULT_ENGINE, Engine, Part, Room
from calibrant.errors import IncompatiblePredictions
from calibrant.predictions.derived import Derived, M, made_of
from calibrant.predictions.hashing import Fingerprint
from calibrant.predictions.parts import Changed, Kept, Whole
from calibrant.predictions.predictions import Predictions
from calibrant.printable import listed

R = TypeVar("R")
U = TypeVar("U")

Work = Callable[[Predictions, Engine], R]
"""What is done with the rows of a part, and the engine to do it with.

To reach other processes it is a function of a module, or `functools.partial` of one.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record of rows says of them.

    Attributes
    ----------
    classes : tuple of str, optional
        Names of the classes.
    fingerprint : Fingerprint
        Of all rows.
    weighs : bool
        Whether any row has a weight above 0.
    """

    classes: tuple[str, ...] | None
    fingerprint: Fingerprint
    weighs: bool

    @property
    def kind(self) -> Kind:
        """What the scores are, "logits" or "probs"."""
        return "logits" if self.fingerprint.kind == "logits" else "probs"

    def merge(self, other: Facts, part: int) -> Facts:
        """Return the facts of both sets of rows; `part` is the number of the other, for errors."""
        mine, its = self.fingerprint, other.fingerprint
        before = (mine.k, mine.kind, self.classes)
        if before != (its.k, its.kind, other.classes):
            raise IncompatiblePredictions(
                f"part {part} has {its.k} classes of {its.kind}{_listed(other.classes)}; the parts before "
                f"have {mine.k} classes of {mine.kind}{_listed(self.classes)}. Parts of a table are alike."
            )
        return Facts(self.classes, mine.merge(its), self.weighs or other.weighs)


def _listed(classes: tuple[str, ...] | None) -> str:
    return " without names" if classes is None else f" named {listed(classes, 5)}"


def _facts(rows: Predictions, engine: Engine) -> Facts:
    weighs = rows.sample_weight is None or bool(rows.sample_weight.any())
    return Facts(rows.classes, Fingerprint.of(rows.scores, rows.kind, rows.labels, engine), weighs)


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Predictions in parts.

    Attributes
    ----------
    parts : sequence of Part
        One or more, whose order is that of the rows.
    k : int
        Classes of every part.
    engine : Engine
        What goes over parts and rows.
    kind : {"logits", "probs"}, optional
        What the scores of every part are, where that is known without reading them.
    """

    parts: Sequence[Part[Predictions]]
    k: int
    engine: Engine = DEFAULT_ENGINE
    kind: Kind | None = None

    @classmethod
    def whole(cls, predictions: Predictions, engine: Engine = DEFAULT_ENGINE) -> Table:
        """Return rows in memory as a table of one part."""
        return cls((Whole(predictions),), predictions.k, engine, predictions.kind)

    @classmethod
    def of(cls, rows: Derived[Predictions], k: int) -> Table:
        """Return rows of k classes that were made of others as a table."""
        if rows.in_memory:
            return cls(tuple(map(Whole, rows.each(_itself))), k, rows.engine)
        change = partial(made_of, steps=rows.steps)
        return cls(tuple(Changed(part, change) for part in rows.sources), k, rows.engine)

    def each(self, work: Work[R]) -> Iterator[R]:
        """Yield what `work` returns of each part, in order."""
        return self._as_they_are().each(work)

    def total(self, work: Work[Floats]) -> Floats:
        """Return the sum of what `work` returns of the parts, added in their order."""
        return self._as_they_are().total(work)

    def merged(self, work: Work[M]) -> M:
        """Return what `work` returns of the parts, merged in their order."""
        return self._as_they_are().merged(work)

    def derived(self, make: Work[U]) -> Derived[U]:
        """Return what `make` makes of the rows of every part: at once where all are in memory."""
        return self._as_they_are().derived(make)

    def first(self, find: Work[tuple[int, R] | None]) -> tuple[int, R] | None:
        """Return the first row that `find` finds in any part, counted from the start of the table.

        Parameters
        ----------
        find : callable
            From the rows of a part to the first that is looked for and what is to be said of it, or None.
        """
        before = 0
        for n, found in self.each(partial(_found_among, find=find)):
            if found is not None:
                return before + found[0], found[1]
            before += n
        return None

    def with_logits(self) -> Table:
        """Return the same rows with logits for scores."""
        return self if self.kind == "logits" else replace(self.changed(with_logits), kind="logits")

    def changed(self, change: Callable[[Predictions], Predictions]) -> Table:
        """Return other rows, as many in every part; those in memory are changed here, once.

        Parameters
        ----------
        change : callable
            What becomes of the rows of a part, on their way to whoever reads it. Of a part that is kept,
            the changed rows are kept too.
        """
        return replace(self, parts=tuple(_changed(part, change) for part in self.parts), kind=None)

    def kept(self, most: int | None = None) -> Table:
        """Return the same rows, which stay in memory once they have been read, for as long as this table.

        Whoever goes over the rows several times keeps them, so that files are read and decoded once. Parts
        for which there is no room are read on every pass. Parts that are kept already stay as they are.

        Parameters
        ----------
        most : int, optional
            Bytes to keep in this process; by default a quarter of the memory that is free, and at most
            4 GiB. What the workers of a cluster keep is a matter of the engine.
        """
        room = Room(most)
        parts = tuple(part if isinstance(part, Whole | Kept) else Kept(part, room) for part in self.parts)
        return replace(self, parts=parts)

    def facts(self) -> Facts:
        """Return what a record of the rows says, from one look at every part.

        Raises
        ------
        IncompatiblePredictions
            Parts that differ in their classes or in what their scores are.
        """
        looks = self.each(_facts)
        facts = next(looks)
        for number, look in enumerate(looks, start=2):
            facts = facts.merge(look, number)
        return facts

    def check_one_part(self, what: str) -> None:
        """Raise `IncompatiblePredictions` where rows that `what` needs all at once come in several parts."""
        if len(self.parts) != 1:
            raise IncompatiblePredictions(
                f"{what} needs all rows at once; these come in {len(self.parts)} parts. "
                "Read them whole, or take rows of them."
            )

    def only_part(self, what: str) -> Predictions:
        """Return the rows of a table of one part, in memory; `what` needs them all at once.

        Raises
        ------
        IncompatiblePredictions
            The rows come in several parts.
        """
        self.check_one_part(what)
        return self.first_part()

    def first_part(self) -> Predictions:
        """Return the rows of the first part, which show what all parts share, such as the classes."""
        return self.parts[0].read()

    def class_weights(self) -> Floats:
        """Return the weight of the rows of each class, (k,)."""
        return self.total(_class_weights)

    def _as_they_are(self) -> Derived[Predictions]:
        in_memory = all(isinstance(part, Whole) for part in self.parts)
        return Derived(self.parts, self.engine, in_memory)


def with_logits(rows: Predictions) -> Predictions:
    """Return the rows with logits for scores."""
    return rows if rows.kind == "logits" else replace(rows, scores=rows.logits(), kind="logits")


def _changed(part: Part[Predictions], change: Callable[[Predictions], Predictions]) -> Part[Predictions]:
    if isinstance(part, Whole):
        return Whole(change(part.rows))
    changed = Changed(part, change)
    return Kept(changed, part.room) if isinstance(part, Kept) else changed


def _itself(rows: Predictions, engine: Engine) -> Predictions:
    return rows


def _found_among(
    rows: Predictions, engine: Engine, *, find: Work[tuple[int, R] | None]
) -> tuple[int, tuple[int, R] | None]:
    return rows.n, find(rows, engine)


def _class_weights(rows: Predictions, engine: Engine) -> Floats:
    return np.bincount(rows.labels, rows.sample_weight, minlength=rows.k).astype(np.float64)
