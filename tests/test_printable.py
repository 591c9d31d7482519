"""Text of others in a terminal: nothing of it acts, and it lines up."""

from __future__ import annotations

import pytest

from calibrant.analysis.table import plain_table
from calibrant.printable import printable, shortened, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cat", "cat"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\nb\r\tc\x00", r"a\nb\r\tc\x00"),
        ("\u202eevil\u2066\x85", r"\u202eevil\u2066\x85"),
        ("\ud800", r"\ud800"),
        ("猫 שלום é", "猫 שלום é"),
    ],
)
def test_what_is_not_seen_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(text).isprintable()


def test_what_is_kept_stays() -> None:
    assert printable("a\n\tb", kept="\n") == "a\n\\tb"


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("cat", 3), ("猫犬", 4), ("e\u0301", 1), ("☂\ufe0f", 1), ("ｱ", 1), ("Ａ", 2)],
)
def test_wide_characters_take_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize("text", ["L" * 100_000, "猫" * 500, "e" + "\u0301" * 100_000, "ab" + "猫" * 9])
def test_long_text_is_cut_to_the_columns_it_may_take(text: str) -> None:
    cut = shortened(text, 10)
    assert cut.endswith("…")
    assert width(cut) <= 10
    assert len(cut) <= 21


def test_short_text_stays() -> None:
    assert shortened("tabby", 5) == "tabby"
    assert shortened("猫犬", 4) == "猫犬"


def test_tables_of_hostile_names_line_up() -> None:
    table = plain_table(["name", "n"], [["猫犬", "1"], ["a\nb\x1b[2J", "22"], ["L" * 100_000, "333"]])
    lines = table.split("\n")
    assert len(lines) == 4
    assert len({width(line) for line in lines}) == 1
    assert len(table) < 1000
    assert table.replace("\n", "").isprintable()
