"""The local engine goes over parts in order and reads one ahead."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from calibrant.engine import Engine, LocalEngine


@dataclass
class Noted:
    """A part that notes when it is read."""

    number: int
    notes: list[str]
    read_once: threading.Event = field(default_factory=threading.Event)

    def read(self) -> int:
        self.notes.append(f"read {self.number}")
        self.read_once.set()
        return self.number


def test_results_come_in_the_order_of_the_parts() -> None:
    engine, notes = LocalEngine(1), list[str]()
    seen: list[Engine] = []

    def work(number: int, inner: Engine) -> int:
        seen.append(inner)
        return number * number

    assert list(engine.over_parts(work, [Noted(number, notes) for number in range(4)])) == [0, 1, 4, 9]
    assert notes == [f"read {number}" for number in range(4)]
    assert seen == [engine] * 4


def test_the_next_part_is_read_while_one_is_worked_on() -> None:
    parts = [Noted(number, []) for number in range(2)]

    def work(number: int, engine: Engine) -> bool:
        return number == 1 or parts[1].read_once.wait(10.0)

    assert list(LocalEngine(1).over_parts(work, parts)) == [True, True]


def test_no_parts_give_no_results() -> None:
    assert list(LocalEngine(1).over_parts(lambda number, engine: number, list[Noted]())) == []


def test_what_a_part_raises_reaches_the_caller_after_the_parts_before() -> None:
    class Torn(Noted):
        def read(self) -> int:
            raise OSError("torn")

    results = LocalEngine(1).over_parts(lambda number, engine: number, [Noted(0, []), Torn(1, [])])
    assert next(results) == 0
    with pytest.raises(OSError, match="torn"):
        next(results)
