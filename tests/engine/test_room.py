"""Room in memory: what fits is taken, what does not is refused; by default most of memory stays free."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.engine import Room, room
from calibrant.errors import InvalidArgument


def test_what_fits_is_taken_until_it_is_given_back() -> None:
    small = Room(100)
    assert [small.take(60), small.take(41), small.take(40), small.take(1)] == [True, False, True, False]
    small.give_back(60)
    assert [small.take(61), small.take(60)] == [False, True]


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="cannot be kept in -1 bytes: give 0"):
        Room(-1)
    assert not Room(0).take(1)


@pytest.mark.parametrize(
    ("available", "limit", "size"),
    [(8 << 20, "max", 2 << 30), (64 << 20, "max", 4 << 30), (64 << 20, str(4 << 30), 1 << 30)],
    ids=["a quarter", "4 GiB at most", "a quarter of the container's"],
)
def test_by_default_a_quarter_of_what_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, available: int, limit: str, size: int
) -> None:
    meminfo, cgroup = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text(f"MemTotal: 999999999 kB\nMemAvailable: {available} kB\n", encoding="ascii")
    cgroup.write_text(f"{limit}\n", encoding="ascii")
    monkeypatch.setattr(room, "_MEMINFO", meminfo)
    monkeypatch.setattr(room, "_CGROUP", cgroup)
    assert Room().size == size


def test_where_the_system_does_not_say_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MEMINFO", tmp_path / "none")
    assert 0 < Room().size <= room.MOST_KEPT
